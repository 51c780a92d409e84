// Decimation to pixel columns.
#include "ui/plot/decimate.h"

#include <cmath>
#include <limits>

namespace grapevine {
namespace {

/// Collects points and closes a piece at each gap.
class PieceBuilder {
 public:
  explicit PieceBuilder(Pieces& out) : out_(out) {}

  void point(double x, double y) {
    if (!std::isfinite(y)) {
      gap();
    } else {
      out_.points.push_back({x, y});
    }
  }

  void gap() {
    const std::size_t begin = out_.ends.empty() ? 0 : out_.ends.back();
    if (out_.points.size() > begin) out_.ends.push_back(out_.points.size());
  }

 private:
  Pieces& out_;
};

/// One pixel column's samples [first, last).
void add_column(const SeriesView& view, std::span<const double> values, const Pyramid& pyramid,
                std::size_t first, std::size_t last, PieceBuilder& builder) {
  if (last - first <= 2) {
    for (std::size_t i = first; i < last; ++i) builder.point(view.x(i), values[i]);
    return;
  }
  const Extent extent = pyramid.range(values, first, last);
  if (extent.empty()) {
    builder.gap();
    return;
  }
  // A gap of less than a pixel can't be seen: the column counts as whole.
  const double begin = view.x(first);
  const double end = view.x(last - 1);
  const bool falling = values[last - 1] < values[first];
  builder.point(begin, falling ? extent.highest : extent.lowest);
  builder.point(end, falling ? extent.lowest : extent.highest);
}

}  // namespace

void Pieces::clear() {
  points.clear();
  ends.clear();
}

std::span<const Point> Pieces::piece(std::size_t i) const {
  const std::size_t begin = i == 0 ? 0 : ends[i - 1];
  return std::span<const Point>(points).subspan(begin, ends[i] - begin);
}

double Columns::place_of(double x) const {
  return log ? std::log10(x) : x;
}

double Columns::at_place(double place) const {
  return log ? std::pow(10.0, place) : place;
}

void decimate(const SeriesView& view, std::span<const double> values, const Pyramid& pyramid,
              const Columns& columns, Pieces& out) {
  out.clear();
  const std::size_t size = view.size();
  if (size == 0 || columns.count < 1 || !(columns.hi > columns.lo)) return;
  PieceBuilder builder(out);
  std::size_t first = view.lower_bound(columns.lo);
  if (first > 0 && !(columns.log && view.x(first - 1) <= 0))
    builder.point(view.x(first - 1), values[first - 1]);

  const double width = columns.width();
  double column = std::floor(columns.place_of(columns.lo) / width);
  while (first < size && view.x(first) < columns.hi) {
    // Skip empty columns at once; a column narrower than the numbers' grid still takes its sample along.
    column = std::max(column + 1, std::floor(columns.place_of(view.x(first)) / width) + 1);
    std::size_t last = view.lower_bound(std::min(columns.at_place(column * width), columns.hi), first);
    if (last == first) last = first + 1;
    add_column(view, values, pyramid, first, last, builder);
    first = last;
  }
  if (first < size) builder.point(view.x(first), values[first]);
  builder.gap();
}

void column_means(const SeriesView& view, const Pyramid& pyramid, const Columns& columns,
                  std::vector<double>& out, double until) {
  out.assign(static_cast<std::size_t>(std::max(columns.count, 0)), std::numeric_limits<double>::quiet_NaN());
  const std::size_t size = view.size();
  if (size == 0 || !(columns.hi > columns.lo)) return;
  const std::span<const double> values = view.values();
  const double width = columns.width();
  const double end = std::max(view.x(size - 1), until);
  std::size_t first = view.lower_bound(columns.lo);
  for (std::size_t c = 0; c < out.size(); ++c) {
    const double place = columns.place_of(columns.lo) + static_cast<double>(c) * width;
    const double begin = columns.at_place(place);
    const std::size_t last = view.lower_bound(columns.at_place(place + width), first);
    if (last > first) {
      out[c] = pyramid.range(values, first, last).mean();
    } else if (first > 0 && begin <= end) {
      out[c] = values[first - 1];
    }
    first = last;
  }
}

}  // namespace grapevine
