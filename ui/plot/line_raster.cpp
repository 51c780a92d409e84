// Curves and their dots as pixels.
#include "ui/plot/line_raster.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "ui/plot/line_cutting.h"

namespace grapevine {
namespace {

constexpr double kFull = 255;

/// How much of the unit stretch from `at` on lies within lo … hi.
double overlap(double at, double lo, double hi) {
  return std::max(0.0, std::min(at + 1, hi) - std::max(at, lo));
}

/// A line that goes to and fro at least once every second pixel column, from left to right: its columns are
/// full, and along its way dashes mean nothing.
bool fills_columns(std::span<const Point> points) {
  const double columns = points.back().x - points.front().x;
  if (static_cast<double>(points.size()) < columns) return false;
  std::size_t turns = 0;
  for (std::size_t i = 1; i < points.size(); ++i) {
    if (!(points[i].x >= points[i - 1].x)) return false;
    turns += i > 1 && (points[i - 1].y - points[i - 2].y) * (points[i].y - points[i - 1].y) < 0;
  }
  return columns > 2 && static_cast<double>(turns) * 2 > columns;
}

/// A premultiplied pixel times by/255, rounded: two channels at a time, each in sixteen bits of its own.
std::uint32_t scaled_pixel(std::uint32_t pixel, std::uint32_t by) {
  constexpr std::uint32_t two = 0x00ff00ffu, halves = 0x00800080u;
  std::uint32_t red_blue = (pixel & two) * by + halves;
  std::uint32_t alpha_green = (pixel >> 8 & two) * by + halves;
  red_blue = (red_blue + (red_blue >> 8 & two)) >> 8 & two;
  alpha_green = (alpha_green + (alpha_green >> 8 & two)) & ~two;
  return alpha_green | red_blue;
}

bool all_zero(const std::uint8_t* eight) {
  std::uint64_t word = 0;
  std::memcpy(&word, eight, sizeof word);
  return word == 0;
}

}  // namespace

void LineRaster::Span::add(int from, int to) {
  if (from >= to) return;
  begin = empty() ? from : std::min(begin, from);
  end = std::max(end, to);
}

void LineRaster::reset(int width, int height) {
  const auto size = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
  if (width == width_ && height == height_) {
    for (int y = touched_y_.begin; y < touched_y_.end; ++y)
      std::fill_n(pixels_.begin() + static_cast<std::ptrdiff_t>(y) * width_ + touched_x_.begin,
                  touched_x_.end - touched_x_.begin, 0U);
  } else {
    pixels_.assign(size, 0);
    coverage_.assign(size, 0);
    columns_.assign(static_cast<std::size_t>(width), {});
    width_ = width;
    height_ = height;
  }
  touched_x_ = touched_y_ = {};
}

Rect LineRaster::touched() const {
  if (touched_x_.empty() || touched_y_.empty()) return {};
  return {static_cast<double>(touched_x_.begin), static_cast<double>(touched_y_.begin),
          static_cast<double>(touched_x_.end - touched_x_.begin),
          static_cast<double>(touched_y_.end - touched_y_.begin)};
}

void LineRaster::draw(std::span<const Point> points, const Stroke& stroke) {
  if (points.size() < 2) return;
  drawn_x_ = drawn_y_ = {};
  const std::span<const double> pattern = dash_pattern(stroke.dash);
  if (fills_columns(points))
    add_columns(points, pattern, stroke.width);
  else
    cut_into_dashes(points, pattern, stroke.width,
                    [&](std::span<const Point> piece) { add_segments(piece, stroke.width / 2); });
  blend(stroke.colour);
}

void LineRaster::disc(Point centre, double radius, Colour colour) {
  drawn_x_ = drawn_y_ = {};
  const double reach = radius + 1;
  const auto within = [](double at, int most) { return static_cast<int>(std::clamp(at, 0.0, 1.0 * most)); };
  const int left = within(std::floor(centre.x - reach), width_);
  const int right = within(std::ceil(centre.x + reach), width_);
  const int top = within(std::floor(centre.y - reach), height_);
  const int bottom = within(std::ceil(centre.y + reach), height_);
  for (int y = top; y < bottom; ++y)
    for (int x = left; x < right; ++x) {
      const double away = std::hypot(x + 0.5 - centre.x, y + 0.5 - centre.y);
      cover(x, y, static_cast<int>(kFull * std::clamp(radius + 0.5 - away, 0.0, 1.0) + 0.5));
    }
  touch(left, right, top, bottom);
  blend(colour);
}

// Joints are closed by letting each segment continue half a width beyond them.
void LineRaster::add_segments(std::span<const Point> points, double half) {
  for (std::size_t i = 1; i < points.size(); ++i)
    add_segment(points[i - 1], points[i], half, i > 1 ? half : 0, i + 1 < points.size() ? half : 0);
}

void LineRaster::add_segment(Point a, Point b, double half, double before, double after) {
  const double dx = b.x - a.x;
  const double dy = b.y - a.y;
  const double length = std::hypot(dx, dy);
  if (!(length > 0)) return;
  // Along the axis on which it goes further, a row of coverage a pixel.
  const bool steep = std::abs(dy) >= std::abs(dx);
  double from = steep ? a.y : a.x;
  double to = steep ? b.y : b.x;
  const double at_from = steep ? a.x : a.y;
  const double slope = steep ? dx / dy : dy / dx;
  const double beside = half * length / (to > from ? to - from : from - to);
  const double origin = from;
  if (from > to) {
    std::swap(from, to);
    std::swap(before, after);
  }
  from -= before;
  to += after;
  const int along = steep ? height_ : width_;
  const int across = steep ? width_ : height_;
  const int first = std::max(0, static_cast<int>(std::floor(from)));
  const int last = std::min(along, static_cast<int>(std::ceil(to)));
  Span reach;
  for (int i = first; i < last; ++i) {
    const double lo = std::max(from, static_cast<double>(i));
    const double hi = std::min(to, i + 1.0);
    // In the middle of the pixel, so that neighbouring segments say the same of one that they share.
    const double centre = at_from + (i + 0.5 - origin) * slope;
    const double low = centre - beside;
    const double high = centre + beside;
    if (!(high > 0) || !(low < across)) continue;
    const int begin = std::max(0, static_cast<int>(low));
    const int end = std::min(across, static_cast<int>(high) + 1);
    reach.add(begin, end);
    const double share = kFull * (hi - lo);
    for (int k = begin; k < end; ++k) {
      const int covered = static_cast<int>(share * overlap(k, low, high) + 0.5);
      if (steep)
        cover(k, i, covered);
      else
        cover(i, k, covered);
    }
  }
  if (steep)
    touch(reach.begin, reach.end, first, last);
  else
    touch(first, last, reach.begin, reach.end);
}

void LineRaster::add_columns(std::span<const Point> points, std::span<const double> pattern, double width) {
  double period = 0;
  for (const double part : pattern) period += part * width;
  const double left = points.front().x;
  const auto in_gap = [&](double x) {
    if (!(period > 0)) return false;
    double rest = std::fmod(x - left, period);
    std::size_t phase = 0;
    while (phase + 1 < pattern.size() && rest >= pattern[phase] * width) rest -= pattern[phase++] * width;
    return phase % 2 == 1;
  };
  const double half = width / 2;
  std::size_t i = 0;
  const int last = std::min(width_ - 1, static_cast<int>(std::floor(points.back().x)));
  for (int column = std::max(0, static_cast<int>(std::floor(left))); column <= last; ++column) {
    while (i + 1 < points.size() && points[i + 1].x < column) ++i;
    double top = 1e9, bottom = -1e9;
    const auto add = [&](double y) {
      top = std::min(top, y);
      bottom = std::max(bottom, y);
    };
    // Each segment's part between the column's edges.
    for (std::size_t k = i; k + 1 < points.size() && points[k].x <= column + 1; ++k) {
      const Point a = points[k], b = points[k + 1];
      const double run = b.x - a.x;
      const auto height_at = [&](double x) { return run > 0 ? a.y + (b.y - a.y) * (x - a.x) / run : a.y; };
      if (b.x < column) continue;
      add(a.x < column ? height_at(column) : a.y);
      add(b.x > column + 1 ? height_at(column + 1) : b.y);
    }
    if (top <= bottom && !in_gap(column + 0.5)) fill_column(column, top - half, bottom + half);
  }
}

void LineRaster::fill_column(int column, double top, double bottom) {
  top = std::max(top, -1.0);
  bottom = std::min(bottom, height_ + 1.0);
  const int first = std::max(0, static_cast<int>(std::floor(top)));
  const int last = std::min(height_, static_cast<int>(std::ceil(bottom)));
  // Only its ends are covered in part.
  const int whole = std::min(last, static_cast<int>(std::ceil(top)));
  const int end = std::max(whole, std::min(last, static_cast<int>(std::floor(bottom))));
  const auto in_part = [&](int y) {
    cover(column, y, static_cast<int>(kFull * overlap(y, top, bottom) + 0.5));
  };
  for (int y = first; y < whole; ++y) in_part(y);
  const auto width = static_cast<std::size_t>(width_);
  std::size_t at =
      static_cast<std::size_t>(std::max(first, whole)) * width + static_cast<std::size_t>(column);
  for (int y = std::max(first, whole); y < end; ++y, at += width) coverage_[at] = 255;
  for (int y = std::max(first, end); y < last; ++y) in_part(y);
  touch(column, column + 1, first, last);
}

void LineRaster::cover(int x, int y, int coverage) {
  std::uint8_t& pixel =
      coverage_[static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) + static_cast<std::size_t>(x)];
  pixel = std::max(pixel, static_cast<std::uint8_t>(coverage));
}

