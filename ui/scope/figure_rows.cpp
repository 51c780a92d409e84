// A figure's numbers.
#include "ui/scope/figure_rows.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace grapevine {
namespace {

/// Others' names lead nothing astray that shows them: control characters and invisible ones become "?".
QString quoted(QString text) {
  for (QChar& c : text)
    if (c.category() == QChar::Other_Control || c.category() == QChar::Other_Format) c = '?';
  if (!text.contains(',') && !text.contains('"')) return text;
  return '"' + text.replace('"', "\"\"") + '"';
}

}  // namespace

std::vector<FigureRow> figure_rows(const ScopeModel& model, int figure, bool only_visible) {
  std::vector<FigureRow> rows;
  for (const Racer& racer : model.racers())
    if (racer.visible) entry_of(model, figure).add_rows(model, figure, racer, only_visible, rows);
  return rows;
}

QString figure_csv(const ScopeModel& model, int figure, bool only_visible) {
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

}  // namespace grapevine
