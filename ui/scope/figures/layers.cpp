// The figure of layers: a measure of each layer over time, one panel per racer where there is room.
#include "ui/plot/figure_words.h"
#include "ui/scope/figures/line_entry.h"

namespace grapevine {
namespace {

class Layers : public LineEntry {
 public:
  using LineEntry::LineEntry;
  bool offers(const MeasureDescriptor& measure) const override { return measure.per_point; }
  std::vector<int> pick(const ScopeModel& model) const override { return pick_layer_measure(model); }
  std::string title(const FigureState& state, ScopeView view) const override {
    if (state.measures.empty()) return LineEntry::title(state, view);
    return figure_words("%1 of each layer",
                        as_title(measures()[static_cast<std::size_t>(state.measures.front())].name));
  }
  bool beneath_stage(const RowBeneath& row) const override { return row.panels; }

  QString newest(const FigureState& state, const Racer& racer) const override {
    if (state.measures.empty()) return {};
    const int measure = state.measures.front();
    QStringList values;
    for (int point = 1; point <= racer.run->points_of(measure); ++point)
      if (const Series* series = racer.run->find(measure, point); series && series->size() > 0)
        values << QString::number(series->value.back(), 'f', 2);
    if (values.isEmpty()) return {};
    return QString::fromStdString(measures()[static_cast<std::size_t>(measure)].name) + ' ' +
           QObject::tr("from input to output") + ' ' + values.join(' ');
  }

 protected:
  std::vector<LineSource> sources(const ScopeModel& model, const ScopeLook& look, const FigureState& state,
                                  int only) const override;
  // One panel has few lines; several racers' layers in one are distinguished by the value box.
  double names_room(const ScopeModel& model, const FigurePlace& place) const override {
    return place.racer >= 0 || racers_of(model, place).size() == 1 ? LineFigure::kEndLabels : 0;
  }
  bool has_switch(const ScopeModel& model, const FigurePlace& place) const override {
    return place.racer < 0 || place.racer == racers_of(model, place).front();
  }
  std::string empty_text() const override {
    return figure_words("Not measured by these rules; choose another measure above");
  }

 private:
  static std::vector<int> racers_of(const ScopeModel& model, const FigurePlace& place) {
    const FigureState& state = state_of(model, place.figure);
    return model.layer_racers(state.measures.empty() ? -1 : state.measures.front());
  }
};

std::vector<LineSource> Layers::sources(const ScopeModel& model, const ScopeLook& look,
                                        const FigureState& state, int only) const {
  std::vector<LineSource> found;
  if (state.measures.empty()) return found;
  const int measure = state.measures.front();
  std::vector<int> racers = model.layer_racers(measure);
  if (only >= 0) racers = {only};
  for (const int r : racers) {
    const Racer& racer = model.racers()[static_cast<std::size_t>(r)];
    const int points = racer.run->points_of(measure);
    for (int point = 1; point <= points; ++point) {
      const Series* series = racer.run->find(measure, point);
      if (!series || series->size() == 0) continue;
      const double depth = points > 1 ? (point - 1.0) / (points - 1.0) : 0.5;
      const std::string layer = figure_words("layer %1", std::to_string(point));
      LineSource source;
      source.series = series;
      source.racer = r;
      source.name = racers.size() > 1 ? racer.label + " · " + layer : layer;
      source.stroke = {tint_of_depth(look.colour_of(racer), depth, look.theme()), 1.8, model.dash_of(r)};
      source.smoothing = model.smoothing_between_samples(*series);
      source.point = point;
      source.sign = rules_sign(*racer.run, measure);
      if (source.sign < 0) source.name = figure_words("%1 (sign turned round)", source.name);
      add_members(model, look, measure, source, found);
      add_error(*racer.run, measure, source);
      found.push_back(source);
    }
  }
  return found;
}

}  // namespace

const FigureEntry& layers_figure() {
  static const Layers entry({.key = "layers",
                             .title = QT_TRANSLATE_NOOP("grapevine::Figures", "Alignment of each layer"),
                             .weight = 1.35,
                             .leaves = 5,
                             .of_layers = true,
                             .panel_a_racer = true,
                             .title_menu = true,
                             .height_moves = true});
  return entry;
}

}  // namespace grapevine
