#include "ui/panels/run_library_filter.h"

#include <algorithm>

#include "ui/panels/run_library_model.h"

namespace grapevine {

RunLibraryFilter::RunLibraryFilter(QObject* parent) : QSortFilterProxyModel(parent) {
  setDynamicSortFilter(true);
}

void RunLibraryFilter::setSourceModel(QAbstractItemModel* model) {
  model_ = qobject_cast<RunLibraryModel*>(model);
  QSortFilterProxyModel::setSourceModel(model);
}

void RunLibraryFilter::set_filter(const RunFilter& filter) {
  filter_ = filter;
  asks_for_archived_ = std::any_of(filter.keys().begin(), filter.keys().end(), [](const RunKey& key) {
    return key.kind == RunKey::Kind::column && key.name == "archived";
  });
  invalidateFilter();
}

void RunLibraryFilter::set_status(const QString& status) {
  status_ = status.toStdString();
  invalidateFilter();
}

void RunLibraryFilter::set_archived_shown(bool shown) {
  archived_shown_ = shown;
  invalidateFilter();
}

std::vector<std::int64_t> RunLibraryFilter::ids() const {
  std::vector<std::int64_t> all;
  for (int row = 0; row < rowCount(); ++row) all.push_back(model_->run(mapToSource(index(row, 0)).row()).id);
  return all;
}

bool RunLibraryFilter::filterAcceptsRow(int row, const QModelIndex&) const {
  if (!model_) return true;
  const RunSummary& run = model_->run(row);
  if (!status_.empty() && run.status.text() != status_) return false;
  if (run.archived && !archived_shown_ && !asks_for_archived_) return false;
  std::vector<RunCell> cells;
  for (const RunKey& key : filter_.keys()) cells.push_back(model_->cell(row, key));
  return filter_.accepts(cells);
}

// In descending order the view asks with the two swapped: what stays first or last turns round.
bool RunLibraryFilter::lessThan(const QModelIndex& left, const QModelIndex& right) const {
  const bool descending = sortOrder() == Qt::DescendingOrder;
  const int one = left.row(), other = right.row(), column = left.column();
  const bool one_pinned = model_->run(one).pinned, other_pinned = model_->run(other).pinned;
  if (one_pinned != other_pinned) return one_pinned != descending;
  const bool one_empty = model_->says_nothing(column, one), other_empty = model_->says_nothing(column, other);
  if (one_empty != other_empty) return other_empty != descending;
  return !one_empty && model_->compare(column, one, other) < 0;
}

}  // namespace grapevine
