// One frame of the scope. The figures themselves are built by their entries.
#include "ui/scope/scope_scene.h"

#include <algorithm>
#include <cmath>

#include "ui/plot/event_lane.h"
#include "ui/plot/figure_words.h"
#include "ui/plot/names.h"
#include "ui/scope/event_text.h"
#include "ui/scope/figure_entry.h"

namespace grapevine {
namespace {

/// Of the calibrations at the top edge nearest to the pointer; where several are beneath each other, the
/// one at its height.
HoveredEvent find_in_stack(const ScopeModel& model, const Figure& figure, Point pointer) {
  const Rect plot = figure.plot();
  std::vector<HoveredEvent> stack;
  double nearest = 6;
  for (std::size_t r = 0; r < model.racers().size(); ++r) {
    const Racer& racer = model.racers()[r];
    if (!racer.visible) continue;
    for (std::size_t i = 0; i < racer.run->events.size(); ++i) {
      const Event& event = racer.run->events[i];
      if (!marks_figures(shape_of(event.kind.kind()))) continue;
      const double distance =
          std::abs(figure.x_pixel(model.time_of_event(static_cast<int>(r), event)) - pointer.x);
      if (distance > nearest) continue;
      if (distance < nearest) stack.clear();
      nearest = distance;
      stack.push_back({static_cast<int>(r), i});
    }
  }
  const auto depth = static_cast<std::size_t>(std::max(0.0, (pointer.y - plot.y) / Figure::kMarksApart));
  // The last one has some room below it.
  if (stack.empty() || depth > stack.size()) return {};
  return stack[std::min(depth, stack.size() - 1)];
}

/// The event whose mark the pointer is on: in the lane, or at the top edge of any other figure.
HoveredEvent find_hovered(const ScopeModel& model, const Figure& figure, Point pointer) {
  if (const auto* lane = dynamic_cast<const EventLane*>(&figure)) {
    const int found = lane->event_at(pointer);
    if (found < 0) return {};
    const LaneEvent& event = lane->events[static_cast<std::size_t>(found)];
    return {event.racer, event.index};
  }
  return find_in_stack(model, figure, pointer);
}

/// Marks of the hovered event stand out in every figure.
void emphasise(Figure& figure, const ScopeModel& model, const HoveredEvent& hovered) {
  const Racer& racer = model.racers()[static_cast<std::size_t>(hovered.racer)];
  const double time = model.time_of_event(hovered.racer, racer.run->events[hovered.index]);
  for (Mark& mark : figure.marks) mark.hovered = mark.racer == hovered.racer && mark.x == time;
  if (auto* lane = dynamic_cast<EventLane*>(&figure)) {
    for (LaneEvent& event : lane->events) {
      event.hovered = event.racer == hovered.racer && event.index == hovered.index;
    }
  }
}

}  // namespace

ScopeScene::ScopeScene(ScopeModel& model, ScopeLook& look, Size size, const TextMeasure& measure)
    : model_(model), look_(look) {
  model.advance();
  layout_ = lay_out(model, size, measure);
  for (const FigurePlace& place : layout_.figures)
    if (layout_.in_view(place))
      figures_.emplace_back(place.figure, entry_of(model, place.figure).build(model, look, place));
  if (!model.pointer) return;
  for (const auto& [index, figure] : figures_) {
    if (index == model.hovered_figure) hovered_ = find_hovered(model, *figure, *model.pointer);
  }
  if (hovered_.racer < 0) return;
  for (const auto& entry : figures_) emphasise(*entry.second, model, hovered_);
}

const Figure* ScopeScene::figure(int index) const {
  for (const auto& entry : figures_) {
    if (entry.first == index) return entry.second.get();
  }
  return nullptr;
}

void ScopeScene::draw(Painter& painter) const {
  const Theme& theme = look_.theme();
  std::size_t drawn = 0;
  int chosen = model_.chosen_figure;
  painter.fill_rect(layout_.all, theme.plot);
  {
    const ClipGuard seen(painter, layout_.legend_scrolls ? layout_.viewport : layout_.all);
    draw_legend(painter);
  }
  for (const FigurePlace& place : layout_.figures) {
    if (!layout_.in_view(place)) continue;
    const ClipGuard seen(painter, place.scrolls ? layout_.viewport : layout_.all);
    const Figure& figure = *figures_[drawn++].second;
    const ClipGuard clip(painter, figure.outer);
    figure.draw(painter, theme);
    if (place.figure == chosen && !look_.for_file) {
      painter.stroke_rect(place.area.inset(1), theme.accent, 2, 4);
      chosen = -1;  // the first of its panels
    }
  }
  draw_strip(painter);
  if (model_.drop_mark) painter.fill_rect(*model_.drop_mark, theme.accent, 2);
  if (model_.selection) {
    painter.fill_rect(*model_.selection, with_alpha(theme.accent, 0.18));
    painter.stroke_rect(*model_.selection, theme.accent);
  }
  if (!model_.any_data()) draw_empty_state(painter);
  const Rect bounds = layout_.all.inset(4);
  if (hovered_.racer >= 0 && model_.pointer) {
    const Racer& racer = model_.racers()[static_cast<std::size_t>(hovered_.racer)];
    draw_text_box(painter, theme, *model_.pointer, bounds,
                  event_lines(racer.run->events[hovered_.index], racer.label));
    return;
  }
  for (const auto& entry : figures_) entry.second->draw_overlay(painter, theme, bounds);
}

void ScopeScene::draw_add_button(Painter& painter) const {
  const Rect& button = layout_.add_button;
  if (button.width <= 0 || look_.for_file) return;
  const Theme& theme = look_.theme();
  const bool hovered = model_.pointer && button.contains(*model_.pointer);
  painter.fill_rect(button, hovered ? theme.control_hover : theme.control, 4);
  const Point middle = {crisp(button.centre().x), crisp(button.centre().y)};
  painter.line({middle.x - 5, middle.y}, {middle.x + 5, middle.y}, {theme.text, 1.4, Dash::solid});
  painter.line({middle.x, middle.y - 5}, {middle.x, middle.y + 5}, {theme.text, 1.4, Dash::solid});
}

void ScopeScene::draw_legend(Painter& painter) const {
  const Theme& theme = look_.theme();
  draw_add_button(painter);
  const bool dashes = model_.dashes_in_use();
  for (const LegendChip& chip : layout_.chips) {
    const Racer& racer = model_.racers()[static_cast<std::size_t>(chip.racer)];
    const bool hovered = model_.pointer && chip.area.contains(*model_.pointer);
    if (hovered || model_.highlighted == chip.racer) painter.fill_rect(chip.area, theme.control_hover, 4);
    const double middle = std::round(chip.area.centre().y);
    const Colour colour = look_.colour_of(racer);
    const Colour line = racer.visible ? colour : mixed(theme.window, theme.muted, 0.5);
    painter.fill_rect({chip.area.x + 8, middle - 5, 10, 10}, line, 3);
    double left = chip.area.x + 24;
    if (dashes) {
      painter.line({left, crisp(middle)}, {left + 26, crisp(middle)},
                   {mixed(theme.window, theme.text, 0.6), 1.8, model_.dash_of(chip.racer)});
      left += 32;
    }
    const std::string text = short_name(painter, racer.label, TextSize::small, chip.area.right() - left - 6);
    const Colour ink = racer.visible ? theme.text : mixed(theme.window, theme.muted, 0.65);
    painter.text({left, middle}, text, {ink, TextSize::small, AlignX::left, AlignY::middle});
    if (!racer.visible) {
      const double width = painter.measure(text, TextSize::small).width;
      painter.line({left - 1, crisp(middle)}, {left + 1 + width, crisp(middle)}, {ink, 1, Dash::solid});
    }
  }
  if (layout_.hidden_chips > 0) {
    painter.text(layout_.hidden_note, figure_words("and %1 more", std::to_string(layout_.hidden_chips)),
                 {theme.muted, TextSize::small, AlignX::left, AlignY::middle});
  }
}

namespace {

/// As many of the names as fit, the others counted.
std::string names_within(Painter& painter, const std::vector<std::string>& names, double room) {
  for (std::size_t said = names.size(); said > 0; --said) {
    std::string text;
    for (std::size_t i = 0; i < said; ++i) text += (i > 0 ? ", " : "") + names[i];
    if (said < names.size()) text += figure_words(" and %1 more", std::to_string(names.size() - said));
    if (said == 1 || painter.measure(text, TextSize::small).width <= room)
      return shortened(painter, text, TextSize::small, room);
  }
  return "";
}

}  // namespace

void ScopeScene::draw_strip(Painter& painter) const {
  const Rect& strip = layout_.strip;
  if (strip.width <= 0 || look_.for_file) return;
  const Theme& theme = look_.theme();
  const bool hovered = model_.pointer && strip.contains(*model_.pointer);
  std::vector<int> out = layout_.further(true);
  const bool down = !out.empty();
  if (!down) out = layout_.further(false);
  painter.fill_rect(strip, hovered ? theme.control_hover : theme.control);
  const double x = strip.x + 12, y = std::round(strip.centre().y);
  if (down)
    painter.fill_triangle({x, y - 2}, {x + 8, y - 2}, {x + 4, y + 3}, theme.text);
  else
    painter.fill_triangle({x, y + 2}, {x + 8, y + 2}, {x + 4, y - 3}, theme.text);
  std::vector<std::string> names;
  const std::vector<std::string> all = model_.figure_names();
  for (const int figure : out) names.push_back(all[static_cast<std::size_t>(figure)]);
  const std::string words = down ? figure_words("Further down: ") : figure_words("Further up: ");
  const TextStyle style = {theme.text, TextSize::small, AlignX::left, AlignY::middle};
  const double begin = x + 16, width = painter.measure(words, TextSize::small).width;
  painter.text({begin, y}, words, style);
  painter.text({begin + width, y}, names_within(painter, names, strip.right() - begin - width - 14), style);
  const Rect& track = layout_.track;
  painter.fill_rect(track, theme.control);
  const bool held = model_.pointer && track.contains(*model_.pointer);
  painter.fill_rect(
      {layout_.thumb.x + 1, layout_.thumb.y + 1, layout_.thumb.width - 2, layout_.thumb.height - 2},
      held ? theme.text : theme.muted, 3);
}

namespace {

bool all_failed(const ScopeModel& model) {
  return !model.racers().empty() &&
         std::all_of(model.racers().begin(), model.racers().end(), [](const Racer& racer) {
           return std::any_of(racer.run->events.begin(), racer.run->events.end(),
                              [](const Event& event) { return event.kind == EventKind::failed; });
         });
}

}  // namespace

/// How to begin, in the words of what is on the screen.
std::string ScopeScene::way_to_begin() const {
  if (all_failed(model_)) return figure_words("The events say why. Change the settings and press Play.");
  if (!model_.racers().empty())
    return figure_words("The first step of a run prepares its networks and data.");
  if (model_.lesson) return figure_words("Press Run in the lesson to start this step's experiment.");
  if (model_.lecture) return figure_words("Press Space to start the experiment.");
  return figure_words("Press Play to start an experiment, or tick runs in the library to compare them.");
}

void ScopeScene::draw_empty_state(Painter& painter) const {
  const Theme& theme = look_.theme();
  const std::string first = model_.racers().empty() ? figure_words("Nothing to show yet")
                            : all_failed(model_)    ? figure_words("Failed before the first step")
                                                    : figure_words("Waiting for the first numbers…");
  const std::string second = way_to_begin();
  const Point middle = {layout_.all.centre().x, layout_.all.centre().y};
  const double width = std::min(std::max(painter.measure(first, TextSize::title).width,
                                         painter.measure(second, TextSize::normal).width) +
                                    48,
                                layout_.all.width - 12);
  const Rect card = {std::round(middle.x - width / 2), std::round(middle.y - 34), std::round(width), 68};
  painter.fill_rect(card, theme.popup, 8);
  painter.stroke_rect(card, theme.popup_border, 1, 8);
  painter.text({middle.x, middle.y - 12}, first,
               {theme.text, TextSize::title, AlignX::centre, AlignY::middle});
  painter.text({middle.x, middle.y + 12}, shortened(painter, second, TextSize::normal, width - 16),
               {theme.muted, TextSize::normal, AlignX::centre, AlignY::middle});
}

}  // namespace grapevine
