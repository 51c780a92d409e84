#include "ui/panels/sweep_axes.h"

#include <QLocale>
#include <algorithm>
#include <cmath>
#include <optional>

#include "engine/experiment/groups/rule_name.h"
#include "ui/panels/library_column.h"

namespace grapevine {
namespace {

using Numbers = std::vector<double>;

/// "16,32"; nullopt where something else than a number is in it.
std::optional<Numbers> numbers_in(const RunCell& cell) {
  if (const auto* number = std::get_if<double>(&cell)) return Numbers{*number};
  Numbers all;
  for (const QString& part : QString::fromStdString(to_text(cell)).split(QLatin1Char(','))) {
    double number = 0;
    if (!read_number(part.trimmed().toStdString(), number)) return std::nullopt;
    all.push_back(number);
  }
  return all;
}

bool is_uniform(const Numbers& list) {
  return std::adjacent_find(list.begin(), list.end(), std::not_equal_to<>()) == list.end();
}

QString title_of(const RunKey& key) {
  LibraryColumn column;
  column.key = key;
  return column.title();
}

double place_in(const QStringList& names, const QString& name) {
  return static_cast<double>(names.indexOf(name));
}

/// Each group's list, empty where the setting means nothing to it; nullopt where a value is not of numbers.
std::optional<std::vector<Numbers>> lists_of(const Comparison& all, std::size_t key) {
  std::vector<Numbers> lists;
  for (const RunGroup& group : all.groups) {
    auto numbers = is_empty(group.settings[key]) ? Numbers{} : numbers_in(group.settings[key]);
    if (!numbers) return std::nullopt;
    lists.push_back(std::move(*numbers));
  }
  return lists;
}

/// The lists as numbers, or as places in their order.
void place_lists(SweepAxis& axis, const Comparison& all, const std::vector<Numbers>& lists) {
  std::set<Numbers> values;
  std::set<std::size_t> lengths;
  std::set<double> widths;
  bool uniform = true;
  for (const Numbers& list : lists) {
    if (list.empty()) continue;
    values.insert(list);
    lengths.insert(list.size());
    widths.insert(list.begin(), list.end());
    uniform = uniform && is_uniform(list);
  }
  const bool by_width = uniform && lengths.size() == 1, by_depth = widths.size() == 1;
  axis.kind = by_width || by_depth ? SweepAxis::Kind::numbers : SweepAxis::Kind::lists;
  if (by_depth && !by_width) axis.title += QStringLiteral(" (depth)");
  for (std::size_t i = 0; i < lists.size(); ++i) {
    const Numbers& list = lists[i];
    axis.of_group.push_back(list.empty() ? std::nan("")
                            : by_width   ? list.front()
                            : by_depth
                                ? static_cast<double>(list.size())
                                : static_cast<double>(std::distance(values.begin(), values.find(list))));
  }
  if (axis.kind == SweepAxis::Kind::numbers) return;
  for (const Numbers& value : values) {
    const auto own = std::find(lists.begin(), lists.end(), value);
    const auto group = static_cast<std::size_t>(std::distance(lists.begin(), own));
    axis.names << swept_text(all.keys[axis.key], all.groups[group].settings[axis.key]);
  }
}

void place_choices(SweepAxis& axis, const Comparison& all) {
  axis.kind = SweepAxis::Kind::choices;
  for (const RunGroup& group : all.groups)
    if (!is_empty(group.settings[axis.key]))
      axis.names << cell_text(all.keys[axis.key], group.settings[axis.key]);
  axis.names.removeDuplicates();
  for (const RunGroup& group : all.groups)
    axis.of_group.push_back(
        is_empty(group.settings[axis.key])
            ? std::nan("")
            : place_in(axis.names, cell_text(all.keys[axis.key], group.settings[axis.key])));
}

}  // namespace

std::set<double> SweepAxis::values() const {
  std::set<double> all;
  for (const double value : of_group)
    if (std::isfinite(value)) all.insert(value);
  return all;
}

std::set<double> SweepAxis::of(std::size_t group) const {
  return std::isfinite(of_group[group]) ? std::set{of_group[group]} : values();
}

QString SweepAxis::text(double value) const {
  constexpr int digits = 6;
  return names.isEmpty() ? QLocale().toString(value, 'g', digits) : names.value(static_cast<int>(value));
}

std::vector<SweepAxis> sweep_axes(const Comparison& all) {
  std::vector<SweepAxis> axes;
  for (std::size_t key = 0; key < all.keys.size(); ++key) {
    SweepAxis axis;
    axis.key = key;
    axis.title = title_of(all.keys[key]);
    if (const auto lists = lists_of(all, key))
      place_lists(axis, all, *lists);
    else
      place_choices(axis, all);
    if (axis.values().size() > 1) axes.push_back(std::move(axis));
  }
  std::stable_sort(axes.begin(), axes.end(), [](const SweepAxis& one, const SweepAxis& other) {
    if (one.kind != other.kind) return one.kind < other.kind;
    return one.values().size() > other.values().size();
  });
  return axes;
}

QString swept_text(const RunKey& key, const RunCell& cell) {
  const QString text = cell_text(key, cell);
  if (std::holds_alternative<double>(cell) || !text.contains(QLatin1Char(','))) return text;
  const auto numbers = numbers_in(cell);
  return numbers ? QLatin1Char('[') + QString(text).replace(QLatin1Char(','), QStringLiteral(", ")) +
                       QLatin1Char(']')
                 : text;
}

QString name_beside(const Comparison& all, const RunGroup& group, const std::vector<std::size_t>& left_out) {
  QString rule;
  QStringList parts;
  for (std::size_t key = 0; key < all.keys.size(); ++key) {
    if (std::find(left_out.begin(), left_out.end(), key) != left_out.end()) continue;
    const QString value = swept_text(all.keys[key], group.settings[key]);
    if (value.isEmpty()) continue;
    if (all.keys[key].name == rule_name_key() || all.keys[key].name == "rule")
      rule = value;
    else if (numbers_in(group.settings[key]))
      parts << QString::fromStdString(all.keys[key].name).section(QLatin1Char('.'), -1) + QLatin1Char(' ') +
                   value;
    else
      parts << value;
  }
  if (!rule.isEmpty()) parts.prepend(rule);
  return parts.join(QStringLiteral(", "));
}

}  // namespace grapevine