void LineRaster::touch(int from_x, int to_x, int from_y, int to_y) {
  if (from_x >= to_x || from_y >= to_y) return;
  drawn_x_.add(from_x, to_x);
  drawn_y_.add(from_y, to_y);
  for (int x = from_x; x < to_x; ++x) columns_[static_cast<std::size_t>(x)].add(from_y, to_y);
}

void LineRaster::blend(Colour colour) {
  if (drawn_x_.empty() || drawn_y_.empty()) return;
  const std::uint32_t ink = scaled_pixel(colour | 0xff000000u, static_cast<std::uint32_t>(alpha_of(colour)));
  std::int64_t reached = 0;
  for (int x = drawn_x_.begin; x < drawn_x_.end; ++x)
    reached += columns_[static_cast<std::size_t>(x)].length();
  // A curve reaches few rows of each pixel column; a noisy one nearly all, which memory likes better row by
  // row.
  if (reached * 4 < std::int64_t{drawn_x_.length()} * drawn_y_.length())
    blend_columns(ink);
  else
    blend_rows(ink);
  for (int x = drawn_x_.begin; x < drawn_x_.end; ++x) columns_[static_cast<std::size_t>(x)] = {};
  touched_x_.add(drawn_x_.begin, drawn_x_.end);
  touched_y_.add(drawn_y_.begin, drawn_y_.end);
}

