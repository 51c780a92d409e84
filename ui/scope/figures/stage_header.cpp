// The stage, drawn: its headline, what is at the columns' heads, and words that find their room.
#include <algorithm>
#include <cmath>
#include <utility>

#include "ui/plot/figure_words.h"
#include "ui/plot/names.h"
#include "ui/scope/figures/stage_figure.h"
#include "ui/scope/figures/stage_text.h"
#include "ui/scope/figures/stage_words.h"

namespace grapevine {

double say(Painter& painter, Point at, const std::string& text, const TextStyle& style) {
  painter.text(at, text, style);
  return painter.measure(text, style.size).width;
}

TextSize fitting(Painter& painter, const std::string& text, double room,
                 std::initializer_list<TextSize> faces) {
  for (const TextSize face : faces)
    if (painter.measure(text, face).width <= room) return face;
  return *(faces.end() - 1);
}

std::vector<std::string> wrapped(Painter& painter, const std::string& text, TextSize size, double room) {
  if (painter.measure(text, size).width <= room) return {text};
  // Behind a blank, which is left out, or a dash, which stays: "Kolen–" and "Pollack".
  static constexpr std::string_view dash = "–";
  std::size_t end = 0, next = 0;
  for (std::size_t at = 1; at < text.size(); ++at) {
    const bool blank = text[at] == ' ';
    if (!blank && text.compare(at, dash.size(), dash) != 0) continue;
    const std::size_t stop = blank ? at : at + dash.size();
    if (stop >= text.size() || painter.measure(text.substr(0, stop), size).width > room) break;
    end = stop;
    next = blank ? at + 1 : stop;
  }
  if (end == 0) return {shortened(painter, text, size, room)};
  return {text.substr(0, end), shortened(painter, text.substr(next), size, room)};
}

namespace {

/// As much as fits on a first line, broken after a semicolon, and the rest on a second.
std::vector<std::string> in_two(Painter& painter, const std::string& text, TextSize face, double room) {
  if (painter.measure(text, face).width <= room) return {text};
  std::size_t cut = std::string::npos;
  for (std::size_t at = text.find("; "); at != std::string::npos; at = text.find("; ", at + 1)) {
    if (painter.measure(text.substr(0, at + 1), face).width > room) break;
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

/// On the first line of a column's head; on two where it is too long even in the smallest face.
void draw_name(Painter& painter, const std::string& name, TextStyle style, Point corner, double room) {
  const auto cut = [](const std::vector<std::string>& lines) {
    return std::any_of(lines.begin(), lines.end(),
                       [](const std::string& line) { return line.ends_with("…"); });
  };
  std::vector<std::string> lines = wrapped(painter, name, style.size, room);
  if (cut(lines)) lines = wrapped(painter, without_keys(name), style.size, room);
  if (style.size == TextSize::label && cut(lines)) {
    style.size = TextSize::small;
    lines = wrapped(painter, without_keys(name), style.size, room);
  }
  // Cut where runs of one kind differ least.
  if (cut(lines) || (style.size != TextSize::label && style.size != TextSize::small))
    lines = {short_name(painter, name, style.size, room)};
  double line = corner.y + (lines.size() > 1 ? 2 : 10);
  for (const std::string& words : lines) {
    painter.text({corner.x, line}, words, style);
    line += 14;
  }
}

}  // namespace

std::pair<std::string, TextSize> StageFigure::headline_that_fits(Painter& painter, double room) const {
  // A smaller face comes before racers are left out, fewer words before a smaller face.
  for (const std::vector<std::string>& wordings : headlines)
    for (const TextSize face : {TextSize::name, TextSize::body, TextSize::label})
      for (const std::string& text : wordings)
        if (painter.measure(text, face).width <= room) return {text, face};
  return {headlines.empty() ? "" : headlines.back().back(), TextSize::label};
}

void StageFigure::draw_headline(Painter& painter, const Theme& theme) const {
  const double left = outer.x + 24;
  const double room = outer.width - 48;
  const double clock = painter.measure(time_text, TextSize::name).width;
  painter.text({outer.right() - 24, outer.y + 20}, time_text,
               {theme.text, TextSize::name, AlignX::right, AlignY::middle});
  const double words = room - clock - 24;
  const auto [headline, size] = headline_that_fits(painter, words);
  painter.text({left, outer.y + 20}, shortened(painter, headline, size, words),
               {theme.text, size, AlignX::left, AlignY::middle});
  // Both in one face: the smaller one where either has no room in the larger.
  std::vector<std::string> lines;
  TextSize small = TextSize::label;
  for (const TextSize face : {TextSize::label, TextSize::small}) {
    small = face;
    lines = end.empty() ? in_two(painter, legend, face, room) : std::vector<std::string>{end, legend};
    if (std::all_of(lines.begin(), lines.end(),
                    [&](const std::string& line) { return painter.measure(line, face).width <= room; }))
      break;
  }
  for (std::size_t i = 0; i < lines.size(); ++i) {
    // Two lines keep away from the columns' names beneath them.
    painter.text({left, outer.y + 38 + 16 * static_cast<double>(i)},
                 whole_parts(painter, lines[i], small, room),
                 {i == 0 && !end.empty() ? theme.text : theme.muted, small, AlignX::left, AlignY::middle});
  }
}

/// Names that are cut whatever the face; they are not to make those of all other columns small.
std::vector<bool> StageFigure::names_cut_anyway(Painter& painter) const {
  std::vector<bool> cut;
  for (std::size_t i = 0; i < data.columns.size(); ++i)
    cut.push_back(wrapped(painter, without_keys(data.columns[i].label), TextSize::small,
                          layout.columns[i].area.width - 4)
                      .back()
                      .ends_with("…"));
  if (std::all_of(cut.begin(), cut.end(), [](bool each) { return each; })) cut.assign(cut.size(), false);
  return cut;
}

StageFigure::HeaderStyle StageFigure::header_style(Painter& painter) const {
  HeaderStyle style;
  const std::vector<bool> cut = names_cut_anyway(painter);
  const auto all_fit = [&](TextSize face, bool beside) {
    for (std::size_t i = 0; i < data.columns.size(); ++i) {
      if (cut[i]) continue;
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
  draw_name(painter, column.label, {hue, style.name, AlignX::left, AlignY::middle}, {place.area.x, top},
            room);
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
  // Whole words in a smaller face, or on two lines, or fewer of them, rather than half ones.
  const TextSize face = fitting(painter, manner, room, {TextSize::label, TextSize::small});
  std::vector<std::string> lines = wrapped(painter, manner, face, room);
  const std::string fewer = without_last_part(manner);
  if (lines.back().ends_with("…") && !fewer.empty()) lines = wrapped(painter, fewer, face, room);
  double line = top + (lines.size() > 1 ? 26 : 31);
  for (const std::string& words : lines) {
    painter.text({place.area.x, line}, words,
                 {column.failed ? theme.failure : theme.muted, face, AlignX::left, AlignY::middle});
    line += 12;
  }
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
  // All of them say what it is of, or none does.
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

void StageFigure::draw_head_box(Painter& painter, const Theme& theme, const Rect& bounds) const {
  for (std::size_t i = 0; i < data.columns.size(); ++i) {
    const Rect& area = layout.columns[i].area;
    const double bottom = layout.columns[i].output.y;
    if (pointer.x < area.x || pointer.x > area.right() || pointer.y < area.y || pointer.y >= bottom) continue;
    const StageColumn& column = data.columns[i];
    std::vector<std::string> lines = {column.label};
    if (!column.manner.empty()) lines.push_back(column.manner);
    std::string score = score_words(column.score);
    score += " " + score_source(column.score, column.probe_step, false);
    lines.push_back(score);
    if (column.calibration_step >= 0) lines.push_back(calibration_words(column));
    return draw_text_box(painter, theme, pointer, bounds, lines);
  }
}

}  // namespace grapevine
