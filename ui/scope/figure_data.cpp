// A figure's numbers.
#include "ui/scope/figure_data.h"

#include <QFileInfo>
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "engine/error.h"
#include "engine/experiment/registry.h"
#include "engine/files/careful_file.h"
#include "ui/scope/figures/plane_figure.h"

namespace grapevine {
namespace {

QString quoted(const QString& text) {
  if (!text.contains(',') && !text.contains('"') && !text.contains('\n')) return text;
  QString doubled = text;
  return '"' + doubled.replace('"', "\"\"") + '"';
}

void add_rows(const ScopeModel& model, int figure, const Racer& racer, int measure, bool only_visible,
              std::vector<FigureRow>& rows) {
  const TimeRange range = model.range(figure);
  const auto& all = racer.run->series;
  const std::string& key = measures()[static_cast<std::size_t>(measure)].key;
  for (auto it = all.lower_bound({measure, 0}); it != all.end() && it->first.first == measure; ++it) {
    const Series& series = it->second;
    const SeriesView view(series, model.time_axis());
    const auto group = racer.mean ? racer.mean->curves.find(it->first) : decltype(racer.mean->curves.end())();
    const bool is_mean = racer.mean && group != racer.mean->curves.end();
    for (std::size_t i = 0; i < view.size(); ++i) {
      if (only_visible && (view.x(i) < range.lo || view.x(i) > range.hi)) continue;
      rows.push_back({racer.label, key, it->first.second, series.step[i], series.epoch[i], series.seconds[i],
                      series.value[i]});
      if (!is_mean) continue;
      rows.back().low = group->second.low.value[i];
      rows.back().high = group->second.high.value[i];
      rows.back().count = group->second.count[i];
    }
  }
}

/// What the stage shows of a racer: every measure's value at its time.
void add_stage_rows(const ScopeModel& model, const Racer& racer, std::vector<FigureRow>& rows) {
  int points = 0;
  for (const auto& [key, series] : racer.run->series) points = std::max(points, key.second);
  for (int point = 1; point <= points; ++point) {
    for (const StageNumber& number :
         stage_numbers(*racer.run, model.time_axis(), model.stage_time(), point)) {
      const Series& series = *racer.run->find(number.measure, point);
      const auto at = static_cast<std::size_t>(
          std::lower_bound(series.step.begin(), series.step.end(), number.step) - series.step.begin());
      rows.push_back({racer.label, measures()[static_cast<std::size_t>(number.measure)].key, point,
                      number.step, series.epoch[at], series.seconds[at], number.value});
    }
  }
}

/// The paths as they are drawn: at each test the accuracy and the mean alignment.
void add_plane_rows(const Racer& racer, std::vector<FigureRow>& rows) {
  for (const PlanePoint& point : plane_path(*racer.run)) {
    FigureRow row{racer.label, "cos_b_j", 0, point.step, 0, 0, point.alignment};
    rows.push_back(row);
    row.measure = "accuracy";
    row.value = point.score;
    rows.push_back(row);
  }
}

}  // namespace

std::vector<FigureRow> figure_rows(const ScopeModel& model, int figure, bool only_visible) {
  std::vector<FigureRow> rows;
  const FigureState& state = model.figures()[static_cast<std::size_t>(figure)];
  for (const Racer& racer : model.racers()) {
    if (!racer.visible) continue;
    if (state.kind == FigureKind::stage) add_stage_rows(model, racer, rows);
    if (state.kind == FigureKind::plane) add_plane_rows(racer, rows);
    for (const int measure : state.measures) add_rows(model, figure, racer, measure, only_visible, rows);
  }
  return rows;
}

QString figure_table(const ScopeModel& model, int figure, bool only_visible) {
  const std::vector<FigureRow> rows = figure_rows(model, figure, only_visible);
  const bool groups =
      std::any_of(rows.begin(), rows.end(), [](const FigureRow& row) { return row.count > 0; });
  QString text = "run,measure,point,step,epoch,seconds,value" + QString(groups ? ",low,high,n\n" : "\n");
  for (const FigureRow& row : rows) {
    text += quoted(QString::fromStdString(row.run)) + ',' + QString::fromStdString(row.measure) + ',' +
            QString::number(row.point) + ',' + QString::number(row.step) + ',' +
            QString::number(row.epoch, 'g', 10) + ',' + QString::number(row.seconds, 'g', 10) + ',' +
            (std::isnan(row.value) ? QString() : QString::number(row.value, 'g', 17));
    if (groups && row.count > 0)
      text += ',' + QString::number(row.low, 'g', 17) + ',' + QString::number(row.high, 'g', 17) + ',' +
              QString::number(row.count);
    else if (groups)
      text += ",,,";
    text += '\n';
  }
  return text;
}

QString figure_json(const ScopeModel& model, int figure, bool only_visible) {
  auto all = nlohmann::ordered_json::array();
  for (const FigureRow& row : figure_rows(model, figure, only_visible)) {
    nlohmann::ordered_json one = {{"run", row.run},    {"measure", row.measure}, {"point", row.point},
                                  {"step", row.step},  {"epoch", row.epoch},     {"seconds", row.seconds},
                                  {"value", row.value}};
    // JSON has neither NaN nor infinities.
    if (!std::isfinite(row.value)) one["value"] = nullptr;
    if (row.count > 0) {
      one["low"] = row.low;
      one["high"] = row.high;
      one["n"] = row.count;
    }
    all.push_back(std::move(one));
  }
  return QString::fromStdString(all.dump(1));
}

void save_figure_data(const ScopeModel& model, int figure, bool only_visible, const QString& file) {
  const bool json = QFileInfo(file).suffix().toLower() == "json";
  const QByteArray text =
      (json ? figure_json(model, figure, only_visible) : figure_table(model, figure, only_visible)).toUtf8();
  write_carefully(file.toStdString(), {text.constData(), static_cast<std::size_t>(text.size())});
}

}  // namespace grapevine
