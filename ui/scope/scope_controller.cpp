// Mouse and keys on the scope.
#include "ui/scope/scope_controller.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "ui/plot/event_lane.h"
#include "ui/plot/line_figure.h"
#include "ui/scope/event_text.h"
#include "ui/scope/figure_entry.h"
#include "ui/scope/figures/stage_build.h"

namespace grapevine {
namespace {

constexpr double kClickSlop = 4;  ///< pixels that a click may wander
constexpr double kWheelFactor = 1.2;
constexpr double kWheelScroll = 60;  ///< pixels a notch, where there is nothing to zoom

}  // namespace

ScopeController::Target ScopeController::target_at(Point at) const {
  const ScopeLayout layout = lay_out(model_, size_, measure_);
  if (layout.strip.contains(at)) return {Zone::strip, -1, -1, {}};
  if (layout.track.contains(at)) return {Zone::bar, -1, -1, {}};
  for (const LegendChip& chip : layout.chips) {
    if (chip.area.contains(at)) return {Zone::chip, chip.racer, -1, {}};
  }
  if (layout.add_button.contains(at)) return {Zone::add, -1, -1, {}};
  for (const Splitter& splitter : layout.splitters)
    if (splitter.area.contains(at) &&
        (splitter.kind == Splitter::Kind::stage || layout.viewport.contains(at)))
      return {Zone::splitter, -1, -1, {}, splitter};
  for (const FigurePlace& place : layout.figures) {
    if (!layout.is_at(place, at)) continue;
    const FigureEntry& entry = entry_of(model_, place.figure);
    const FigureHandling handling = entry.traits().handling;
    if (handling == FigureHandling::places) return {Zone::stage, place.figure, -1, place.area};
    // Only its geometry is needed here, not its data.
    LineFigure figure;
    entry.shape(model_, look_, place, figure);
    const Rect plot = figure.plot();
    if (handling == FigureHandling::none)
      return {figure.title_area().contains(at) ? Zone::title : Zone::nothing, place.figure, -1, plot};
    if (!figure.controls.empty() && figure.control_area(0).contains(at))
      return {Zone::control, place.figure, 0, plot};
    if (figure.title_area().contains(at)) return {Zone::title, place.figure, -1, plot};
    if (plot.contains(at)) return {Zone::plot, place.figure, -1, plot};
    if (at.y >= plot.bottom() && at.x >= plot.x) return {Zone::x_axis, place.figure, -1, plot};
    if (at.x < plot.x && at.y >= plot.y) return {Zone::y_axis, place.figure, -1, plot};
    return {Zone::nothing, place.figure, -1, plot};
  }
  return {};
}

bool ScopeController::y_moves(int figure) const {
  return entry_of(model_, figure).traits().height_moves;
}

Axis ScopeController::height_of(int figure) const {
  return entry_of(model_, figure).height(model_, look_, figure);
}

void ScopeController::handle(const PointerEvent& event) {
  switch (event.kind) {
    case PointerEvent::Kind::press:
      return press(event);
    case PointerEvent::Kind::release:
      return release(event);
    case PointerEvent::Kind::move:
      return move(event);
    case PointerEvent::Kind::wheel:
      return wheel(event);
    case PointerEvent::Kind::double_click:
      return double_click(event);
    case PointerEvent::Kind::leave:
      return leave();
  }
}

void ScopeController::press(const PointerEvent& event) {
  if (button_ != PointerEvent::Button::none) return;  // one button at a time
  update_hover(event.at);
  pressed_ = target_at(event.at);
  press_at_ = event.at;
  last_at_ = event.at;
  button_ = event.button;
  moved_ = false;
  drag_ = Drag::none;
  if (event.button == PointerEvent::Button::left) {
    if (pressed_.zone == Zone::plot) drag_ = Drag::pan;
    if (pressed_.zone == Zone::x_axis) drag_ = Drag::zoom_x;
    if (pressed_.zone == Zone::y_axis && y_moves(pressed_.index)) drag_ = Drag::zoom_y;
    if (pressed_.zone == Zone::splitter) drag_ = Drag::split;
    if (pressed_.zone == Zone::title) drag_ = Drag::carry;
    if (pressed_.zone == Zone::bar) drag_ = Drag::scroll;
  } else if (event.button == PointerEvent::Button::middle && pressed_.zone == Zone::plot) {
    drag_ = Drag::pan;
  } else if (event.button == PointerEvent::Button::right && pressed_.zone == Zone::plot) {
    drag_ = Drag::select;
  }
}

void ScopeController::move(const PointerEvent& event) {
  if (button_ != PointerEvent::Button::none) {
    moved_ = moved_ || std::hypot(event.at.x - press_at_.x, event.at.y - press_at_.y) > kClickSlop;
    if (moved_ && drag_ != Drag::none) drag(event);
  }
  update_hover(event.at);
}

void ScopeController::drag(const PointerEvent& event) {
  const double dx = event.at.x - last_at_.x;
  const double dy = event.at.y - last_at_.y;
  const Rect& plot = pressed_.plot;
  const int figure = pressed_.index;
  last_at_ = event.at;
  switch (drag_) {
    case Drag::pan: {
      // Both from what is on the screen: the new stretch of time may have another fitted height.
      const Axis height = height_of(figure);
      if (dx != 0) model_.pan(figure, -dx / plot.width);
      // A slight slant is not a wish to leave the fitted height.
      if (dy != 0 && y_moves(figure) &&
          (model_.figures()[static_cast<std::size_t>(figure)].y_fixed ||
           std::abs(event.at.y - press_at_.y) > 20)) {
        model_.pan_y(figure, dy / plot.height, height);
      }
      break;
    }
    case Drag::zoom_x:
      model_.zoom(figure, std::exp(dx / 160), std::clamp((press_at_.x - plot.x) / plot.width, 0.0, 1.0));
      break;
    case Drag::zoom_y:
      model_.zoom_y(figure, std::exp(-dy / 120),
                    std::clamp((plot.bottom() - press_at_.y) / plot.height, 0.0, 1.0), height_of(figure));
      break;
    case Drag::select: {
      const double from = std::clamp(std::min(press_at_.x, event.at.x), plot.x, plot.right());
      const double to = std::clamp(std::max(press_at_.x, event.at.x), plot.x, plot.right());
      model_.selection = Rect{from, plot.y, to - from, plot.height};
      break;
    }
    case Drag::split:
      split(event.at);
      break;
    case Drag::carry: {
      const std::optional<Drop> drop = drop_at(event.at);
      model_.drop_mark = drop ? std::optional(drop->mark) : std::nullopt;
      break;
    }
    case Drag::scroll:
      drag_thumb(dy);
      break;
    case Drag::none:
      break;
  }
}

void ScopeController::release(const PointerEvent& event) {
  if (event.button != button_) return;
  if (!moved_) {
    click(event, pressed_);
  } else if (drag_ == Drag::select) {
    finish_selection();
  } else if (drag_ == Drag::carry) {
    if (const auto drop = drop_at(event.at)) model_.place_figure(pressed_.index, drop->beside, drop->before);
  }
  model_.selection.reset();
  model_.drop_mark.reset();
  drag_ = Drag::none;
  button_ = PointerEvent::Button::none;
  update_hover(event.at);
}

void ScopeController::finish_selection() {
  if (!model_.selection || model_.selection->width < 3) return;
  const Axis now = model_.time(pressed_.index);
  const double from = (model_.selection->x - pressed_.plot.x) / pressed_.plot.width;
  const double to = (model_.selection->right() - pressed_.plot.x) / pressed_.plot.width;
  model_.set_range(pressed_.index, {now.from_unit(from), now.from_unit(to)});
}

void ScopeController::click(const PointerEvent& event, const Target& target) {
  if (button_ == PointerEvent::Button::right) {
    if (target.zone == Zone::chip) {
      if (requests.chip_menu) requests.chip_menu(target.index, event.at);
    } else if (target.index >= 0 && requests.context_menu) {
      requests.context_menu(target.index, event.at);
    }
    return;
  }
  if (button_ == PointerEvent::Button::middle && target.zone == Zone::chip) return model_.solo(target.index);
  if (button_ != PointerEvent::Button::left) return;
  if (target.zone == Zone::chip) {
    // Alt-click moves the window on many desktops; where it doesn't, it works too.
    if (event.ctrl || event.alt) {
      model_.solo(target.index);
    } else {
      model_.set_visible(target.index, !model_.visible(target.index));
    }
  } else if (target.zone == Zone::control) {
    model_.toggle_switch(target.index);
  } else if (target.zone == Zone::add) {
    if (requests.add_menu) requests.add_menu(event.at);
  } else if (target.zone == Zone::title) {
    if (requests.measure_menu && entry_of(model_, target.index).traits().title_menu)
      requests.measure_menu(target.index, event.at);
  } else if (target.zone == Zone::strip) {
    click_strip();
  } else if (target.zone == Zone::bar) {
    scroll_pages(event.at.y < lay_out(model_, size_, measure_).thumb.centre().y ? -1 : 1);
  } else if (target.zone == Zone::stage) {
    click_stage(event.at);
  } else if (target.zone == Zone::plot && requests.event_chosen) {
    const HoveredEvent hovered = ScopeScene(model_, look_, size_, measure_).hovered_event();
    if (hovered.racer < 0) return;
    const RunData& run = *model_.racers()[static_cast<std::size_t>(hovered.racer)].run;
    requests.event_chosen(hovered.racer, run.events[hovered.index].step);
  }
}

void ScopeController::double_click(const PointerEvent& event) {
  const Target target = target_at(event.at);
  if (target.zone == Zone::chip || target.zone == Zone::control || target.zone == Zone::title) {
    press(event);  // the second of two quick clicks is a click of its own
    return;
  }
  if (target.zone == Zone::plot || target.zone == Zone::x_axis || target.zone == Zone::y_axis) {
    if (target.zone != Zone::y_axis) model_.fit(target.index);
    model_.figures()[static_cast<std::size_t>(target.index)].y_fixed = false;
  }
}

void ScopeController::wheel(const PointerEvent& event) {
  const Target target = target_at(event.at);
  if (target.zone != Zone::plot && target.zone != Zone::x_axis && target.zone != Zone::y_axis) {
    scroll_by(-event.wheel * kWheelScroll);
    return update_hover(event.at);
  }
  const double factor = std::pow(kWheelFactor, event.wheel);
  const bool x = target.zone == Zone::x_axis || (target.zone == Zone::plot && !event.ctrl);
  const bool y = target.zone == Zone::y_axis || (target.zone == Zone::plot && !event.shift);
  // The height as it is on the screen: fewer data in view would be fitted again, away from the pointer.
  const Axis height = height_of(target.index);
  if (x)
    model_.zoom(target.index, factor, std::clamp((event.at.x - target.plot.x) / target.plot.width, 0.0, 1.0));
  if (y && y_moves(target.index)) {
    model_.zoom_y(target.index, factor,
                  std::clamp((target.plot.bottom() - event.at.y) / target.plot.height, 0.0, 1.0), height);
  }
  update_hover(event.at);
}

void ScopeController::leave() {
  model_.pointer.reset();
  model_.hovered_figure = -1;
  model_.hovered_place.reset();
  model_.cursor.reset();
  model_.highlighted = -1;
  shape_ = CursorShape::arrow;
}

void ScopeController::update_hover(Point at) {
  const Target target = target_at(at);
  model_.pointer = at;
  model_.highlighted = target.zone == Zone::chip && model_.visible(target.index) ? target.index : -1;
  model_.hovered_figure = target.zone == Zone::plot ? target.index : -1;
  if (target.zone == Zone::plot) {
    model_.cursor = model_.time(target.index).from_unit((at.x - target.plot.x) / target.plot.width);
  } else {
    model_.cursor.reset();
  }
  hover_stage(target, at);
  switch (target.zone) {
    case Zone::chip:
    case Zone::add:
    case Zone::control:
    case Zone::strip:
      shape_ = CursorShape::pointing;
      break;
    case Zone::title:
      shape_ = drag_ == Drag::carry && moved_ ? CursorShape::grabbing : CursorShape::pointing;
      break;
    case Zone::splitter:
      shape_ =
          target.splitter.kind == Splitter::Kind::columns ? CursorShape::resize_x : CursorShape::resize_y;
      break;
    case Zone::plot:
      shape_ = drag_ == Drag::pan && moved_ ? CursorShape::grabbing : CursorShape::cross;
      break;
    case Zone::x_axis:
      shape_ = CursorShape::resize_x;
      break;
    case Zone::y_axis:
      shape_ = y_moves(target.index) ? CursorShape::resize_y : CursorShape::arrow;
      break;
    case Zone::stage:
      shape_ = model_.hovered_place ? CursorShape::pointing : CursorShape::arrow;
      break;
    case Zone::bar:
    case Zone::nothing:
      shape_ = CursorShape::arrow;
      break;
  }
}

void ScopeController::hover_stage(const Target& target, Point at) {
  model_.hovered_place.reset();
  if (target.zone != Zone::stage) return;
  model_.hovered_place = build_stage(model_, look_, {target.index, target.plot, false, -1})->place_at(at);
}

void ScopeController::click_stage(Point at) {
  const Target target = target_at(at);
  if (target.zone != Zone::stage) return;
  const auto stage = build_stage(model_, look_, {target.index, target.plot, false, -1});
  if (const auto fold = stage->fold_at(at)) model_.open_fold = fold;
  const auto place = stage->place_at(at);
  model_.chosen_place = place == model_.chosen_place ? std::nullopt : place;
}

void ScopeController::handle(ScopeKey key) {
  const int figure = model_.hovered_figure;
  switch (key) {
    case ScopeKey::left:
      return model_.chosen_place ? model_.walk(-1, 0) : model_.pan(figure, -0.1);
    case ScopeKey::right:
      return model_.chosen_place ? model_.walk(1, 0) : model_.pan(figure, 0.1);
    case ScopeKey::up:
    case ScopeKey::down:
      model_.walk(0, key == ScopeKey::up ? 1 : -1);
      return bring_into_view(model_.stage_figure());
    case ScopeKey::scroll_up:
      return scroll_pages(-1);
    case ScopeKey::scroll_down:
      return scroll_pages(1);
    case ScopeKey::second_cursor:
      if (model_.anchor || !model_.cursor) {
        model_.anchor.reset();
      } else {
        model_.anchor = model_.cursor;
      }
      return;
    case ScopeKey::previous_event:
      return jump_to_event(-1);
    case ScopeKey::next_event:
      return jump_to_event(1);
    case ScopeKey::menu:
      return show_menu_of_chosen();
    case ScopeKey::undo:
      if (requests.undo) requests.undo();
      return;
    case ScopeKey::inspect:
      if (!model_.chosen_place) model_.walk(0, 0);
      if (model_.chosen_place && requests.inspect) requests.inspect(*model_.chosen_place);
      return;
    case ScopeKey::add_figure:
      if (requests.add_menu) requests.add_menu(lay_out(model_, size_, measure_).add_button.centre());
      return;
    case ScopeKey::previous_figure:
    case ScopeKey::next_figure:
    case ScopeKey::figure_back:
    case ScopeKey::figure_forward:
    case ScopeKey::figure_to_other_column:
    case ScopeKey::taller:
    case ScopeKey::shorter:
    case ScopeKey::remove_figure:
      return handle_figure(key);
    case ScopeKey::escape:
      model_.chosen_figure = -1;
      model_.drop_mark.reset();
      model_.anchor.reset();
      model_.selection.reset();
      model_.chosen_place.reset();
      model_.open_fold.reset();
      drag_ = Drag::none;
      return;
  }
}

/// By the keyboard: of the chosen figure, else where the chosen dial is, else in the middle of the stage.
void ScopeController::show_menu_of_chosen() {
  if (!requests.context_menu) return;
  const ScopeLayout places = lay_out(model_, size_, measure_);
  if (const FigurePlace* figure = places.place_of(model_.chosen_figure);
      figure && model_.chosen_figure != model_.stage_figure())
    return requests.context_menu(model_.chosen_figure, figure->area.centre());
  const FigurePlace* place = places.place_of(model_.stage_figure());
  if (!place) return;
  const auto stage = build_stage(model_, look_, {place->figure, place->area, false, -1});
  Point at = place->area.centre();
  if (model_.chosen_place)
    if (const auto dial = stage->place_of(*model_.chosen_place)) at = dial->box.centre();
  requests.context_menu(place->figure, at);
}

void ScopeController::jump_to_event(int direction) {
  const TimeRange range = model_.range(-1);
  const double now = model_.cursor ? *model_.cursor : range.lo + range.span() / 2;
  double best = std::numeric_limits<double>::quiet_NaN();
  for (std::size_t r = 0; r < model_.racers().size(); ++r) {
    if (!model_.racers()[r].visible) continue;
    for (const Event& event : model_.racers()[r].run->events) {
      if (!marks_figures(shape_of(event.kind.kind()))) continue;
      const double time = model_.time_of_event(static_cast<int>(r), event);
      const double ahead = (time - now) * direction;
      if (ahead > range.span() * 1e-6 && !(ahead >= (best - now) * direction)) best = time;
    }
  }
  if (!std::isnan(best)) model_.jump_to(best);
}

}  // namespace grapevine
