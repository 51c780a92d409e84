// A frame with round numbers, lines, a legend.
#include "app/cli/svg_chart.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "app/cli/console.h"

namespace grapevine::cli {
namespace {

constexpr double width = 640, height = 300, left = 60, right = 12, top = 30, bottom = 42;
constexpr std::size_t most_points = 1000;

struct Range {
  double low = INFINITY, high = -INFINITY;
  void take(double value) {
    if (!std::isfinite(value)) return;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  bool is_empty() const { return !(low <= high); }
};

/// 1, 2 or 5 times a power of ten, so that about `count` steps cover the range.
double round_step(const Range& range, int count) {
  const double rough = (range.high - range.low) / count;
  const double power = std::pow(10, std::floor(std::log10(rough)));
  for (const double factor : {1.0, 2.0, 5.0})
    if (factor * power >= rough) return factor * power;
  return 10 * power;
}

/// A flat line stands in the middle.
Range widened(Range range) {
  if (range.high > range.low) return range;
  const double half = range.low == 0 ? 1 : std::abs(range.low) / 2;
  return {range.low - half, range.high + half};
}

std::string coordinate(double value) {
  return fixed(value, 1);
}

class Drawing {
 public:
  Drawing(const Chart& chart, const Range& x, const Range& y)
      : chart_(chart), x_(widened(x)), y_(widened(y)) {}

  std::string whole() {
    open();
    draw_grid();
    for (const ChartLine& line : chart_.lines) draw(line);
    draw_legend();
    return svg_ + "</svg>\n";
  }

 private:
  double across(double x) const { return left + (x - x_.low) / (x_.high - x_.low) * (width - left - right); }
  double down(double y) const {
    return height - bottom - (y - y_.low) / (y_.high - y_.low) * (height - top - bottom);
  }

  void open() {
    svg_ = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + fixed(width, 0) + " " +
           fixed(height + legend_height(), 0) +
           "\" role=\"img\" font-family=\"sans-serif\" font-size=\"11\">\n<title>" +
           escaped_html(chart_.title) + "</title>\n";
    text(left, 18, chart_.title, "start", " font-size=\"13\" font-weight=\"bold\"");
    text((left + width - right) / 2, height - 8, chart_.x_label, "middle");
  }

  double legend_height() const { return 8 + 16 * std::ceil(static_cast<double>(chart_.lines.size()) / 3); }

  void text(double x, double y, const std::string& words, const char* anchor, const char* more = "") {
    svg_ += "<text x=\"" + coordinate(x) + "\" y=\"" + coordinate(y) + "\" text-anchor=\"" + anchor + "\"" +
            more + ">" + escaped_html(words) + "</text>\n";
  }

  void rule(double x1, double y1, double x2, double y2) {
    svg_ += "<line x1=\"" + coordinate(x1) + "\" y1=\"" + coordinate(y1) + "\" x2=\"" + coordinate(x2) +
            "\" y2=\"" + coordinate(y2) + "\" stroke=\"#d0d0d0\"/>\n";
  }

  void draw_grid() {
    const double step_y = round_step(y_, 5), step_x = round_step(x_, 8);
    for (double y = std::ceil(y_.low / step_y) * step_y; y <= y_.high + step_y * 1e-9; y += step_y) {
      rule(left, down(y), width - right, down(y));
      const double shown = std::abs(y) < step_y * 1e-9 ? 0 : y;
      text(left - 6, down(y) + 4, chart_.in_percent ? short_number(100 * shown) + " %" : short_number(shown),
           "end");
    }
    for (double x = std::ceil(x_.low / step_x) * step_x; x <= x_.high + step_x * 1e-9; x += step_x) {
      rule(across(x), top, across(x), height - bottom);
      text(across(x), height - bottom + 16, short_number(std::abs(x) < step_x * 1e-9 ? 0 : x), "middle");
    }
  }

  std::string stroke(const ChartLine& line) const {
    char colour[16];
    std::snprintf(colour, sizeof colour, "#%06x", static_cast<unsigned>(line.colour & 0xFFFFFF));
    return std::string(" fill=\"none\" stroke-width=\"1.5\" stroke=\"") + colour + "\"" +
           (line.dashed ? " stroke-dasharray=\"5 3\"" : "");
  }

  /// Every so-manieth point where there are more than a drawing shows.
  void draw(const ChartLine& line) {
    const std::size_t stride = line.x.size() / most_points + 1;
    std::string path;
    bool pen_down = false;
    for (std::size_t i = 0; i < line.x.size(); i += stride) {
      if (!std::isfinite(line.x[i]) || !std::isfinite(line.y[i])) {
        pen_down = false;
        continue;
      }
      path += (pen_down ? "L" : "M") + coordinate(across(line.x[i])) + " " + coordinate(down(line.y[i]));
      pen_down = true;
    }
    if (!path.empty()) svg_ += "<path d=\"" + path + "\"" + stroke(line) + "/>\n";
  }

  void draw_legend() {
    for (std::size_t i = 0; i < chart_.lines.size(); ++i) {
      const double x = left + static_cast<double>(i % 3) * 195,
                   y = height + 10 + 16 * static_cast<double>(i / 3);
      svg_ += "<path d=\"M" + coordinate(x) + " " + coordinate(y) + "L" + coordinate(x + 22) + " " +
              coordinate(y) + "\"" + stroke(chart_.lines[i]) + "/>\n";
      text(x + 28, y + 4, chart_.lines[i].label, "start");
    }
  }

  const Chart& chart_;
  Range x_, y_;
  std::string svg_;
};

}  // namespace

std::string svg_of(const Chart& chart) {
  Range x, y;
  for (const ChartLine& line : chart.lines) {
    for (std::size_t i = 0; i < line.x.size(); ++i) {
      if (!std::isfinite(line.x[i]) || !std::isfinite(line.y[i])) continue;
      x.take(line.x[i]);
      y.take(line.y[i]);
    }
  }
  return x.is_empty() || y.is_empty() ? "" : Drawing(chart, x, y).whole();
}

std::string escaped_html(const std::string& text) {
  std::string out;
  for (const char c : clean(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

}  // namespace grapevine::cli
