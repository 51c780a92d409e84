#include "ui/panels/sweep_plot.h"

#include <QLocale>
#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>

#include "engine/experiment/registry.h"
#include "ui/panels/library_column.h"

namespace grapevine {
namespace {

std::optional<std::vector<double>> numbers_in(const RunCell& cell) {
  if (const auto* number = std::get_if<double>(&cell)) return std::vector{*number};
  std::vector<double> all;
  for (const QString& part : QString::fromStdString(to_text(cell)).split(QLatin1Char(','))) {
    double number = 0;
    if (!read_number(part.trimmed().toStdString(), number)) return std::nullopt;
    all.push_back(number);
  }
  return all;
}

/// A key that varies and can be an axis. NaN of a group to which the setting means nothing: it stands at
/// every value.
struct AxisKey {
  std::size_t key = 0;
  std::vector<double> of_group;
  QString title;

  std::set<double> values() const {
    std::set<double> all;
    for (const double value : of_group)
      if (std::isfinite(value)) all.insert(value);
    return all;
  }
  /// Those at which the group stands.
  std::set<double> of(std::size_t group) const {
    return std::isfinite(of_group[group]) ? std::set{of_group[group]} : values();
  }
};

std::optional<AxisKey> axis_of(const Comparison& all, std::size_t key) {
  std::vector<std::vector<double>> lists;
  std::set<std::size_t> lengths;
  for (const RunGroup& group : all.groups) {
    auto numbers = is_empty(group.settings[key]) ? std::vector<double>{} : numbers_in(group.settings[key]);
    if (!numbers) return std::nullopt;
    if (!numbers->empty()) lengths.insert(numbers->size());
    lists.push_back(std::move(*numbers));
  }
  const bool one_length = lengths.size() == 1;
  AxisKey axis{key, {}, {}};
  LibraryColumn column;
  column.key = all.keys[key];
  axis.title = column.title();
  for (const std::vector<double>& list : lists) {
    const double nothing = std::nan("");
    axis.of_group.push_back(list.empty() ? nothing
                                         : (one_length ? list.front() : static_cast<double>(list.size())));
  }
  if (!one_length) axis.title += QStringLiteral(" (depth)");
  if (axis.values().size() < 2) return std::nullopt;
  return axis;
}

/// What tells the groups apart next to the axes.
QString name_of_rest(const Comparison& all, const RunGroup& group, const std::vector<AxisKey>& axes) {
  QStringList parts;
  for (std::size_t key = 0; key < all.keys.size(); ++key) {
    if (std::any_of(axes.begin(), axes.end(), [&](const AxisKey& axis) { return axis.key == key; })) continue;
    const QString value = cell_text(all.keys[key], group.settings[key]);
    if (!value.isEmpty()) parts << value;
  }
  return parts.join(QStringLiteral(", "));
}

void fill_curve(SweepPlot& plot, const Comparison& all, std::size_t measure,
                const std::vector<AxisKey>& axes) {
  plot.kind = SweepPlot::Kind::curve;
  std::set<double> ticks;
  for (std::size_t i = 0; i < all.groups.size(); ++i) {
    const RunGroup& group = all.groups[i];
    const Spread& spread = group.spreads[measure];
    if (spread.count == 0) continue;
    const QString name = name_of_rest(all, group, axes);
    auto line = std::find_if(plot.lines.begin(), plot.lines.end(),
                             [&](const SweepPlot::Line& known) { return known.name == name; });
    if (line == plot.lines.end()) line = plot.lines.insert(line, {name, group.rule, {}});
    const double reach = std::isfinite(spread.deviation) ? spread.deviation : 0;
    for (const double x : axes[0].of(i)) {
      line->dots.push_back({x, spread.mean, spread.mean - reach, spread.mean + reach, spread.count});
      ticks.insert(x);
    }
  }
  for (SweepPlot::Line& line : plot.lines)
    std::sort(line.dots.begin(), line.dots.end(), [](const auto& a, const auto& b) { return a.x < b.x; });
  plot.x_ticks.assign(ticks.begin(), ticks.end());
  plot.log_x = ticks.size() > 1 && *ticks.begin() > 0 && *ticks.rbegin() / *ticks.begin() >= 30;
}

void fill_heat_map(SweepPlot& plot, const Comparison& all, std::size_t measure,
                   const std::vector<AxisKey>& axes) {
  plot.kind = SweepPlot::Kind::heat_map;
  const std::set<double> xs = axes[0].values(), ys = axes[1].values();
  const auto text = [](double value) { return QLocale().toString(value, 'g', 4); };
  for (const double x : xs) plot.columns << text(x);
  for (auto y = ys.rbegin(); y != ys.rend(); ++y) plot.rows << text(*y);
  plot.cells.assign(ys.size(), std::vector<double>(xs.size(), std::nan("")));
  for (std::size_t i = 0; i < all.groups.size(); ++i) {
    for (const double x : axes[0].of(i))
      for (const double y : axes[1].of(i)) {
        const auto column = std::distance(xs.begin(), xs.find(x));
        const auto row = static_cast<std::ptrdiff_t>(ys.size()) - 1 - std::distance(ys.begin(), ys.find(y));
        plot.cells[static_cast<std::size_t>(row)][static_cast<std::size_t>(column)] =
            all.groups[i].spreads[measure].mean;
      }
  }
}

}  // namespace

SweepPlot sweep_plot(const Comparison& all, std::size_t measure) {
  SweepPlot plot;
  if (all.groups.empty()) return plot;
  std::vector<AxisKey> axes;
  for (std::size_t key = 0; key < all.keys.size(); ++key)
    if (auto axis = axis_of(all, key)) axes.push_back(std::move(*axis));
  if (axes.empty()) return plot;
  LibraryColumn column;
  column.key = all.measures[measure];
  plot.y_title = column.title();
  plot.x_title = axes[0].title;
  // Two numbers and nothing else: a map. Where something else varies too its lines are known by name.
  std::set<QString> rest;
  for (const RunGroup& group : all.groups) rest.insert(name_of_rest(all, group, axes));
  if (axes.size() == 2 && rest.size() == 1) {
    plot.y_title = axes[1].title;
    fill_heat_map(plot, all, measure, axes);
  } else {
    axes.resize(1);
    fill_curve(plot, all, measure, axes);
  }
  return plot;
}

}  // namespace grapevine
