// The leader board's rows in the order that a heading asks for.
#include <algorithm>
#include <cmath>

#include "engine/experiment/registry.h"
#include "ui/panels/groups_model.h"

namespace grapevine {

QString GroupsModel::name_of(const Column& column) const {
  switch (column.part) {
    case Part::place:
      return QStringLiteral("place");
    case Part::key:
      return QString::fromStdString(comparison_.keys[column.index].text());
    case Part::count:
      return QStringLiteral("N");
    case Part::measure:
      return QString::fromStdString(comparison_.measures[column.index].text());
    case Part::behind:
      return QStringLiteral("behind");
    case Part::gap:
      return QStringLiteral("gap");
  }
  return {};
}

bool GroupsModel::is_number(const Column& column) const {
  if (column.part == Part::key) return holds_numbers(comparison_.keys[column.index]);
  return column.part != Part::place;
}

bool GroupsModel::has_value(const Row& row, const Column& column) const {
  const RunGroup& group = comparison_.groups[row.standing.group];
  switch (column.part) {
    case Part::place:
      return !std::isnan(row.standing.mean);
    case Part::key:
      return !is_empty(group.settings[column.index]);
    case Part::count:
      return true;
    case Part::measure:
      return group.spreads[column.index].count > 0;
    case Part::behind:
      return !std::isnan(row.standing.behind);
    case Part::gap: {
      const GapClosed* gap = gap_of(row.standing.group);
      return gap && std::isfinite(gap->value);
    }
  }
  return false;
}

int GroupsModel::compare_rows(const Row& one, const Row& other, const Column& column) const {
  const RunGroup &group = comparison_.groups[one.standing.group],
                 &other_group = comparison_.groups[other.standing.group];
  const auto by_size = [](double a, double b) { return a < b ? -1 : a > b ? 1 : 0; };
  switch (column.part) {
    case Part::place:
      return one.place - other.place;
    case Part::key:
      return compare(group.settings[column.index], other_group.settings[column.index]);
    case Part::count:
      return by_size(static_cast<double>(group.seeds), static_cast<double>(other_group.seeds));
    case Part::measure:
      return by_size(group.spreads[column.index].mean, other_group.spreads[column.index].mean);
    case Part::behind:
      return by_size(one.standing.behind, other.standing.behind);
    case Part::gap:
      return by_size(gap_of(one.standing.group)->value, gap_of(other.standing.group)->value);
  }
  return 0;
}

/// By the place where the column is not there any more; equal ones by it too.
void GroupsModel::put_in_order() {
  const auto by_place = [](const Row& one, const Row& other) { return one.place < other.place; };
  std::sort(rows_.begin(), rows_.end(), by_place);
  const int at = sorted_column();
  if (at < 0) return;
  const Column& column = columns_[static_cast<std::size_t>(at)];
  const auto middle = std::stable_partition(rows_.begin(), rows_.end(),
                                            [&](const Row& row) { return has_value(row, column); });
  std::stable_sort(rows_.begin(), middle, [&](const Row& one, const Row& other) {
    const int order = compare_rows(one, other, column);
    return sort_order_ == Qt::AscendingOrder ? order < 0 : order > 0;
  });
}

void GroupsModel::sort(int column, Qt::SortOrder order) {
  if (column < 0 || column >= columnCount()) return;
  const QString by = name_of(columns_[static_cast<std::size_t>(column)]);
  if (by == sorted_by_ && order == sort_order_) return;
  Q_EMIT layoutAboutToBeChanged();
  const QModelIndexList before = persistentIndexList();
  std::vector<std::size_t> groups;
  for (const QModelIndex& index : before) groups.push_back(standing(index.row()).group);
  sorted_by_ = by;
  sort_order_ = order;
  put_in_order();
  QModelIndexList after;
  for (qsizetype i = 0; i < before.size(); ++i) {
    const auto row = std::find_if(rows_.begin(), rows_.end(), [&](const Row& one) {
      return one.standing.group == groups[static_cast<std::size_t>(i)];
    });
    after << index(static_cast<int>(row - rows_.begin()), before[i].column());
  }
  changePersistentIndexList(before, after);
  Q_EMIT layoutChanged();
}

int GroupsModel::sorted_column() const {
  for (std::size_t i = 0; i < columns_.size(); ++i)
    if (name_of(columns_[i]) == sorted_by_) return static_cast<int>(i);
  return -1;
}

QString GroupsModel::sorting() const {
  return (sort_order_ == Qt::DescendingOrder ? QStringLiteral("-") : QString()) + sorted_by_;
}

void GroupsModel::set_sorting(const QString& text) {
  beginResetModel();
  sort_order_ = text.startsWith(QLatin1Char('-')) ? Qt::DescendingOrder : Qt::AscendingOrder;
  sorted_by_ = sort_order_ == Qt::DescendingOrder ? text.mid(1) : text;
  if (sorted_by_.isEmpty()) sorted_by_ = QStringLiteral("place");
  put_in_order();
  endResetModel();
}

std::optional<RunKey> GroupsModel::measure_in(int column) const {
  if (column < 0 || column >= columnCount()) return std::nullopt;
  const Column& one = columns_[static_cast<std::size_t>(column)];
  if (one.part != Part::measure) return std::nullopt;
  return comparison_.measures[one.index];
}

}  // namespace grapevine
