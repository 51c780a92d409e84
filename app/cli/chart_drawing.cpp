#include "app/cli/chart_drawing.h"

#include <algorithm>
#include <cmath>

#include "app/cli/console.h"

namespace grapevine::cli {
namespace {

using Anchor = ChartPen::Anchor;

constexpr double height = 300, left = 60, right = 12, top = 30, bottom = 42;
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

/// As many of the legend's columns as the longest label leaves room for.
std::size_t legend_columns(const Chart& chart) {
  constexpr double letter = 6.6, key = 40;
  int longest = 0;
  for (const ChartLine& line : chart.lines) longest = std::max(longest, display_width(line.label));
  const double fitting = std::floor((chart_width - left) / (longest * letter + key));
  return static_cast<std::size_t>(std::clamp(fitting, 1.0, 3.0));
}

/// A flat line stands in the middle.
Range widened(Range range) {
  if (range.high > range.low) return range;
  const double half = range.low == 0 ? 1 : std::abs(range.low) / 2;
  return {range.low - half, range.high + half};
}

class Drawing {
 public:
  Drawing(const Chart& chart, ChartPen& pen) : chart_(chart), pen_(pen) {
    const auto [x, y] = ranges_of(chart);
    x_ = widened(x);
    y_ = widened(y);
  }

  void draw() {
    pen_.text(left, 18, chart_.title, Anchor::start, true);
    pen_.text((left + chart_width - right) / 2, height - 8, chart_.x_label, Anchor::middle);
    draw_grid();
    for (const ChartLine& line : chart_.lines) draw(line);
    draw_legend();
  }

 private:
  double across(double x) const {
    return left + (x - x_.low) / (x_.high - x_.low) * (chart_width - left - right);
  }
  double down(double y) const {
    return height - bottom - (y - y_.low) / (y_.high - y_.low) * (height - top - bottom);
  }

  void draw_grid() {
    const double step_y = round_step(y_, 5), step_x = round_step(x_, 8);
    for (double y = std::ceil(y_.low / step_y) * step_y; y <= y_.high + step_y * 1e-9; y += step_y) {
      pen_.rule(left, down(y), chart_width - right, down(y));
      const double shown = std::abs(y) < step_y * 1e-9 ? 0 : y;
      pen_.text(left - 6, down(y) + 4,
                chart_.in_percent ? short_number(100 * shown) + " %" : short_number(shown), Anchor::end);
    }
    for (double x = std::ceil(x_.low / step_x) * step_x; x <= x_.high + step_x * 1e-9; x += step_x) {
      pen_.rule(across(x), top, across(x), height - bottom);
      pen_.text(across(x), height - bottom + 16, short_number(std::abs(x) < step_x * 1e-9 ? 0 : x),
                Anchor::middle);
    }
  }

  /// Every so-manieth point where there are more than a drawing shows.
  void draw(const ChartLine& line) {
    const std::size_t stride = line.x.size() / most_points + 1;
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
    pen_.line(pieces, line.colour, line.dashed);
    if (line.x.size() <= few_points) mark(pieces, line.colour);
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
    pen_.line(crosses, colour, false);
  }

  void draw_legend() {
    const std::size_t columns = legend_columns(chart_);
    const double room = (chart_width - left) / static_cast<double>(columns);
    for (std::size_t i = 0; i < chart_.lines.size(); ++i) {
      const double x = left + static_cast<double>(i % columns) * room,
                   y = height + 10 + 16 * static_cast<double>(i / columns);
      pen_.line({{{x, y}, {x + 22, y}}}, chart_.lines[i].colour, chart_.lines[i].dashed);
      pen_.text(x + 28, y + 4, chart_.lines[i].label, Anchor::start);
    }
  }

  const Chart& chart_;
  ChartPen& pen_;
  Range x_, y_;
};

}  // namespace

double chart_height(const Chart& chart) {
  const auto columns = static_cast<double>(legend_columns(chart));
  return height + 8 + 16 * std::ceil(static_cast<double>(chart.lines.size()) / columns);
}

bool has_numbers(const Chart& chart) {
  const auto [x, y] = ranges_of(chart);
  return !x.is_empty() && !y.is_empty();
}

void draw_chart(const Chart& chart, ChartPen& pen) {
  Drawing(chart, pen).draw();
}

}  // namespace grapevine::cli
