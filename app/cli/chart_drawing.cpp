#include "app/cli/chart_drawing.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string_view>

#include "app/cli/console.h"

namespace grapevine::cli {
namespace {

using Anchor = ChartPen::Anchor;

constexpr double usual_font = 11;
constexpr std::size_t most_points = 1000, few_points = 25;

struct Range {
  double low = INFINITY, high = -INFINITY;
  void take(double value) {
    if (!std::isfinite(value)) return;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  bool is_empty() const { return !(low <= high); }
};

std::pair<Range, Range> ranges_of(const Chart& chart) {
  Range x, y;
  for (const ChartLine& line : chart.lines) {
    for (std::size_t i = 0; i < line.x.size(); ++i) {
      if (!std::isfinite(line.x[i]) || !std::isfinite(line.y[i])) continue;
      x.take(line.x[i]);
      y.take(line.y[i]);
      if (line.low.empty()) continue;
      y.take(line.low[i]);
      y.take(line.high[i]);
    }
  }
  return {x, y};
}

/// 1, 2 or 5 times a power of ten, so that about `count` steps cover the range.
double round_step(const Range& range, int count) {
  const double rough = (range.high - range.low) / count;
  const double power = std::pow(10, std::floor(std::log10(rough)));
  for (const double factor : {1.0, 2.0, 5.0})
    if (factor * power >= rough) return factor * power;
  return 10 * power;
}

/// One below it.
double next_round_step(double step) {
  const double power = std::pow(10, std::floor(std::log10(step) + 1e-9));
  const double factor = step / power;
  return factor > 4 ? 2 * power : factor > 1.5 ? power : power / 2;
}

std::vector<double> multiples_in(const Range& range, double step) {
  std::vector<double> all;
  const double end = range.high + step * 1e-9;
  for (double at = std::ceil(range.low / step - 1e-9) * step; std::isfinite(at) && at <= end; at += step)
    all.push_back(std::abs(at) < step * 1e-9 ? 0 : at);
  return all;
}

/// Whether numbers can be counted in it: a range longer than the largest number has no length, and of one
/// next to the smallest a power of ten is 0.
bool is_step(double step) {
  return std::isfinite(step) && step > 0;
}

/// Round numbers, and two at least: of one alone nothing can be read. Where even shorter steps would touch,
/// or none can be said, the ends.
std::vector<double> ticks_of(const Range& range, int count, int most) {
  double step = round_step(range, count);
  if (!is_step(step)) return {range.low, range.high};
  std::vector<double> ticks = multiples_in(range, step);
  while (ticks.size() < 2) {
    step = next_round_step(step);
    if (!is_step(step) || (range.high - range.low) / step > most) return {range.low, range.high};
    ticks = multiples_in(range, step);
  }
  return ticks;
}

/// How wide bold letters are, in their height: those of a wide face, as what reads a drawing has.
double bold_width(const std::string& text) {
  double width = 0;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t length = 1;
    while (i + length < text.size() && (static_cast<unsigned char>(text[i + length]) & 0xC0u) == 0x80)
      ++length;
    const std::string letter = text.substr(i, length);
    i += length;
    const char c = length == 1 ? letter[0] : 'n';
    if (std::string_view(" iIjl.,:;'|!").find(c) != std::string_view::npos)
      width += 0.4;
    else if (std::string_view("()[]frt-/").find(c) != std::string_view::npos)
      width += 0.5;
    else if (std::string_view("mMwW%@").find(c) != std::string_view::npos)
      width += 1.1;
    else
      width += (c >= 'A' && c <= 'Z' ? 0.85 : 0.72) * display_width(letter);
  }
  return width;
}

/// The room around the curves, which grows with the letters.
struct Margins {
  explicit Margins(const ChartFrame& frame)
      : unit(frame.font / usual_font), left(60 * unit), right(12 * unit), top(30 * unit), bottom(42 * unit) {}
  double unit, left, right, top, bottom;
};

/// As many of the legend's columns as the longest label leaves room for.
std::size_t legend_columns(const Chart& chart, const ChartFrame& frame) {
  const Margins margins(frame);
  const double letter = 6.6 * margins.unit, key = 40 * margins.unit;
  int longest = 0;
  for (const ChartLine* line : lines_in_legend(chart))
    longest = std::max(longest, display_width(line->label));
  const double fitting = std::floor((frame.width - margins.left) / (longest * letter + key));
  return static_cast<std::size_t>(std::clamp(fitting, 1.0, 3.0));
}

/// Steps of an axis so long that their numbers keep apart.
int steps_along(double length, double room, int most) {
  return static_cast<int>(std::clamp(std::floor(length / room), 3.0, static_cast<double>(most)));
}

/// A flat line is in the middle, and a mean's last digits make none that rises: no step of an axis would be
/// large enough to add to its numbers.
Range widened(Range range) {
  constexpr double least = 1e-9;
  if (range.high - range.low > least * std::max(std::abs(range.low), std::abs(range.high))) return range;
  const double half = range.low == 0 ? 1 : std::abs(range.low) / 2;
  constexpr double largest = std::numeric_limits<double>::max();
  return {std::max(range.low - half, -largest), std::min(range.high + half, largest)};
}

/// How far along the range a value is, 0 to 1; in halves where it is longer than the largest number.
double share_of(const Range& range, double value) {
  const double length = range.high - range.low;
  if (std::isfinite(length)) return (value - range.low) / length;
  return (value / 2 - range.low / 2) / (range.high / 2 - range.low / 2);
}

class Drawing {
 public:
  Drawing(const Chart& chart, ChartPen& pen, const ChartFrame& frame)
      : chart_(chart), pen_(pen), frame_(frame), margins_(frame) {
    const auto [x, y] = ranges_of(chart);
    x_ = widened(x);
    y_ = widened(y);
  }

