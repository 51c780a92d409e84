// Pyramids and lines, kept.
#include "ui/plot/series_cache.h"

namespace grapevine {

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
  if (drawn.smoothing == request.smoothing && drawn.revision == request.revision &&
      drawn.columns == columns) {
    return drawn.pieces;
  }
  decimate(request.view, smooth ? entry.smoothing.values() : request.view.values(),
           smooth ? entry.smoothed : entry.raw, columns, drawn.pieces);
  drawn.smoothing = request.smoothing;
  drawn.revision = request.revision;
  drawn.columns = columns;
  ++decimations_;
  return drawn.pieces;
}

const std::vector<double>& SeriesCache::means(const LineRequest& request, const Columns& columns) {
  Entry& entry = updated(request);
  if (entry.has_means && entry.means_revision == request.revision && entry.means_columns == columns)
    return entry.means;
  column_means(request.view, entry.raw, columns, entry.means);
  entry.has_means = true;
  entry.means_revision = request.revision;
  entry.means_columns = columns;
  ++decimations_;
  return entry.means;
}

std::span<const double> SeriesCache::values(const LineRequest& request) {
  Entry& entry = updated(request);
  return request.smoothing > 0 ? entry.smoothing.values() : request.view.values();
}

Extent SeriesCache::extent(const LineRequest& request, double lo, double hi) {
  Entry& entry = updated(request);
  const std::size_t size = request.view.size();
  std::size_t first = 0;
  std::size_t last = size;
  if (lo <= hi) {
    first = request.view.lower_bound(lo);
    last = request.view.lower_bound(hi, first);
    while (last < size && request.view.x(last) <= hi) ++last;
    if (first > 0) --first;
    if (last < size) ++last;
  }
  const bool smooth = request.smoothing > 0;
  return (smooth ? entry.smoothed : entry.raw)
      .range(smooth ? entry.smoothing.values() : request.view.values(), first, last);
}

}  // namespace grapevine
