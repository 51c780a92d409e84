// What figures have in common, and the list of them, from figures.def.
#include "ui/scope/figure_entry.h"

#include <QObject>

#include "engine/experiment/entry_keys.h"

namespace grapevine {

#define GRAPEVINE_FIGURE(key) const FigureEntry& key##_figure();
#include "ui/scope/figures/figures.def"
#undef GRAPEVINE_FIGURE

const std::vector<const FigureEntry*>& figure_entries() {
  static const std::vector<const FigureEntry*> list = {
#define GRAPEVINE_FIGURE(key) &key##_figure(),
#include "ui/scope/figures/figures.def"
#undef GRAPEVINE_FIGURE
  };
  return list;
}

namespace {

constexpr double kLeastPlot = 80;

const MeasureDescriptor& measure_at(int index) {
  return measures()[static_cast<std::size_t>(index)];
}

/// "0.77" or "76.8 %"; of a layered measure "0.32, 0.22, 0.15 from input to output". Empty: not measured.
QString last_values(const RunData& run, int measure) {
  Axis axis;
  const MeasureDescriptor& descriptor = measure_at(measure);
  if (descriptor.quantity == Quantity::share) axis.unit = Unit::share;
  QStringList values;
  for (int point = descriptor.per_point ? 1 : 0; point <= run.points_of(measure); ++point)
    if (const Series* series = run.find(measure, point); series && series->size() > 0)
      values << QString::fromStdString(axis.format(series->value.back(), 2));
  const QString text = values.join(QStringLiteral(", "));
  return values.size() > 1 ? QObject::tr("%1 from input to output").arg(text) : text;
}

}  // namespace

bool is_of_theory(const MeasureDescriptor& measure) {
  return measure.key == measure_keys::zoutendijk || measure.key == measure_keys::size_ratio ||
         measure.key.starts_with(measure_keys::descent_ratio);
}

double FigureEntry::least_height(std::size_t) const {
  return Figure::kHeaderHeight + Figure::kBareHeight + kLeastPlot;
}

void FigureEntry::shape(const ScopeModel& model, const ScopeLook&, const FigurePlace& place,
                        Figure& figure) const {
  figure.outer = place.area;
  if (place.time_labels) figure.x_title = title_of(model.time_axis());
}

void FigureEntry::add_rows(const ScopeModel& model, int figure, const Racer& racer, bool only_visible,
                           std::vector<FigureRow>& rows) const {
  const Axis range = model.time(figure);
  const auto& all = racer.run->series;
  for (const int measure : state_of(model, figure).measures)
    for (auto it = all.lower_bound({measure, 0}); it != all.end() && it->first.first == measure; ++it) {
      const Series& series = it->second;
      const SeriesView view = racer.view(series, model.time_axis());
      const MeanCurve* group = nullptr;
      if (racer.mean)
        if (const auto found = racer.mean->curves.find(it->first); found != racer.mean->curves.end())
          group = &found->second;
      for (std::size_t i = 0; i < view.size(); ++i) {
        if (only_visible && (view.x(i) < range.lo || view.x(i) > range.hi)) continue;
        rows.push_back({racer.label, measure_at(measure).key, it->first.second, series.step[i],
                        series.epoch[i], series.seconds[i], series.value[i]});
        if (!group) continue;
        rows.back().low = group->low.value[i];
        rows.back().high = group->high.value[i];
        rows.back().count = group->count[i];
      }
    }
}

QString FigureEntry::said_of(const FigureState& state, const Racer& racer) const {
  return state.measures.empty() ? QString() : last_values(*racer.run, state.measures.front());
}

QString FigureEntry::summary(const ScopeModel& model, int figure) const {
  QStringList parts;
  for (const Racer& racer : model.racers()) {
    if (!racer.visible) continue;
    const QString said = said_of(state_of(model, figure), racer);
    if (!said.isEmpty()) parts << QString::fromStdString(racer.label) + ' ' + said;
  }
  const QString title = QString::fromStdString(model.title_of(figure));
  if (parts.isEmpty()) return QObject::tr("%1: nothing measured yet.").arg(title);
  return QStringLiteral("%1: %2.").arg(title, parts.join(QStringLiteral("; ")));
}

QStringList FigureEntry::explanation(const FigureState& state) const {
  QStringList paragraphs;
  for (const int index : state.measures) {
    const MeasureDescriptor& measure = measure_at(index);
    paragraphs << QString::fromStdString(measure.name + ": " + measure.help + ".");
    if (!measure.caution.empty())
      paragraphs.back() +=
          QObject::tr(" How it can mislead: %1.").arg(QString::fromStdString(measure.caution));
  }
  return paragraphs;
}

}  // namespace grapevine
