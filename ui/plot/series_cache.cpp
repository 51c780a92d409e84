// Pyramids and lines, kept.
#include "ui/plot/series_cache.h"

#include <algorithm>
#include <cmath>

namespace grapevine {
namespace {

/// Columns of one width, whatever rounding panning left.
bool equally_wide(const Columns& one, const Columns& other) {
  return one.log == other.log && std::abs(one.width() - other.width()) <= 1e-9 * std::abs(other.width());
}

bool covers(const Columns& wide, const Columns& asked) {
  return wide.lo <= asked.lo && asked.hi <= wide.hi;
}

/// Half as many columns more on either side: who pans continues to pan.
Columns widened(Columns columns) {
  const int beside = std::max(1, columns.count / 2);
  const double more = beside * columns.width();
  const double lo = columns.at_place(columns.place_of(columns.lo) - more);
  columns.hi = columns.at_place(columns.place_of(columns.hi) + more);
  columns.lo = lo;
  columns.count += 2 * beside;
  return columns;
}

}  // namespace

SeriesCache::Entry& SeriesCache::updated(const LineRequest& request) {
  Entry& entry = entries_[{request.view.series(), request.view.axis()}];
  if (entry.fresh || entry.revision != request.revision) {
    entry.raw.update(request.view.values());
    entry.revision = request.revision;
    entry.fresh = false;
  }
  if (request.smoothing > 0) update_smoothed(entry, request);
  return entry;
}

void SeriesCache::update_smoothed(Entry& entry, const LineRequest& request) {
  if (entry.smoothed_with == request.smoothing && entry.smoothed_revision == request.revision) return;
  if (entry.smoothed_with != request.smoothing) entry.smoothed.clear();
  entry.smoothing.update(request.view.values(), request.smoothing);
  entry.smoothed.update(entry.smoothing.values());
  entry.smoothed_with = request.smoothing;
  entry.smoothed_revision = request.revision;
}

const Pieces& SeriesCache::line(const LineRequest& request, const Columns& columns) {
  Entry& entry = updated(request);
  const bool smooth = request.smoothing > 0;
  Drawn& drawn = smooth ? entry.smoothed_line : entry.raw_line;
  const bool panned = drawn.smoothing == request.smoothing && drawn.revision == request.revision &&
                      equally_wide(drawn.columns, columns);
  if (panned && covers(drawn.columns, columns)) return drawn.pieces;
  drawn.smoothing = request.smoothing;
  drawn.revision = request.revision;
  drawn.columns = panned ? widened(columns) : columns;
  decimate(request.view, smooth ? entry.smoothing.values() : request.view.values(),
           smooth ? entry.smoothed : entry.raw, drawn.columns, drawn.pieces);
  ++decimations_;
  return drawn.pieces;
}

const std::vector<double>& SeriesCache::means(const LineRequest& request, const Columns& columns,
                                              double until) {
  Entry& entry = updated(request);
  if (entry.has_means && entry.means_revision == request.revision && entry.means_columns == columns &&
      entry.means_until == until)
    return entry.means;
  column_means(request.view, entry.raw, columns, entry.means, until);
  entry.has_means = true;
  entry.means_revision = request.revision;
  entry.means_columns = columns;
  entry.means_until = until;
  ++decimations_;
  return entry.means;
}

std::span<const double> SeriesCache::values(const LineRequest& request) {
  Entry& entry = updated(request);
  return request.smoothing > 0 ? entry.smoothing.values() : request.view.values();
}

namespace {

/// Samples with lo <= x <= hi and their neighbours outside; all of them when lo > hi.
std::pair<std::size_t, std::size_t> in_view(const SeriesView& view, double lo, double hi) {
  const std::size_t size = view.size();
  if (lo > hi) return {0, size};
  std::size_t first = view.lower_bound(lo);
  std::size_t last = view.lower_bound(hi, first);
  while (last < size && view.x(last) <= hi) ++last;
  if (first > 0) --first;
  if (last < size) ++last;
  return {first, last};
}

}  // namespace

Extent SeriesCache::extent(const LineRequest& request, double lo, double hi) {
  Entry& entry = updated(request);
  const auto [first, last] = in_view(request.view, lo, hi);
  const bool smooth = request.smoothing > 0;
  return (smooth ? entry.smoothed : entry.raw)
      .range(smooth ? entry.smoothing.values() : request.view.values(), first, last);
}

Extent SeriesCache::usual_extent(const LineRequest& request, double lo, double hi) {
  constexpr std::size_t enough = 1000;
  const std::span<const double> values = this->values(request);
  const auto [first, last] = in_view(request.view, lo, hi);
  const std::size_t stride = std::max<std::size_t>(1, (last - first) / enough);
  std::vector<double> looked_at;
  for (std::size_t i = first; i < last; i += stride)
    if (std::isfinite(values[i])) looked_at.push_back(values[i]);
  const auto left_out = static_cast<std::ptrdiff_t>(looked_at.size() / 100);
  const auto first_kept = looked_at.begin() + left_out, end_kept = looked_at.end() - left_out;
  if (left_out > 0) {
    std::nth_element(looked_at.begin(), first_kept, looked_at.end());
    std::nth_element(first_kept, end_kept, looked_at.end());
  }
  Extent usual;
  for (auto value = first_kept; value != end_kept; ++value) usual.add(*value);
  return usual;
}

}  // namespace grapevine