  void draw() {
    draw_title();
    words((margins_.left + frame_.width - margins_.right) / 2, frame_.height - 8 * margins_.unit,
          chart_.x_label, Anchor::middle);
    draw_grid();
    for (const ChartLine& line : chart_.lines)
      if (!line.low.empty()) draw_band(line);
    for (const bool member : {true, false})
      for (const ChartLine& line : chart_.lines)
        if (line.is_member == member) draw(line);
    if (frame_.legend) draw_legend(chart_, pen_, frame_, frame_.height + 10 * margins_.unit);
  }

 private:
  void words(double x, double y, const std::string& text, Anchor anchor) {
    pen_.text(x, y, text, anchor, frame_.font);
  }

  /// A panel's letter is at its corner, the title as far behind it as there is room: in smaller letters
  /// before it is cut.
  void draw_title() {
    constexpr double heading = 13 / usual_font, bold_letter = 0.68;
    const double size = heading * frame_.font, y = 18 * margins_.unit;
    double x = margins_.left;
    if (!frame_.letter.empty()) {
      pen_.text(0, y, frame_.letter, Anchor::start, size, true);
      x = (display_width(frame_.letter) + 1) * bold_letter * size;
    }
    const double room = frame_.width - x;
    const double fitting = std::clamp(room / std::max(0.1, bold_width(chart_.title)), frame_.font, size);
    std::string shown = chart_.title;
    for (int letters = display_width(shown) - 1; letters >= 4 && bold_width(shown) * fitting > room * 1.001;
         --letters)
      shown = clipped(chart_.title, letters) + "…";
    pen_.text(x, y, shown, Anchor::start, fitting, true);
  }

  double across(double x) const {
    return margins_.left + share_of(x_, x) * (frame_.width - margins_.left - margins_.right);
  }
  double down(double y) const {
    return frame_.height - margins_.bottom -
           share_of(y_, y) * (frame_.height - margins_.top - margins_.bottom);
  }

  void draw_grid() {
    const double bottom = frame_.height - margins_.bottom, end = frame_.width - margins_.right;
    const double height = bottom - margins_.top, width = end - margins_.left;
    const auto fitting = [](double length, double room) { return static_cast<int>(length / room); };
    for (const double y :
         ticks_of(y_, steps_along(height, 2.8 * frame_.font, 5), fitting(height, 1.6 * frame_.font))) {
      pen_.rule(margins_.left, down(y), end, down(y));
      words(margins_.left - 6 * margins_.unit, down(y) + 4 * margins_.unit,
            chart_.in_percent ? short_number(100 * y) + " %" : short_number(y), Anchor::end);
    }
    for (const double x :
         ticks_of(x_, steps_along(width, 5 * frame_.font, 8), fitting(width, 3 * frame_.font))) {
      pen_.rule(across(x), margins_.top, across(x), bottom);
      words(across(x), bottom + 16 * margins_.unit, short_number(x), Anchor::middle);
    }
  }

  /// From edge to edge and back, in as many pieces as the line has.
  void draw_band(const ChartLine& line) {
    std::vector<ChartPen::Points> outlines;
    ChartPen::Points back;
    const auto close = [&] {
      if (!outlines.empty()) outlines.back().insert(outlines.back().end(), back.rbegin(), back.rend());
      back.clear();
    };
    for (std::size_t i = 0; i < line.x.size(); i += stride_of(line)) {
      if (!std::isfinite(line.x[i]) || !std::isfinite(line.low[i]) || !std::isfinite(line.high[i])) {
        close();
        continue;
      }
      if (back.empty()) outlines.emplace_back();
      outlines.back().emplace_back(across(line.x[i]), down(line.low[i]));
      back.emplace_back(across(line.x[i]), down(line.high[i]));
    }
    close();
    pen_.area(outlines, line.colour);
  }

