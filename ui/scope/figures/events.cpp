// The event lane: what happened in each run, over time.
#include <algorithm>

#include "ui/plot/event_lane.h"
#include "ui/plot/figure_words.h"
#include "ui/scope/event_text.h"
#include "ui/scope/figures/figure_common.h"

namespace grapevine {
namespace {

constexpr double kLaneHeight = 16;
constexpr double kLeastLane = 13;  ///< lanes of less run into each other: the last one takes the rest

void add_racer(const ScopeModel& model, const ScopeLook& look, int index, EventLane& figure) {
  const Racer& racer = model.racers()[static_cast<std::size_t>(index)];
  const double room = figure.plot().height;
  if (figure.lanes.empty() || static_cast<double>(figure.lanes.size() + 1) * kLeastLane <= room) {
    figure.lanes.push_back({racer.label, index, look.colour_of(racer)});
  } else {
    figure.lanes.back().name = figure_words("others");
    figure.lanes.back().colour = look.theme().muted;
  }
  for (std::size_t i = 0; i < racer.run->events.size(); ++i) {
    const Event& event = racer.run->events[i];
    const EventShape shape = shape_of(event.kind.kind());
    // Every run begins; only a second beginning is news.
    if (shape == EventShape::other || event.kind == EventKind::started) continue;
    figure.events.push_back({model.time_of_event(index, event), static_cast<int>(figure.lanes.size()) - 1,
                             index, i, shape, false});
  }
}

class Events : public FigureEntry {
 public:
  using FigureEntry::FigureEntry;
  double least_height(std::size_t racers) const override {
    return Figure::kHeaderHeight + kLaneHeight * static_cast<double>(std::clamp<std::size_t>(racers, 1, 4)) +
           Figure::kBareHeight;
  }
  std::unique_ptr<Figure> build(const ScopeModel& model, ScopeLook& look,
                                const FigurePlace& place) const override {
    auto figure = std::make_unique<EventLane>();
    fill_common(model, look, place, *figure);
    for (std::size_t r = 0; r < model.racers().size(); ++r)
      if (model.racers()[r].visible) add_racer(model, look, static_cast<int>(r), *figure);
    return figure;
  }
  QStringList explanation(const FigureState&) const override {
    return {QObject::tr("What happened in each run: exact steps, changed settings, warnings and failures.")};
  }

 protected:
  QString said_of(const FigureState&, const Racer& racer) const override {
    return QObject::tr("%n events", nullptr, static_cast<int>(racer.run->events.size()));
  }
};

}  // namespace

const FigureEntry& events_figure() {
  static const Events entry({.key = "events",
                             .title = QT_TRANSLATE_NOOP("grapevine::Figures", "Events"),
                             .grows = false,
                             .leaves = 1});
  return entry;
}

}  // namespace grapevine
