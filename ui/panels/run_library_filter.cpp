#include "ui/panels/run_library_filter.h"

#include <algorithm>

#include "ui/panels/run_library_model.h"

namespace grapevine {
namespace {

bool names_archived(const RunFilter& filter) {
  return std::any_of(filter.keys().begin(), filter.keys().end(), [](const RunKey& key) {
    return key.kind == RunKey::Kind::column && key.name == "archived";
  });
}

}  // namespace

RunLibraryFilter::RunLibraryFilter(QObject* parent) : QSortFilterProxyModel(parent) {
  setDynamicSortFilter(true);
}

void RunLibraryFilter::setSourceModel(QAbstractItemModel* model) {
  model_ = qobject_cast<RunLibraryModel*>(model);
  QSortFilterProxyModel::setSourceModel(model);
}

void RunLibraryFilter::set_filter(const RunFilter& filter) {
  filter_ = filter;
  asks_for_archived_ = names_archived(filter);
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
  return !model_ || shows(row, filter_, archived_shown_ || asks_for_archived_);
}

bool RunLibraryFilter::would_show_any(const RunFilter& filter) const {
  const bool archived_too = archived_shown_ || names_archived(filter);
  for (int row = 0; model_ && row < model_->rowCount(); ++row)
    if (shows(row, filter, archived_too)) return true;
  return false;
}

bool RunLibraryFilter::shows(int row, const RunFilter& filter, bool archived_too) const {
  const RunSummary& run = model_->run(row);
  if (!status_.empty() && run.status.text() != status_) return false;
  if (run.archived && !archived_too) return false;
  std::vector<RunCell> cells;
  for (const RunKey& key : filter.keys()) cells.push_back(model_->cell(row, key));
  return filter.accepts(cells);
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
