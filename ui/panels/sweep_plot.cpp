#include "ui/panels/sweep_plot.h"

#include <QLocale>
#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "engine/experiment/registry.h"
#include "ui/panels/group_words.h"
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

/// What tells the groups apart next to the axes; "" where nothing does.
QString name_of_rest(const Comparison& all, const RunGroup& group, const std::vector<AxisKey>& axes) {
  QStringList parts;
  for (std::size_t key = 0; key < all.keys.size(); ++key) {
    if (std::any_of(axes.begin(), axes.end(), [&](const AxisKey& axis) { return axis.key == key; })) continue;
    const QString value = cell_text(all.keys[key], group.settings[key]);
    if (!value.isEmpty()) parts << value;
  }
  return parts.join(QStringLiteral(", "));
}

SweepPlot::Dot dot_of(double x, const Spread& spread) {
  const double reach = std::isfinite(spread.deviation) ? spread.deviation : 0;
  return {x, spread.mean, spread.mean - reach, spread.mean + reach, spread.count};
}

void fill_curve(SweepPlot& plot, const Comparison& all, std::size_t measure,
                const std::vector<AxisKey>& axes) {
  plot.kind = SweepPlot::Kind::curve;
  std::set<double> ticks;
  for (std::size_t i = 0; i < all.groups.size(); ++i) {
    const RunGroup& group = all.groups[i];
    const Spread& spread = group.spreads[measure];
    if (spread.count == 0) continue;
    const QString rest = name_of_rest(all, group, axes);
    const QString name = rest.isEmpty() ? kind_of_group(group) : rest;
    auto line = std::find_if(plot.lines.begin(), plot.lines.end(),
                             [&](const SweepPlot::Line& known) { return known.name == name; });
    if (line == plot.lines.end()) line = plot.lines.insert(line, {name, group.rule, {}});
    for (const double x : axes[0].of(i)) {
      line->dots.push_back(dot_of(x, spread));
      ticks.insert(x);
    }
  }
  for (SweepPlot::Line& line : plot.lines) {
    std::sort(line.dots.begin(), line.dots.end(), [](const auto& a, const auto& b) { return a.x < b.x; });
    const auto [least, most] = std::minmax_element(
        line.dots.begin(), line.dots.end(), [](const auto& a, const auto& b) { return a.count < b.count; });
    line.name += QStringLiteral(", ") + seeds_in_words(least->count, most->count);
  }
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
  plot.results.assign(ys.size(), std::vector<SweepPlot::Dot>(xs.size()));
  plot.row_values.assign(ys.rbegin(), ys.rend());
  for (std::size_t i = 0; i < all.groups.size(); ++i) {
    for (const double x : axes[0].of(i))
      for (const double y : axes[1].of(i)) {
        const auto column = std::distance(xs.begin(), xs.find(x));
        const auto row = static_cast<std::ptrdiff_t>(ys.size()) - 1 - std::distance(ys.begin(), ys.find(y));
        const Spread& spread = all.groups[i].spreads[measure];
        plot.cells[static_cast<std::size_t>(row)][static_cast<std::size_t>(column)] = spread.mean;
        plot.results[static_cast<std::size_t>(row)][static_cast<std::size_t>(column)] = dot_of(x, spread);
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
    plot.title = plot.y_title;
    plot.y_title = axes[1].title;
    fill_heat_map(plot, all, measure, axes);
  } else {
    axes.resize(1);
    fill_curve(plot, all, measure, axes);
  }
  return plot;
}

namespace {

/// Each result: its line's name, where it is, and a map's row.
template <class Visit>
void for_each_result(const SweepPlot& plot, Visit visit) {
  for (const SweepPlot::Line& line : plot.lines)
    for (const SweepPlot::Dot& dot : line.dots) visit(line.name, dot, std::nan(""));
  for (std::size_t row = 0; row < plot.results.size(); ++row)
    for (const SweepPlot::Dot& dot : plot.results[row])
      if (dot.count > 0) visit(QString(), dot, plot.row_values[row]);
}

QString in_quotes(QString text) {
  return '"' + text.replace('"', QStringLiteral("\"\"")) + '"';
}

}  // namespace

QString sweep_csv(const SweepPlot& plot) {
  QString text = QStringLiteral("line,x,y,mean,low,high,n\n");
  const auto number = [](double value) {
    return std::isfinite(value) ? QString::number(value, 'g', 17) : QString();
  };
  for_each_result(plot, [&](const QString& line, const SweepPlot::Dot& dot, double y) {
    text += QStringList{in_quotes(line),           number(dot.x),   number(y),
                        number(dot.mean),          number(dot.low), number(dot.high),
                        QString::number(dot.count)}
                .join(',') +
            '\n';
  });
  return text;
}

QString sweep_json(const SweepPlot& plot) {
  const bool map = plot.kind == SweepPlot::Kind::heat_map;
  nlohmann::ordered_json all = {{"measure", (map ? plot.title : plot.y_title).toStdString()},
                                {"x", plot.x_title.toStdString()},
                                {"y", map ? plot.y_title.toStdString() : ""},
                                {"results", nlohmann::ordered_json::array()}};
  // JSON has neither NaN nor infinities.
  const auto number = [](double value) {
    return std::isfinite(value) ? nlohmann::ordered_json(value) : nlohmann::ordered_json();
  };
  for_each_result(plot, [&](const QString& line, const SweepPlot::Dot& dot, double y) {
    all["results"].push_back({{"line", line.toStdString()},
                              {"x", number(dot.x)},
                              {"y", number(y)},
                              {"mean", number(dot.mean)},
                              {"low", number(dot.low)},
                              {"high", number(dot.high)},
                              {"n", dot.count}});
  });
  return QString::fromStdString(all.dump(1));
}

}  // namespace grapevine
