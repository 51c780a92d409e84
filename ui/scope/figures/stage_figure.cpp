// The stage, drawn: words, boxes, dials. Its arrows stand in stage_arrows.cpp.
#include "ui/scope/figures/stage_figure.h"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <tuple>

#include "ui/plot/figure_words.h"
#include "ui/plot/names.h"
#include "ui/scope/figures/stage_words.h"

namespace grapevine {
namespace {

constexpr double kRing = 7;  ///< from a column's parts to the ring of an exact step

/// Draws a text and says how wide it was.
double say(Painter& painter, Point at, const std::string& text, const TextStyle& style) {
  painter.text(at, text, style);
  return painter.measure(text, style.size).width;
}

/// As much as fits on a first line, broken after a semicolon, and the rest on a second.
std::vector<std::string> in_two(Painter& painter, const std::string& text, double room) {
  if (painter.measure(text, TextSize::label).width <= room) return {text};
  std::size_t cut = std::string::npos;
  for (std::size_t at = text.find("; "); at != std::string::npos; at = text.find("; ", at + 1)) {
    if (painter.measure(text.substr(0, at + 1), TextSize::label).width > room) break;
    cut = at;
  }
  if (cut == std::string::npos) return {text};
  return {text.substr(0, cut + 1), text.substr(cut + 2)};
}

/// Cut after a semicolon where it does not fit, and not within a part.
std::string whole_parts(Painter& painter, std::string text, TextSize size, double room) {
  while (painter.measure(text, size).width > room) {
    const std::size_t cut = text.rfind("; ");
    if (cut == std::string::npos) return shortened(painter, text, size, room);
    text = text.substr(0, cut) + " …";
  }
  return text;
}

/// The largest of some faces in which a text fits; the last where it fits in none.
TextSize fitting(Painter& painter, const std::string& text, double room,
                 std::initializer_list<TextSize> faces) {
  for (const TextSize face : faces)
    if (painter.measure(text, face).width <= room) return face;
  return *(faces.end() - 1);
}

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

void StageFigure::draw_headline(Painter& painter, const Theme& theme) const {
  const double left = outer.x + 24;
  const double room = outer.width - 48;
  const double clock = painter.measure(time_text, TextSize::name).width;
  painter.text({outer.right() - 24, outer.y + 20}, time_text,
               {theme.text, TextSize::name, AlignX::right, AlignY::middle});
  const double words = room - clock - 24;
  // A sentence that is too long for the large face is set in a smaller one before racers are left out of it.
  std::string headline = headlines.empty() ? "" : headlines.back();
  TextSize size = TextSize::label;
  const auto fits = [&](const std::string& text, TextSize face) {
    return painter.measure(text, face).width <= words;
  };
  for (std::size_t i = headlines.size(); i-- > 0;)
    for (const TextSize face : {TextSize::label, TextSize::body, TextSize::name})
      if (fits(headlines[i], face)) std::tie(headline, size) = std::pair(headlines[i], face);
  painter.text({left, outer.y + 20}, shortened(painter, headline, size, words),
               {theme.text, size, AlignX::left, AlignY::middle});
  std::vector<std::string> lines =
      end.empty() ? in_two(painter, legend, room) : std::vector<std::string>{end, legend};
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const bool large = painter.measure(lines[i], TextSize::label).width <= room;
    const TextSize small = large ? TextSize::label : TextSize::small;
    // Two lines keep away from the columns' names beneath them.
    painter.text({left, outer.y + 38 + 16 * static_cast<double>(i)},
                 whole_parts(painter, lines[i], small, room),
                 {i == 0 && !end.empty() ? theme.text : theme.muted, small, AlignX::left, AlignY::middle});
  }
}

void StageFigure::draw_column(Painter& painter, const Theme& theme, std::size_t index) const {
  const StageColumn& column = data.columns[index];
  const ColumnPlace& place = layout.columns[index];
  const ClipGuard clip(painter, {place.area.x - 24, outer.y, place.area.width + 34, outer.height});
  if (column.calibration_is_now) {
    const double top = place.output.y - kRing;
    painter.stroke_rect({place.area.x - kRing, top, place.area.width + kRing - 2, place.input.y + 4 - top},
                        hue_of(column, theme), 2, 10);
  }
  draw_header(painter, theme, column, place);
  draw_ends(painter, theme, column, place);
  for (const DialPlace& dial : place.dials) {
    draw_box(painter, theme, column, dial);
    draw_dial(painter, theme, column, dial);
  }
  draw_feedback(painter, theme, column, place);
  draw_step(painter, theme, column, place);
  draw_foot(painter, theme, column, place);
}

StageFigure::HeaderStyle StageFigure::header_style(Painter& painter) const {
  HeaderStyle style;
  const auto all_fit = [&](TextSize face, bool beside) {
    for (std::size_t i = 0; i < data.columns.size(); ++i) {
      const StageScore& score = data.columns[i].score;
      const TextSize size = score.held_out ? TextSize::name : TextSize::body;
      const double taken = beside ? painter.measure(score_words(score), size).width + 14 : 0;
      if (painter.measure(data.columns[i].label, face).width > layout.columns[i].area.width - 4 - taken)
        return false;
    }
    return true;
  };
  style.score_beside = layout.dense && all_fit(TextSize::body, true);
  const bool beside = style.score_beside;
  style.name = all_fit(TextSize::name, beside) || (!layout.dense && all_fit(TextSize::name, false))
                   ? TextSize::name
                   : TextSize::body;
  if (!all_fit(style.name, beside) && layout.dense) style.name = TextSize::label;
  return style;
}

void StageFigure::draw_header(Painter& painter, const Theme& theme, const StageColumn& column,
                              const ColumnPlace& place) const {
  const double top = layout.header_top;
  const Colour hue = hue_of(column, theme);
  const HeaderStyle style = header_style(painter);
  double room = place.area.width - 4;
  if (style.score_beside) {
    const std::string score = score_words(column.score);
    const TextSize size = column.score.held_out ? TextSize::name : TextSize::body;
    const double right = place.area.right() - 6;
    const double width = say(painter, {right, top + 10}, score, {hue, size, AlignX::right, AlignY::middle});
    std::string what = score_source(column.score, column.probe_step, true);
    if (painter.measure(what, TextSize::label).width > room / 2)
      what = column.score.words.substr(0, column.score.words.find(' '));
    const double below = say(painter, {right, top + 31}, shortened(painter, what, TextSize::label, room / 2),
                             {theme.muted, TextSize::label, AlignX::right, AlignY::middle});
    room -= std::max(width, below) + 14;
  }
  painter.text({place.area.x, top + 10}, short_name(painter, column.label, style.name, room),
               {hue, style.name, AlignX::left, AlignY::middle});
  if (layout.dense && !style.score_beside) return draw_score_below(painter, theme, column, place);
  std::string manner = column.failed ? figure_words("failed") : column.manner;
  if (column.calibration_step >= 0) {
    const std::string exact = figure_words("exact step at %1", counted(column.calibration_step));
    for (const std::string& wish :
         {manner + " · " + calibration_words(column), manner + " · " + exact, exact}) {
      manner = wish;
      if (painter.measure(manner, TextSize::label).width <= room) break;
    }
  }
  // Whole words in a smaller face, or fewer of them, rather than half ones.
  const TextSize face = fitting(painter, manner, room, {TextSize::label, TextSize::small});
  const std::string fewer = without_last_part(manner);
  if (painter.measure(manner, face).width > room && !fewer.empty()) manner = fewer;
  painter.text({place.area.x, top + 31}, shortened(painter, manner, face, room),
               {column.failed ? theme.failure : theme.muted, face, AlignX::left, AlignY::middle});
}

/// In narrow columns the name has the line for itself: without it colours alone tell the racers apart.
void StageFigure::draw_score_below(Painter& painter, const Theme& theme, const StageColumn& column,
                                   const ColumnPlace& place) const {
  const double line = layout.header_top + 31;
  const double room = place.area.width - 4;
  const std::string score = column.failed ? "failed" : score_words(column.score);
  const double width = say(
      painter, {place.area.x, line}, shortened(painter, score, TextSize::body, room),
      {column.failed ? theme.failure : hue_of(column, theme), TextSize::body, AlignX::left, AlignY::middle});
  // What it is of is said beside all of them, or beside none.
  const auto source = [](const StageColumn& its, bool with_step) {
    return with_step ? score_source(its.score, its.probe_step, true)
                     : its.score.words.substr(0, its.score.words.find(' '));
  };
  const auto fits_everywhere = [&](bool with_step) {
    for (std::size_t i = 0; i < data.columns.size(); ++i) {
      const double taken = painter.measure(score_words(data.columns[i].score), TextSize::body).width + 6;
      const double words = painter.measure(source(data.columns[i], with_step), TextSize::small).width;
      if (taken + words > layout.columns[i].area.width - 4) return false;
    }
    return true;
  };
  if (column.failed) return;
  for (const bool with_step : {true, false})
    if (fits_everywhere(with_step)) {
      painter.text({place.area.x + width + 6, line}, source(column, with_step),
                   {theme.muted, TextSize::small, AlignX::left, AlignY::middle});
      return;
    }
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
  const double name = painter.measure(words, TextSize::label).width;
  if (place.output.width > name + number + 30)
    painter.text({place.output.x + 10, middle}, words,
                 {theme.muted, TextSize::label, AlignX::left, AlignY::middle});
  painter.text({place.output.right() - 10, middle}, outputs,
               {theme.muted, TextSize::label, AlignX::right, AlignY::middle});
  painter.fill_rect(place.error, hue, 6);
  painter.text(place.error.centre(), "e", {theme.plot, TextSize::name, AlignX::centre, AlignY::middle});
  painter.line({crisp(place.input.x), place.input.y - 1}, {crisp(place.input.x), place.input.y + 6},
               {theme.border, 1, Dash::solid});
  std::string inputs =
      column.inputs > 0 ? figure_words("%1 inputs", counted(column.inputs)) : figure_words("input");
  if (column.inputs > 0 && painter.measure(inputs, TextSize::label).width > place.area.width * 0.6)
    inputs = counted(column.inputs);
  const bool wide = painter.measure(inputs, TextSize::label).width > place.output.width;
  painter.text({wide ? place.output.x : place.input.x, place.input.y + 15},
               shortened(painter, inputs, TextSize::label, place.area.width * 0.6),
               {theme.muted, TextSize::label, wide ? AlignX::left : AlignX::centre, AlignY::middle});
}

void StageFigure::draw_box(Painter& painter, const Theme& theme, const StageColumn& column,
                           const DialPlace& dial) const {
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
  const StageDial& shown = shown_dial(column, dial);
  if (layout.words == BoxWords::none) {
    // The layers' numbers stand once, left of all columns.
    if (&column != &data.columns.front()) return;
    const std::string number = dial.folded() ? std::to_string(dial.first) + "–" + std::to_string(dial.last)
                                             : std::to_string(dial.first);
    painter.text({dial.box.x - 5, dial.box.centre().y}, number,
                 {theme.muted, dial.box.height < 13 || dial.folded() ? TextSize::small : TextSize::label,
                  AlignX::right, AlignY::middle});
    return;
  }
  const double words_room = dial.box.width - 19;
  std::string name = name_of(dial);
  if (painter.measure(name, TextSize::small).width > words_room) name = name_of(dial, true);
  const std::string reading = reading_of(shown);
  const Colour ink = emphasised_racer >= 0 && emphasised_racer != column.racer ? theme.muted : theme.text;
  const double left = dial.box.x + 10;
  const double right = dial.box.right() - 9;
  if (layout.words == BoxWords::line) {
    const double middle = dial.box.centre().y;
    const double width =
        say(painter, {right, middle}, reading, {ink, TextSize::body, AlignX::right, AlignY::middle});
    const double room = right - left - width - 6;
    if (painter.measure(name, TextSize::label).width > room) name = name_of(dial, true);
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

void StageFigure::draw_foot(Painter& painter, const Theme& theme, const StageColumn& column,
                            const ColumnPlace& place) const {
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
  const std::string gap =
      std::isnan(column.gap_closed) ? "" : format_number(std::round(100 * column.gap_closed), 4) + " %";
  if (!gap.empty()) item(gap, column.gap, TextSize::name, theme.text);
  if (!std::isnan(column.alignment) && column.route != FeedbackRoute::backward) {
    std::string mean = format_number(std::round(column.alignment * 100) / 100, 2);
    // The box of a layer's numbers has the measure's whole name.
    if (!item(mean, column.tone_name, TextSize::name, theme.text))
      item(mean, figure_words("alignment"), TextSize::name, theme.text);
  }
  if (gap.empty() && !column.gap.empty()) item("–", column.gap, TextSize::name, theme.text);
}

void StageFigure::draw_key(Painter& painter, const Theme& theme) const {
  // The first dial that stands upright by definition explains the directions, where nothing is in the way.
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
  if (!hovered || !pointer_inside) return;
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