void LineRaster::blend_columns(std::uint32_t ink) {
  for (int x = drawn_x_.begin; x < drawn_x_.end; ++x) {
    const Span& rows = columns_[static_cast<std::size_t>(x)];
    for (int y = rows.begin; y < rows.end; ++y)
      blend_pixel(
          static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) + static_cast<std::size_t>(x), ink);
  }
}

void LineRaster::blend_rows(std::uint32_t ink) {
  for (int y = drawn_y_.begin; y < drawn_y_.end; ++y) {
    const std::size_t row = static_cast<std::size_t>(y) * static_cast<std::size_t>(width_);
    for (int x = drawn_x_.begin; x < drawn_x_.end; ++x) {
      if (coverage_[row + static_cast<std::size_t>(x)] != 0) {
        blend_pixel(row + static_cast<std::size_t>(x), ink);
        continue;
      }
      // Most of the layer is empty: passed over eight pixels at a time.
      while (x + 8 < drawn_x_.end && all_zero(&coverage_[row + static_cast<std::size_t>(x) + 1])) x += 8;
    }
  }
}

inline void LineRaster::blend_pixel(std::size_t at, std::uint32_t ink) {
  std::uint8_t& covered = coverage_[at];
  if (covered == 0) return;
  const std::uint32_t over = covered == 255 ? ink : scaled_pixel(ink, covered);
  std::uint32_t& pixel = pixels_[at];
  pixel = over >> 24 == 255 ? over : over + scaled_pixel(pixel, 255 - (over >> 24));
  covered = 0;
}

}  // namespace grapevine
