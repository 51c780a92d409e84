// mlp: flatten, then linear + activation (+ dropout) for every width in model.hidden, then linear to the
// classes.
#include <numeric>

#include "engine/error.h"
#include "engine/models/model.h"

namespace grapevine {

NetworkSpec build_mlp(const ModelSettings& model, const DataShape& data) {
  NetworkSpec spec{data.sample, {}};
  std::int64_t width =
      std::accumulate(data.sample.begin(), data.sample.end(), std::int64_t{1}, std::multiplies<>());
  const double dropout = model.dropout;
  for (std::int64_t hidden : model.hidden) {
    SegmentSpec segment;
    if (spec.segments.empty() && data.sample.size() > 1) segment.push_back(plain_layer(LayerKind::flatten));
    segment.push_back(linear_layer(width, hidden));
    segment.push_back(activation_layer(model));
    if (dropout > 0) segment.push_back(dropout_layer(dropout));
    spec.segments.push_back(std::move(segment));
    width = hidden;
  }
  SegmentSpec last;
  if (spec.segments.empty() && data.sample.size() > 1) last.push_back(plain_layer(LayerKind::flatten));
  last.push_back(linear_layer(width, data.classes));
  spec.segments.push_back(std::move(last));
  return spec;
}

}  // namespace grapevine
