#include "ui/panels/sweep_plot.h"

#include <QLocale>
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "ui/panels/group_words.h"
#include "ui/panels/library_column.h"
#include "ui/panels/sweep_axes.h"

namespace grapevine {
namespace {

using Axes = std::vector<SweepAxis>;

bool is_ordered(const SweepAxis& axis) {
  return axis.kind != SweepAxis::Kind::choices;
}

/// What else is varied than these keys, one name per group.
QStringList names_beside(const Comparison& all, const std::vector<std::size_t>& keys) {
  QStringList names;
  for (const RunGroup& group : all.groups) names << name_beside(all, group, keys);
  return names;
}

bool all_alike(QStringList names) {
  return names.removeDuplicates(), names.size() == 1;
}

/// Whatever is varied next to `x`, as one axis.
SweepAxis axis_beside(const Comparison& all, const SweepAxis& x, const Axes& axes) {
  SweepAxis beside;
  beside.kind = SweepAxis::Kind::choices;
  QStringList titles;
  for (const SweepAxis& axis : axes)
    if (axis.key != x.key) titles << axis.title;
  beside.title = titles.join(QStringLiteral(", "));
  const QStringList own = names_beside(all, {x.key});
  beside.names = own;
  beside.names.removeDuplicates();
  for (const QString& name : own) beside.of_group.push_back(static_cast<double>(beside.names.indexOf(name)));
  return beside;
}

SweepPlot::Dot dot_of(double x, const RunGroup& group, std::size_t measure) {
  const Spread& spread = group.spreads[measure];
  const double reach = std::isfinite(spread.deviation) ? spread.deviation : 0;
  return {x,
          spread.mean,
          spread.mean - reach,
          spread.mean + reach,
          spread.count,
          spread.count == 0 ? failure_in_words(group) : QString()};
}

bool has_something(const RunGroup& group, std::size_t measure) {
  return group.spreads[measure].count > 0 || !group.failed.empty();
}

/// Of the dots that have a number.
QString seeds_of(const SweepPlot::Line& line) {
  std::set<int> counts;
  for (const SweepPlot::Dot& dot : line.dots)
    if (dot.count > 0) counts.insert(dot.count);
  return counts.empty() ? seeds_in_words(0, 0) : seeds_in_words(*counts.begin(), *counts.rbegin());
}

SweepPlot::Line& line_of(SweepPlot& plot, const QString& name, const std::string& rule) {
  for (SweepPlot::Line& line : plot.lines) {
    if (line.name != name) continue;
    if (line.rule != rule) line.rule.clear();
    return line;
  }
  plot.lines.push_back({name, rule, {}});
  return plot.lines.back();
}

void fill_curve(SweepPlot& plot, const Comparison& all, std::size_t measure, const SweepAxis& x_axis) {
  plot.kind = SweepPlot::Kind::curve;
  plot.x_names = x_axis.names;
  plot.x_ordered = is_ordered(x_axis);
  std::set<double> ticks;
  for (std::size_t i = 0; i < all.groups.size(); ++i) {
    const RunGroup& group = all.groups[i];
    if (!has_something(group, measure)) continue;
    const QString rest = name_beside(all, group, {x_axis.key});
    SweepPlot::Line& line = line_of(plot, rest.isEmpty() ? kind_of_group(group) : rest, group.rule);
    for (const double x : x_axis.of(i)) {
      line.dots.push_back(dot_of(x, group, measure));
      ticks.insert(x);
    }
  }
  for (SweepPlot::Line& line : plot.lines) {
    std::sort(line.dots.begin(), line.dots.end(), [](const auto& a, const auto& b) { return a.x < b.x; });
    line.name += QStringLiteral(", ") + seeds_of(line);
  }
  plot.side_by_side = plot.lines.size() > 1;
  plot.x_ticks.assign(ticks.begin(), ticks.end());
  plot.log_x = x_axis.names.isEmpty() && ticks.size() > 1 && *ticks.begin() > 0 &&
               *ticks.rbegin() / *ticks.begin() >= 30;
}

void fill_heat_map(SweepPlot& plot, const Comparison& all, std::size_t measure, const SweepAxis& x_axis,
                   const SweepAxis& y_axis) {
  plot.kind = SweepPlot::Kind::heat_map;
  const std::set<double> xs = x_axis.values(), ys = y_axis.values();
  plot.row_values.assign(ys.begin(), ys.end());
  if (is_ordered(y_axis)) std::reverse(plot.row_values.begin(), plot.row_values.end());  // the largest on top
  for (const double x : xs) plot.columns << x_axis.text(x);
  for (const double y : plot.row_values) plot.rows << y_axis.text(y);
  plot.x_names = x_axis.names;
  plot.y_names = y_axis.names;
  plot.cells.assign(ys.size(), std::vector<double>(xs.size(), std::nan("")));
  plot.results.assign(ys.size(), std::vector<SweepPlot::Dot>(xs.size()));
  for (std::size_t i = 0; i < all.groups.size(); ++i) {
    if (!has_something(all.groups[i], measure)) continue;
    for (const double x : x_axis.of(i))
      for (const double y : y_axis.of(i)) {
        const auto column = static_cast<std::size_t>(std::distance(xs.begin(), xs.find(x)));
        const auto row = static_cast<std::size_t>(std::distance(
            plot.row_values.begin(), std::find(plot.row_values.begin(), plot.row_values.end(), y)));
        plot.results[row][column] = dot_of(x, all.groups[i], measure);
        plot.cells[row][column] = plot.results[row][column].mean;
      }
  }
}

/// The axis that was chosen, else the first; nullptr where nothing has an order.
const SweepAxis* x_axis_of(const Comparison& all, const Axes& axes, const std::string& chosen) {
  for (const SweepAxis& axis : axes)
    if (!chosen.empty() && all.keys[axis.key].text() == chosen) return &axis;
  return axes.empty() || !is_ordered(axes.front()) ? nullptr : &axes.front();
}

}  // namespace

SweepPlot sweep_plot(const Comparison& all, std::size_t measure, const SweepView& view) {
  SweepPlot plot;
  if (all.groups.empty() || view.form == SweepView::Form::table) return plot;
  const Axes axes = sweep_axes(all);
  const SweepAxis* x = x_axis_of(all, axes, view.x);
  if (!x) return plot;
  LibraryColumn column;
  column.key = all.measures[measure];
  plot.y_title = column.title();
  plot.x_title = x->title;
  const auto y =
      std::find_if(axes.begin(), axes.end(), [&](const SweepAxis& axis) { return axis.key != x->key; });
  const bool two_tell = y != axes.end() && all_alike(names_beside(all, {x->key, y->key}));
  // Two that have an order and nothing else: a map. Where something else varies too its lines are known by
  // name.
  const bool map = view.form == SweepView::Form::automatic ? two_tell && is_ordered(*x) && is_ordered(*y)
                                                           : view.form == SweepView::Form::heat_map;
  if (!map) {
    fill_curve(plot, all, measure, *x);
    return plot;
  }
  const SweepAxis rows = two_tell ? *y : axis_beside(all, *x, axes);
  plot.title = plot.y_title;
  plot.y_title = rows.title;
  fill_heat_map(plot, all, measure, *x, rows);
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
      if (dot.count > 0 || !dot.failed.isEmpty()) visit(QString(), dot, plot.row_values[row]);
}

QString in_quotes(QString text) {
  return '"' + text.replace('"', QStringLiteral("\"\"")) + '"';
}

/// The name of a place, where an axis has names.
QString name_at(const QStringList& names, double place) {
  return std::isfinite(place) ? names.value(static_cast<int>(place)) : QString();
}

}  // namespace

