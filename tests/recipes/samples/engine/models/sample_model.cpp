// sample_model: flatten, linear → 8, softsign · linear → classes.
#include "engine/models/model.h"

namespace grapevine {

NetworkSpec build_sample_model(const ModelSettings&, const DataShape& data) {
  std::int64_t width = 1;
  for (const std::int64_t side : data.sample) width *= side;
  NetworkSpec spec{data.sample, {}};
  spec.segments.push_back(
      {plain_layer(LayerKind::flatten), linear_layer(width, 8), plain_layer(LayerKind::sample_layer)});
  spec.segments.push_back({linear_layer(8, data.classes)});
  return spec;
}

}  // namespace grapevine
