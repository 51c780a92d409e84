// The way that feedback takes on the stage, as each rule routes it.
#include <array>
#include <cmath>
#include <vector>

#include "ui/plot/figure_words.h"
#include "ui/scope/figures/stage_figure.h"
#include "ui/scope/figures/stage_text.h"

namespace grapevine {

namespace {

/// A signal's length over BP's: "39", "0.9", "0.02".
std::string ratio_words(double ratio) {
  if (ratio >= 9.95) return std::to_string(std::lround(ratio));
  return ratio >= 0.05 ? format_number(std::round(ratio * 10) / 10, 2) : format_number(ratio, 1);
}

}  // namespace

Colour StageFigure::hue_of(const StageColumn& column, const Theme& theme) const {
  const bool faded = emphasised_racer >= 0 && emphasised_racer != column.racer;
  return faded ? mixed(theme.plot, column.hue, 0.3) : column.hue;
}

Colour StageFigure::arrow_colour(const StageColumn& column, const StageDial& dial, const Theme& theme) const {
  // Opaque: where arrows meet, transparency would add up.
  const Colour hue =
      lights_elsewhere(column) ? mixed(theme.plot, hue_of(column, theme), 0.25) : hue_of(column, theme);
  if (column.route == FeedbackRoute::backward) return hue;
  if (std::isnan(dial.tone)) return theme.border;
  return mixed(theme.plot, hue, arrow_share(dial.tone));
}

double StageFigure::arrow_pixels(const StageDial& dial, const ColumnPlace& place) const {
  const double most = place.lane_step > 0 ? place.lane_step * 0.72 : 12;
  return std::clamp(arrow_width(dial.ratio) * layout.scale, 1.2, std::max(1.2, most));
}

void StageFigure::draw_feedback(Painter& painter, const Theme& theme, const StageColumn& column,
                                const ColumnPlace& place) const {
  switch (column.route) {
    case FeedbackRoute::direct:
      return draw_direct(painter, theme, column, place);
    case FeedbackRoute::backward:
    case FeedbackRoute::transport:
      return draw_downward(painter, theme, column, place);
    case FeedbackRoute::input:
      return draw_into_input(painter, theme, column, place);
    case FeedbackRoute::forward:
      return draw_upward(painter, theme, column, place);
    case FeedbackRoute::local:
      return draw_loops(painter, theme, column, place);
  }
}

void StageFigure::draw_direct(Painter& painter, const Theme& theme, const StageColumn& column,
                              const ColumnPlace& place) const {
  const auto count = static_cast<double>(place.dials.size());
  const double port = std::min(8.5, (place.error.height - 8) / std::max(1.0, count));
  // The nearest to the input goes outermost, through the topmost port: no two cross.
  for (std::size_t i = 0; i < place.dials.size(); ++i) {
    const DialPlace& dial = place.dials[i];
    const StageDial& shown = shown_dial(column, dial);
    const double outward = count - 1 - static_cast<double>(i);
    const double y = place.error.centre().y - port * (outward - (count - 1) / 2);
    const double x = place.lane + place.lane_step * outward;
    const double end = dial.pivot.x + layout.radius + std::max(6.0, 0.13 * layout.radius + 5);
    const std::array<Point, 4> corners = {Point{place.error.right() - 2, y}, Point{x, y},
                                          Point{x, dial.pivot.y}, Point{end, dial.pivot.y}};
    draw_arrow(painter, rounded_path(corners, std::min(20.0, 4 + 16 * layout.scale)),
               arrow_pixels(shown, place), arrow_colour(column, shown, theme),
               std::isnan(shown.tone) ? Dash::dashed : Dash::solid);
    if (std::isnan(shown.ratio) || layout.dense) continue;
    const std::string number = ratio_words(shown.ratio);
    std::string text = i == 0 ? figure_words("%1 × BP's length", number) : number + " ×";
    // Between the tip and the next arc that passes by.
    const double passing = i == 0 ? place.area.right() : x + place.lane_step - arrow_pixels(shown, place) / 2;
    const TextSize face = fitting(painter, text, passing - end - 2, {TextSize::label, TextSize::small});
    if (painter.measure(text, face).width > passing - end) text = number + "×";
    // A number that does not say what it counts explains nothing.
    if (painter.measure(text, face).width > passing - end) continue;
    painter.text({end, dial.pivot.y + std::max(8.0, arrow_pixels(shown, place))}, text,
                 {theme.muted, face, AlignX::left, AlignY::top});
  }
}

void StageFigure::draw_downward(Painter& painter, const Theme& theme, const StageColumn& column,
                                const ColumnPlace& place) const {
  const bool beside = layout.strips;
  double from = beside ? place.error.centre().y : place.output.bottom();
  const double x = beside ? place.lane : place.output.centre().x;
  for (std::size_t i = place.dials.size(); i-- > 0;) {
    const DialPlace& dial = place.dials[i];
    const StageDial& shown = shown_dial(column, dial);
    const Colour colour = arrow_colour(column, shown, theme);
    const Dash dash =
        std::isnan(shown.tone) && column.route != FeedbackRoute::backward ? Dash::dashed : Dash::solid;
    const double to = beside ? dial.pivot.y : dial.box.y - 1;
    const double width = beside ? std::min(3.6, 6 * layout.scale) : std::clamp(6 * layout.scale, 2.5, 6.0);
    if (beside && i + 1 == place.dials.size()) {
      const std::array<Point, 3> corners = {Point{place.error.right(), from}, Point{x, from}, Point{x, to}};
      draw_arrow(painter, rounded_path(corners, 8), width, colour, dash);
    } else {
      const std::array<Point, 2> ends = {Point{x, from + (beside ? 3 : 2)}, Point{x, to}};
      draw_arrow(painter, ends, width, colour, dash);
    }
    // The angle between the weights and what carries the error in their place.
    const double room = to - from;
    if (!beside && column.route == FeedbackRoute::transport && !std::isnan(shown.tone) && room >= 16) {
      const DialFace face = {{x + 16, (from + to) / 2}, std::min(12.0, room / 2 - 1), 0};
      draw_dial_face(painter, theme, face);
      draw_needle(painter, face, std::acos(std::clamp(shown.tone, -1.0, 1.0)) * 57.29578,
                  hue_of(column, theme));
    }
    from = beside ? dial.pivot.y : dial.box.bottom();
  }
}

void StageFigure::draw_into_input(Painter& painter, const Theme& theme, const StageColumn& column,
                                  const ColumnPlace& place) const {
  const Colour hue = hue_of(column, theme);
  const double width = std::clamp(5 * layout.scale, 2.0, 5.0);
  const double right = place.lane;
  const double low = place.input.y + 6;
  const std::array<Point, 4> error = {Point{place.error.right() - 2, place.error.centre().y},
                                      Point{right, place.error.centre().y}, Point{right, low},
                                      Point{place.input.x + 3, low}};
  draw_arrow(painter, rounded_path(error, 14), width, hue);
  if (place.dials.empty()) return;
  const std::array<Point, 4> again = {Point{place.input.x - 3, low}, Point{place.left_lane, low},
                                      Point{place.left_lane, place.output.centre().y},
                                      Point{place.output.x - 1, place.output.centre().y}};
  draw_arrow(painter, rounded_path(again, 8), std::max(1.5, width * 0.6), hue, Dash::dashed);
}

void StageFigure::draw_upward(Painter& painter, const Theme& theme, const StageColumn& column,
                              const ColumnPlace& place) const {
  if (place.dials.empty()) return;
  const std::array<Point, 4> along = {
      Point{place.input.x, place.input.y + 6}, Point{place.left_lane, place.input.y + 6},
      Point{place.left_lane, place.output.centre().y}, Point{place.output.x - 1, place.output.centre().y}};
  draw_arrow(painter, rounded_path(along, 8), std::clamp(4 * layout.scale, 1.6, 4.0), hue_of(column, theme));
}

void StageFigure::draw_loops(Painter& painter, const Theme& theme, const StageColumn& column,
                             const ColumnPlace& place) const {
  for (const DialPlace& dial : place.dials) {
    const double half = std::min(12.0, dial.box.height * 0.3);
    const double y = dial.box.centre().y;
    const std::array<Point, 4> loop = {Point{dial.box.x, y + half}, Point{place.left_lane, y + half},
                                       Point{place.left_lane, y - half}, Point{dial.box.x - 1, y - half}};
    draw_arrow(painter, rounded_path(loop, 7), std::clamp(3 * layout.scale, 1.4, 3.0), hue_of(column, theme));
  }
}

void StageFigure::draw_step(Painter& painter, const Theme& theme, const StageColumn& column,
                            const ColumnPlace& place) const {
  if (!step || step->place.racer != column.racer) return;
  std::vector<double> stops{place.input.y + 4};
  for (const DialPlace& dial : place.dials) stops.push_back(dial.box.centre().y);
  stops.push_back(place.output.centre().y);
  const auto climb = [&](double x, bool lit, Dash dash) {
    const Colour colour = lit ? theme.accent : theme.border;
    for (std::size_t i = 0; i + 1 < stops.size(); ++i) {
      const std::array<Point, 2> ends = {Point{x, stops[i] - 2}, Point{x, stops[i + 1] + 2}};
      draw_arrow(painter, ends, lit ? 3 : 1.4, colour, dash);
    }
  };
  climb(place.output.x - 7, step->part == StagePart::forward, Dash::solid);
  climb(place.output.x - 16, step->part == StagePart::tangent, Dash::dashed);
  for (const DialPlace& dial : place.dials)
    if (is_marked(step->place, column, dial))
      painter.stroke_rect(dial.box.inset(-3), theme.accent, step->part == StagePart::layer ? 3 : 1.5, 6);
}

}  // namespace grapevine
