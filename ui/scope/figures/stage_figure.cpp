// The stage, drawn: boxes, dials and what is beneath them. The heads of its columns are drawn in
// stage_header.cpp, its arrows in stage_arrows.cpp.
#include "ui/scope/figures/stage_figure.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>
#include <tuple>

#include "ui/plot/figure_words.h"
#include "ui/plot/names.h"
#include "ui/scope/figures/stage_text.h"
#include "ui/scope/figures/stage_words.h"

namespace grapevine {
namespace {

constexpr double kRing = 7;        ///< from a column's parts to the ring of an exact step
constexpr double kWordsApart = 6;  ///< of a box's name and its reading on one line
constexpr double kSkip = 6;        ///< from a block's boxes to the way past them

}  // namespace

const StageColumn* StageFigure::column_of(int racer) const {
  for (const StageColumn& column : data.columns)
    if (column.racer == racer) return &column;
  return nullptr;
}

const StageDial* StageFigure::dial_of(const StagePlace& place) const {
  const StageColumn* column = column_of(place.racer);
  if (!column || place.point < 1 || place.point > static_cast<int>(column->dials.size())) return nullptr;
  return &column->dials[static_cast<std::size_t>(place.point - 1)];
}

std::optional<StagePlace> StageFigure::place_at(Point at) const {
  const auto hit = layout.dial_at(at);
  if (!hit) return std::nullopt;
  const StageColumn& column = data.columns[static_cast<std::size_t>(hit->column)];
  const DialPlace& dial =
      layout.columns[static_cast<std::size_t>(hit->column)].dials[static_cast<std::size_t>(hit->dial)];
  return StagePlace{column.racer, shown_dial(column, dial).point};
}

std::optional<DialPlace> StageFigure::place_of(const StagePlace& place) const {
  for (std::size_t c = 0; c < data.columns.size(); ++c) {
    if (data.columns[c].racer != place.racer) continue;
    for (const DialPlace& dial : layout.columns[c].dials)
      if (dial.first <= place.point && place.point <= dial.last) return dial;
  }
  return std::nullopt;
}

std::optional<StageRow> StageFigure::fold_at(Point at) const {
  const auto hit = layout.dial_at(at);
  if (!hit) return std::nullopt;
  const DialPlace& dial =
      layout.columns[static_cast<std::size_t>(hit->column)].dials[static_cast<std::size_t>(hit->dial)];
  const StageRow& row = layout.rows[static_cast<std::size_t>(dial.row)];
  return row.folded() ? std::optional(row) : std::nullopt;
}

const StageDial& StageFigure::shown_dial(const StageColumn& column, const DialPlace& place) const {
  return column.dials[static_cast<std::size_t>(worst_of(column, place.first, place.last))];
}

bool StageFigure::is_marked(const std::optional<StagePlace>& place, const StageColumn& column,
                            const DialPlace& dial) const {
  return place && place->racer == column.racer && place->point >= dial.first && place->point <= dial.last;
}

void StageFigure::draw(Painter& painter, const Theme& theme) const {
  draw_headline(painter, theme);
  for (std::size_t i = 0; i < data.columns.size(); ++i) draw_column(painter, theme, i);
  draw_key(painter, theme);
  draw_empty_text(painter, theme);
}

void StageFigure::draw_column(Painter& painter, const Theme& theme, std::size_t index) const {
  const StageColumn& column = data.columns[index];
  const ColumnPlace& place = layout.columns[index];
  const double beside = index == 0 ? place.area.x - outer.x : 24;  // numbers of layers
  const ClipGuard clip(painter,
                       {place.area.x - beside, outer.y, place.area.width + beside + 10, outer.height});
  if (column.calibration_is_now) {
    const double top = place.output.y - kRing;
    painter.stroke_rect({place.area.x - kRing, top, place.area.width + kRing - 2, place.input.y + 4 - top},
                        hue_of(column, theme), 2, 10);
  }
  draw_header(painter, theme, column, place);
  draw_ends(painter, theme, column, place);
  draw_skips(painter, theme, place);
  const BoxNames names = box_names(painter);
  for (const DialPlace& dial : place.dials) {
    draw_box(painter, theme, column, dial, names);
    draw_box_words(painter, theme, column, dial, names);
    draw_dial(painter, theme, column, dial);
  }
  draw_feedback(painter, theme, column, place);
  draw_step(painter, theme, column, place);
  draw_foot(painter, theme, column, place);
}

void StageFigure::draw_ends(Painter& painter, const Theme& theme, const StageColumn& column,
                            const ColumnPlace& place) const {
  const Colour hue = hue_of(column, theme);
  const double middle = place.output.centre().y;
  painter.line({place.output.right(), crisp(middle)}, {place.error.x, crisp(middle)},
               {theme.border, 1, Dash::solid});
  painter.fill_rect(place.output, theme.box, 4);
  painter.stroke_rect(place.output, theme.border, 1, 4);
  const std::string outputs = column.outputs > 0 ? counted(column.outputs) : "";
  const double number = painter.measure(outputs, TextSize::label).width;
  const std::string words = figure_words("Output");
  const double room = place.output.width - number - 22;
  const TextSize face = fitting(painter, words, room, {TextSize::label, TextSize::small});
  if (painter.measure(words, face).width <= room)
    painter.text({place.output.x + 10, middle}, words, {theme.muted, face, AlignX::left, AlignY::middle});
  painter.text({place.output.right() - 10, middle}, outputs,
               {theme.muted, TextSize::label, AlignX::right, AlignY::middle});
  painter.fill_rect(place.error, hue, 6);
  painter.text(place.error.centre(), "e", {theme.plot, TextSize::name, AlignX::centre, AlignY::middle});
  if (column.dials.empty()) return;  // before anything is known of the network
  painter.line({crisp(place.input.x), place.input.y - 1}, {crisp(place.input.x), place.input.y + 6},
               {theme.border, 1, Dash::solid});
  std::string inputs =
      column.inputs > 0 ? figure_words("%1 inputs", counted(column.inputs)) : figure_words("input");
  const double beneath = place.area.width * 0.8;
  if (column.inputs > 0 && painter.measure(inputs, TextSize::label).width > beneath)
    inputs = counted(column.inputs);
  const bool wide = painter.measure(inputs, TextSize::label).width > place.output.width;
  painter.text({wide ? place.output.x : place.input.x, place.input.y + 15},
               shortened(painter, inputs, TextSize::label, beneath),
               {theme.muted, TextSize::label, wide ? AlignX::left : AlignX::centre, AlignY::middle});
}

/// One wording for all boxes: the longest that fits in each of them.
StageFigure::BoxNames StageFigure::box_names(Painter& painter) const {
  if (layout.words == BoxWords::none) return BoxNames::beside;
  const auto fit = [&](bool in_short) {
    for (std::size_t i = 0; i < data.columns.size(); ++i)
      for (const DialPlace& dial : layout.columns[i].dials) {
        const bool line = layout.words == BoxWords::line;
        const std::string reading = reading_of(shown_dial(data.columns[i], dial));
        const double taken = line ? painter.measure(reading, TextSize::body).width + kWordsApart : 0;
        const std::string name = name_of(dial, in_short);
        const double width = painter.measure(name, line ? TextSize::label : TextSize::small).width;
        if (width + taken > dial.box.width - 19) return false;
      }
    return true;
  };
  return fit(false) ? BoxNames::whole : fit(true) ? BoxNames::brief : BoxNames::beside;
}

void StageFigure::draw_skips(Painter& painter, const Theme& theme, const ColumnPlace& place) const {
  for (const Rect& around : place.skips) {
    const double in = around.x + 9, out = around.x - kSkip;
    const std::array<Point, 4> way = {Point{in, around.bottom()}, Point{out, around.bottom()},
                                      Point{out, around.y}, Point{in, around.y}};
    painter.polyline(rounded_path(way, 5), {theme.tick, 1.2, Dash::solid});
    painter.fill_circle({in, around.y}, 2, theme.tick);
  }
}

void StageFigure::draw_box(Painter& painter, const Theme& theme, const StageColumn& column,
                           const DialPlace& dial, BoxNames names) const {
  const bool marked = is_marked(chosen, column, dial);
  const bool pointed = is_marked(hovered, column, dial);
  const double radius = std::min(4.0, dial.box.height / 4);
  if (dial.folded()) {
    // Sheets behind the first one.
    for (const double by : {6.0, 3.0}) {
      const Rect behind = {dial.box.x + by, dial.box.y - by * 0.8, dial.box.width - 2 * by, dial.box.height};
      painter.fill_rect(behind, theme.box, radius);
      painter.stroke_rect(behind, theme.border, 1, radius);
    }
  }
  painter.fill_rect(dial.box, theme.box, radius);
  if (layout.strips) draw_strip(painter, theme, column, dial);
  painter.stroke_rect(dial.box,
                      marked    ? hue_of(column, theme)
                      : pointed ? theme.tick
                                : theme.border,
                      marked ? 2 : 1, radius);
  if (names == BoxNames::beside) {
    // The layers' numbers appear once, left of all columns.
    if (&column != &data.columns.front()) return;
    const std::string number = dial.folded() ? std::to_string(dial.first) + "–" + std::to_string(dial.last)
                                             : std::to_string(dial.first);
    const bool small = dial.box.height < 13 || dial.folded();
    painter.text({dial.box.x - (column.blocks.empty() ? 5 : kSkip + 4), dial.box.centre().y}, number,
                 {theme.muted, small ? TextSize::small : TextSize::label, AlignX::right, AlignY::middle});
  }
}

/// In a low box, whose name is next to it: what is read from afar.
void StageFigure::draw_reading_alone(Painter& painter, const Theme& theme, const StageColumn& column,
                                     const DialPlace& dial, const StageDial& shown) const {
  constexpr double least_height = 15;
  const std::string reading = reading_of(shown);
  const double room = dial.box.width - 6;
  const TextSize face = fitting(painter, reading, room, {TextSize::label, TextSize::small});
  if (dial.box.height < least_height || painter.measure(reading, face).width > room) return;
  const bool aside = emphasised_racer >= 0 && emphasised_racer != column.racer;
  painter.text(dial.box.centre(), reading,
               {aside ? theme.muted : theme.text, face, AlignX::centre, AlignY::middle});
}

void StageFigure::draw_box_words(Painter& painter, const Theme& theme, const StageColumn& column,
                                 const DialPlace& dial, BoxNames names) const {
  const StageDial& shown = shown_dial(column, dial);
  if (layout.words == BoxWords::none) {
    draw_reading_alone(painter, theme, column, dial, shown);
    return;
  }
  const std::string name = names == BoxNames::beside ? "" : name_of(dial, names == BoxNames::brief);
  const std::string reading = reading_of(shown);
  const Colour ink = emphasised_racer >= 0 && emphasised_racer != column.racer ? theme.muted : theme.text;
  const double left = dial.box.x + 10;
  const double right = dial.box.right() - 9;
  if (layout.words == BoxWords::line) {
    const double middle = dial.box.centre().y;
    // "−0.02" in a narrow box takes its margins, and a smaller face.
    const bool tight = painter.measure(reading, TextSize::body).width > right - left;
    const TextSize size = tight ? fitting(painter, reading, dial.box.width - 8,
                                          {TextSize::body, TextSize::label, TextSize::small})
                                : TextSize::body;
    const double width = say(painter, {tight ? dial.box.right() - 4 : right, middle}, reading,
                             {ink, size, AlignX::right, AlignY::middle});
    const double room = right - left - width - kWordsApart;
    painter.text({left, middle}, shortened(painter, name, TextSize::label, room),
                 {theme.muted, TextSize::label, AlignX::left, AlignY::middle});
    return;
  }
  const double top = dial.box.y + std::min(15.0, dial.box.height * 0.24);
  const TextSize small = fitting(painter, name, right - left, {TextSize::label, TextSize::small});
  const std::string features = shown.features > 0 && !dial.folded() ? counted(shown.features) : "";
  const double name_width = say(painter, {left, top}, shortened(painter, name, small, right - left),
                                {theme.muted, small, AlignX::left, AlignY::middle});
  // Where both have no room, the layer's name stays: the box of numbers has its features too.
  if (name_width + 8 + painter.measure(features, small).width <= right - left)
    painter.text({right, top}, features, {theme.muted, small, AlignX::right, AlignY::middle});
  const double low = dial.box.bottom() - std::min(24.0, dial.box.height * 0.33);
  // Needles' readings are all of one size: that of the longest there can be.
  const std::string longest = shown.reading == DialReading::update ? reading : "180°";
  TextSize face = fitting(painter, longest, right - left, {TextSize::reading, TextSize::body});
  if (dial.box.height < 56) face = TextSize::body;
  const double shown_width =
      say(painter, {left - 1, low}, reading, {ink, face, AlignX::left, AlignY::middle});
  if (shown.reading != DialReading::update && !dial.folded()) return;
  const std::string note = dial.folded()        ? figure_words("worst")
                           : shown.averaged > 1 ? figure_words("mean of %1", std::to_string(shown.averaged))
                           : column.route == FeedbackRoute::local ? figure_words("other aim")
                                                                  : figure_words("update");
  if (painter.measure(note, TextSize::small).width <= right - left - shown_width - 4)
    painter.text({left + shown_width + 6, low + 6}, note,
                 {theme.muted, TextSize::small, AlignX::left, AlignY::middle});
}

void StageFigure::draw_strip(Painter& painter, const Theme& theme, const StageColumn& column,
                             const DialPlace& dial) const {
  const Rect area = dial.box.inset(1);
  if (column.route == FeedbackRoute::backward) {
    if (dial.box.height >= 16)
      painter.text(area.centre(), shortened(painter, figure_words("1 always"), TextSize::label, area.width),
                   {theme.muted, dial.box.height < 22 ? TextSize::small : TextSize::label, AlignX::centre,
                    AlignY::middle});
    return;
  }
  const auto found = strips.find({column.racer, shown_dial(column, dial).point});
  if (found == strips.end() || found->second.empty()) return;
  const std::vector<double>& cells = found->second;
  const double width = area.width / static_cast<double>(cells.size());
  for (std::size_t i = 0, next = 0; i < cells.size(); i = next) {
    // A value holds until the next one.
    for (next = i + 1; next < cells.size() && cells[next] == cells[i];) ++next;
    if (std::isnan(cells[i])) continue;
    // White says nothing, grey is against the gradient.
    const Colour over = cells[i] >= 0 ? hue_of(column, theme) : theme.tick;
    const double left = std::floor(area.x + width * static_cast<double>(i));
    const double right = std::floor(area.x + width * static_cast<double>(next));
    painter.fill_rect({left, area.y, std::max(1.0, right - left), area.height},
                      mixed(theme.box, over, std::clamp(std::abs(cells[i]), 0.0, 1.0)));
  }
}

void StageFigure::draw_dial(Painter& painter, const Theme& theme, const StageColumn& column,
                            const DialPlace& dial) const {
  const StageDial& shown = shown_dial(column, dial);
  const Colour hue = hue_of(column, theme);
  if (shown.reading == DialReading::update) {
    // On the box's edge: up from the middle is along BP's update, down against it.
    if (std::isnan(shown.update)) return;
    const double middle = dial.box.centre().y;
    const double reach = (dial.box.height / 2 - 2) * std::clamp(std::abs(shown.update), 0.02, 1.0);
    const Rect bar = {dial.box.right() - 2, shown.update >= 0 ? middle - reach : middle, 5, reach};
    painter.fill_rect(bar, hue, 0);
    painter.line({dial.box.right() - 2, crisp(middle)}, {dial.box.right() + 7, crisp(middle)},
                 {theme.tick, 1, Dash::solid});
    return;
  }
  const DialFace face = {dial.pivot, layout.radius, shown.reading == DialReading::exact ? 0 : shown.chance};
  draw_dial_face(painter, theme, face);
  if (shown.reading == DialReading::none) return draw_needle(painter, face, kUnknown, theme.tick);
  draw_fan(painter, theme, face, shown.low, shown.high, hue);
  draw_ghost(painter, theme, face, shown.ghost, hue);
  draw_needle(painter, face, shown.angle, hue);
}

std::string StageFigure::gap_words(const StageColumn& column) {
  return std::isnan(column.gap_closed) ? "" : format_number(std::round(100 * column.gap_closed), 4) + " %";
}

/// The same numbers under all columns, and under the same names: what has no room under one is under none.
StageFigure::FootWords StageFigure::foot_words(Painter& painter) const {
  const auto fit = [&](FootWords words) {
    for (std::size_t i = 0; i < data.columns.size(); ++i) {
      const StageColumn& column = data.columns[i];
      double taken = 0;
      const auto add = [&](const std::string& value, const std::string& name, TextSize size) {
        taken +=
            16 + std::max(painter.measure(value, size).width, painter.measure(name, TextSize::label).width);
      };
      if (!layout.dense)
        add(score_words(column.score), score_source(column.score, column.probe_step, true),
            column.score.held_out ? TextSize::score : TextSize::reading);
      const std::string gap = gap_words(column);
      if (words.gaps && !gap.empty()) add(gap, column.gap, TextSize::name);
      if (!std::isnan(column.alignment) && column.route != FeedbackRoute::backward)
        add(cosine_words(column.alignment), words.whole_names ? column.tone_name : figure_words("alignment"),
            TextSize::name);
      if (taken - 16 > layout.columns[i].area.width - 4) return false;
    }
    return true;
  };
  for (const FootWords words : {FootWords{true, true}, FootWords{false, true}, FootWords{true, false}})
    if (fit(words)) return words;
  return {false, false};
}

void StageFigure::draw_foot(Painter& painter, const Theme& theme, const StageColumn& column,
                            const ColumnPlace& place) const {
  if (column.dials.empty()) return;
  const Colour hue = hue_of(column, theme);
  const double large = layout.foot_top + (layout.dense ? 10 : 16);
  const double small = large + (layout.dense ? 21 : 24);
  double x = place.area.x;
  const double end = place.area.right() - 4;
  const auto item = [&](const std::string& value, const std::string& words, TextSize size, Colour colour) {
    const double width =
        std::max(painter.measure(value, size).width, painter.measure(words, TextSize::label).width);
    if (x + width > end) return false;
    painter.text({x, value.empty() ? large : large + (size == TextSize::score ? 0 : 3)}, value,
                 {colour, size, AlignX::left, AlignY::middle});
    painter.text({x, small}, words, {theme.muted, TextSize::label, AlignX::left, AlignY::middle});
    x += width + 16;
    return true;
  };
  if (!layout.dense) {
    const TextSize size = column.score.held_out ? TextSize::score : TextSize::reading;
    const std::string score = score_words(column.score);
    if (!item(score, score_source(column.score, column.probe_step, false), size, hue))
      item(score, score_source(column.score, column.probe_step, true), size, hue);
  }
  const std::string gap = gap_words(column);
  const FootWords words = foot_words(painter);
  if (!gap.empty() && words.gaps) item(gap, column.gap, TextSize::name, theme.text);
  if (!std::isnan(column.alignment) && column.route != FeedbackRoute::backward) {
    const std::string mean = cosine_words(column.alignment);
    // The box of a layer's numbers has the measure's whole name.
    if (!words.whole_names || !item(mean, column.tone_name, TextSize::name, theme.text))
      item(mean, figure_words("alignment"), TextSize::name, theme.text);
  }
  if (gap.empty() && !column.gap.empty() && words.gaps) item("–", column.gap, TextSize::name, theme.text);
}

void StageFigure::draw_key(Painter& painter, const Theme& theme) const {
  // The first dial that is upright by definition explains the directions, where nothing is in the way.
  for (std::size_t i = 0; i < data.columns.size(); ++i) {
    const ColumnPlace& place = layout.columns[i];
    if (data.columns[i].route != FeedbackRoute::backward || layout.strips || place.dials.empty()) continue;
    const DialPlace& dial = place.dials.back();
    const double x = dial.pivot.x + layout.radius + 12;
    const double room = place.area.right() - x;
    const TextStyle style = {theme.muted, TextSize::label, AlignX::left, AlignY::middle};
    if (layout.radius < 26 ||
        painter.measure(figure_words("along the gradient"), TextSize::label).width > room + layout.radius)
      return;
    painter.text({dial.pivot.x + 12, dial.pivot.y - layout.radius - 6}, figure_words("along the gradient"),
                 style);
    painter.text({x, dial.pivot.y}, figure_words("says nothing"), style);
    painter.text({dial.pivot.x + 26, dial.pivot.y + layout.radius + 4}, figure_words("against it"), style);
    return;
  }
}

void StageFigure::draw_overlay(Painter& painter, const Theme& theme, const Rect& bounds) const {
  if (!pointer_inside) return;
  if (!hovered) return draw_head_box(painter, theme, bounds);
  const StageColumn* column = column_of(hovered->racer);
  const StageDial* dial = dial_of(*hovered);
  if (!column || !dial) return;
  const std::string time = column->probe_step >= 0 ? figure_words("step %1", counted(column->probe_step))
                                                   : figure_words("not measured");
  const std::string heading =
      figure_words("%1 · layer %2 · %3", column->label, std::to_string(hovered->point), time);
  std::vector<ValueRow> rows = dial_rows(*dial, hovered_numbers);
  if (column->calibration_step >= 0) rows.push_back({calibration_words(*column), "", 0, Dash::solid, false});
  draw_value_box(painter, theme, pointer, bounds, heading, rows);
}

}  // namespace grapevine