QString SweepPlot::x_text(double x) const {
  constexpr int digits = 6;
  return x_names.isEmpty() ? QLocale().toString(x, 'g', digits) : name_at(x_names, x);
}

QString sweep_csv(const SweepPlot& plot) {
  QString text = QStringLiteral("line,x,y,mean,low,high,n\n");
  const auto number = [](double value) {
    return std::isfinite(value) ? QString::number(value, 'g', 17) : QString();
  };
  const auto place = [&](const QStringList& names, double value) {
    return names.isEmpty() ? number(value) : in_quotes(name_at(names, value));
  };
  for_each_result(plot, [&](const QString& line, const SweepPlot::Dot& dot, double y) {
    text +=
        QStringList{in_quotes(line), place(plot.x_names, dot.x), place(plot.y_names, y),    number(dot.mean),
                    number(dot.low), number(dot.high),           QString::number(dot.count)}
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
  const auto place = [&](const QStringList& names, double value) {
    return names.isEmpty() ? number(value) : nlohmann::ordered_json(name_at(names, value).toStdString());
  };
  for_each_result(plot, [&](const QString& line, const SweepPlot::Dot& dot, double y) {
    all["results"].push_back({{"line", line.toStdString()},
                              {"x", place(plot.x_names, dot.x)},
                              {"y", place(plot.y_names, y)},
                              {"mean", number(dot.mean)},
                              {"low", number(dot.low)},
                              {"high", number(dot.high)},
                              {"n", dot.count}});
    if (!dot.failed.isEmpty()) all["results"].back()["failed"] = dot.failed.toStdString();
  });
  return QString::fromStdString(all.dump(1));
}

}  // namespace grapevine