  /// Every so-manieth point where there are more than a drawing shows.
  static std::size_t stride_of(const ChartLine& line) { return line.x.size() / most_points + 1; }

  void draw(const ChartLine& line) {
    const std::size_t stride = stride_of(line);
    std::vector<ChartPen::Points> pieces;
    bool pen_down = false;
    for (std::size_t i = 0; i < line.x.size(); i += stride) {
      if (!std::isfinite(line.x[i]) || !std::isfinite(line.y[i])) {
        pen_down = false;
        continue;
      }
      if (!pen_down) pieces.emplace_back();
      pieces.back().emplace_back(across(line.x[i]), down(line.y[i]));
      pen_down = true;
    }
    if (pieces.empty()) return;
    pen_.line(pieces, {line.colour, line.dash, line.is_member ? 0.75 : 1.5});
    if (line.x.size() <= few_points && !line.is_member) mark(pieces, line.colour);
  }

  /// A few measurements look like a law if nothing shows where they were made.
  void mark(const std::vector<ChartPen::Points>& pieces, std::uint32_t colour) {
    constexpr double arm = 2.5;
    std::vector<ChartPen::Points> crosses;
    for (const ChartPen::Points& piece : pieces)
      for (const auto& [x, y] : piece) {
        crosses.push_back({{x - arm, y}, {x + arm, y}});
        crosses.push_back({{x, y - arm}, {x, y + arm}});
      }
    pen_.line(crosses, {colour});
  }

  const Chart& chart_;
  ChartPen& pen_;
  const ChartFrame& frame_;
  const Margins margins_;
  Range x_, y_;
};

}  // namespace

std::span<const double> dash_of_line(std::size_t dash) {
  static constexpr std::array<double, 2> dashed = {5, 3}, dotted = {1.5, 2.5}, long_dashed = {12, 3};
  static constexpr std::array<double, 4> dash_dot = {7, 2.5, 1.5, 2.5};
  static constexpr std::array<double, 6> dash_dot_dot = {7, 2.5, 1.5, 2.5, 1.5, 2.5};
  static constexpr std::array<std::span<const double>, 6> all = {
      std::span<const double>{}, dashed, dotted, dash_dot, long_dashed, dash_dot_dot};
  return all[dash % all.size()];
}

std::vector<const ChartLine*> lines_in_legend(const Chart& chart) {
  std::vector<const ChartLine*> lines;
  for (const ChartLine& line : chart.lines)
    if (!line.is_member) lines.push_back(&line);
  return lines;
}

double legend_height(const Chart& chart, const ChartFrame& frame) {
  const auto columns = static_cast<double>(legend_columns(chart, frame));
  const auto lines = static_cast<double>(lines_in_legend(chart).size());
  const double rows = std::ceil(lines / columns) + (chart.note.empty() ? 0 : 1);
  return (8 + 16 * rows) * Margins(frame).unit;
}

double chart_height(const Chart& chart, const ChartFrame& frame) {
  return frame.height + (frame.legend ? legend_height(chart, frame) : 0);
}

bool has_numbers(const Chart& chart) {
  const auto [x, y] = ranges_of(chart);
  return !x.is_empty() && !y.is_empty();
}

void draw_chart(const Chart& chart, ChartPen& pen, const ChartFrame& frame) {
  Drawing(chart, pen, frame).draw();
}

void draw_legend(const Chart& chart, ChartPen& pen, const ChartFrame& frame, double y) {
  const Margins margins(frame);
  const std::size_t columns = legend_columns(chart, frame);
  const double room = (frame.width - margins.left) / static_cast<double>(columns);
  const std::vector<const ChartLine*> lines = lines_in_legend(chart);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const double x = margins.left + static_cast<double>(i % columns) * room,
                 at = y + 16 * margins.unit * static_cast<double>(i / columns);
    pen.line({{{x, at}, {x + 22 * margins.unit, at}}}, {lines[i]->colour, lines[i]->dash});
    pen.text(x + 28 * margins.unit, at + 4 * margins.unit, lines[i]->label, ChartPen::Anchor::start,
             frame.font);
  }
  if (chart.note.empty()) return;
  const auto rows = static_cast<double>((lines.size() + columns - 1) / columns);
  pen.text(margins.left, y + (16 * rows + 4) * margins.unit, chart.note, ChartPen::Anchor::start, frame.font);
}

}  // namespace grapevine::cli
