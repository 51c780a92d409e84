// What is worked out from a series once and kept: pyramids, smoothed values, decimated lines, heat map
// columns. Everything is keyed by (revision, range, width, smoothing) and grows with the series. The thread
// that draws.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include "ui/plot/decimate.h"
#include "ui/plot/pyramid.h"
#include "ui/plot/series_view.h"
#include "ui/plot/smoothing.h"

namespace grapevine {

/// A series as a figure asks for it.
struct LineRequest {
  SeriesView view;
  std::uint64_t revision = 0;  ///< of the run: nothing is looked at again while it stays
  double smoothing = 0;        ///< 0 = the raw values
};

class SeriesCache {
 public:
  /// The references stay valid until the same series is asked for again or clear(). Where the view is panned
  /// the line extends beyond the columns asked for, so that further panning costs nothing.
  const Pieces& line(const LineRequest& request, const Columns& columns);
  /// `until`: the time up to which the last value holds.
  const std::vector<double>& means(const LineRequest& request, const Columns& columns,
                                   double until = -std::numeric_limits<double>::infinity());
  std::span<const double> values(const LineRequest& request);
  /// Over the samples with lo <= x <= hi and their neighbours outside; all of them when lo > hi.
  Extent extent(const LineRequest& request, double lo, double hi);
  /// The same without the least and the largest hundredth of the values, estimated from a thousand of them.
  Extent usual_extent(const LineRequest& request, double lo, double hi);

  /// Clears everything: the series are others, or were removed.
  void clear() { entries_.clear(); }
  /// Lines and heat rows recomputed so far; for tests.
  int decimations() const { return decimations_; }

 private:
  struct Drawn {
    std::uint64_t revision = 0;
    double smoothing = -1;
    Columns columns;
    Pieces pieces;
  };
  struct Entry {
    bool fresh = true;
    std::uint64_t revision = 0;
    Pyramid raw;
    Smoothing smoothing;
    double smoothed_with = -1;
    std::uint64_t smoothed_revision = 0;
    Pyramid smoothed;
    Drawn raw_line;
    Drawn smoothed_line;
    bool has_means = false;
    std::uint64_t means_revision = 0;
    Columns means_columns;
    double means_until = 0;
    std::vector<double> means;
  };

  Entry& updated(const LineRequest& request);
  void update_smoothed(Entry& entry, const LineRequest& request);

  std::map<std::pair<const Series*, TimeAxis>, Entry> entries_;
  int decimations_ = 0;
};

}  // namespace grapevine
