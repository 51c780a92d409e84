// vgg16 (Simonyan & Zisserman 2015, with batch norm): 13 convolutions 3×3, a segment each, pooled after 2, 4,
// 7, 10 and 13; then the classifier: one linear layer (small), or 4096-4096 with dropout ½ (large;
// learning-rules §7).
#include "engine/error.h"
#include "engine/models/model.h"

namespace grapevine {

NetworkSpec build_vgg16(const ModelSettings& model, const DataShape& data) {
  constexpr std::int64_t pooled = 0;
  const std::vector<std::int64_t> plan{64,     64,  pooled, 128, 128,    pooled, 256, 256, 256,
                                       pooled, 512, 512,    512, pooled, 512,    512, 512, pooled};
  NetworkSpec spec{data.sample, {}};
  std::int64_t in = data.sample.at(0), height = data.sample.at(1), width = data.sample.at(2);
  if (height < 32 || width < 32)
    throw InputError("model.name=vgg16 halves images five times and needs 32 pixels per side; data.name=" +
                     data.name + " has " + std::to_string(height) + "×" + std::to_string(width));
  for (std::int64_t out : plan) {
    if (out == pooled) {
      spec.segments.back().push_back(pool_layer(LayerKind::max_pool2d, 2, 2));
      height /= 2;
      width /= 2;
      continue;
    }
    LayerSpec conv = conv_layer(in, out, 3, 1);
    conv.bias = false;
    spec.segments.push_back({conv, batch_norm_layer(out), activation_layer(model)});
    in = out;
  }
  std::int64_t features = in * height * width;
  SegmentSpec next{plain_layer(LayerKind::flatten)};
  if (model.large_classifier)
    for (int i = 0; i < 2; ++i) {
      next.push_back(linear_layer(features, 4096));
      next.push_back(activation_layer(model));
      next.push_back(dropout_layer(0.5));
      spec.segments.push_back(next);
      next.clear();
      features = 4096;
    }
  next.push_back(linear_layer(features, data.classes));
  spec.segments.push_back(next);
  return spec;
}

}  // namespace grapevine
