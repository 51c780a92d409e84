// From a series of any length to what a line of so many pixels can show: at most two points a pixel column,
// and every column's minimum and maximum among them. Pure functions.
#pragma once

#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include "ui/plot/geometry.h"
#include "ui/plot/pyramid.h"
#include "ui/plot/series_view.h"

namespace grapevine {

/// Pieces of one line in data units: a piece ends where a value is missing.
struct Pieces {
  std::vector<Point> points;
  std::vector<std::size_t> ends;  ///< each piece's end in `points`

  void clear();
  std::size_t count() const { return ends.size(); }
  std::span<const Point> piece(std::size_t i) const;
};

/// Pixel columns over the visible range. They are anchored to multiples of their width in data units, or in
/// decades, so that panning does not make a line shimmer.
struct Columns {
  double lo = 0;
  double hi = 1;
  int count = 1;
  bool log = false;  ///< equally wide on a logarithmic axis; lo > 0 then

  double place_of(double x) const;
  double at_place(double place) const;
  /// In places.
  double width() const { return (place_of(hi) - place_of(lo)) / count; }
  bool operator==(const Columns&) const = default;
};

/// `values` replaces the view's own (smoothed ones, say) and has its length; `pyramid` was updated with
/// it. One more sample on either side of the range is kept, so that the line reaches the edges.
void decimate(const SeriesView& view, std::span<const double> values, const Pyramid& pyramid,
              const Columns& columns, Pieces& out);

/// The mean of each pixel column of [lo, hi), exactly `count` values. A sample holds until the next one;
/// before the first there is NaN, and behind the last but up to `until`, when nothing newer was there yet.
void column_means(const SeriesView& view, const Pyramid& pyramid, const Columns& columns,
                  std::vector<double>& out, double until = -std::numeric_limits<double>::infinity());

}  // namespace grapevine
