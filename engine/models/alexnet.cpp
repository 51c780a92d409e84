// alexnet (Krizhevsky et al. 2012), a segment a convolution. Images below 63 pixels get the small form: conv
// 3×3 →64 pooled, →192 pooled, →384, →256, →256 pooled, one linear layer; larger ones torchvision's: 11×11
// stride 4, 5×5, 3×3 …, pools of 3 by 2, 4096-4096.
#include "engine/models/model.h"

namespace grapevine {
namespace {

SegmentSpec conv_segment(const ModelSettings& model, LayerSpec conv, std::int64_t pool) {
  SegmentSpec segment{conv};
  if (model.batch_norm) segment.push_back(batch_norm_layer(conv.out));
  segment.push_back(activation_layer(model));
  if (pool > 0) segment.push_back(pool_layer(LayerKind::max_pool2d, pool, 2));
  return segment;
}

struct Size {
  std::int64_t height, width;
  void conv(const LayerSpec& layer) {
    for (std::int64_t* side : {&height, &width})
      *side = (*side + 2 * layer.padding - layer.kernel) / layer.stride + 1;
  }
  void pool(std::int64_t kernel) {
    for (std::int64_t* side : {&height, &width}) *side = (*side - kernel) / 2 + 1;
  }
};

}  // namespace

NetworkSpec build_alexnet(const ModelSettings& model, const DataShape& data) {
  const bool small = data.sample.at(1) < 63 || data.sample.at(2) < 63;
  const std::int64_t pool = small ? 2 : 3;
  const std::int64_t widths[] = {64, 192, 384, 256, 256};
  NetworkSpec spec{data.sample, {}};
  Size size{data.sample.at(1), data.sample.at(2)};
  std::int64_t in = data.sample.at(0);
  for (int i = 0; i < 5; ++i) {
    LayerSpec conv = conv_layer(in, widths[i], small || i > 1 ? 3 : i == 0 ? 11 : 5, small || i > 1 ? 1 : 2);
    if (!small && i == 0) conv.stride = 4;
    const bool pools = i < 2 || i == 4;
    spec.segments.push_back(conv_segment(model, conv, pools ? pool : 0));
    size.conv(conv);
    if (pools) size.pool(pool);
    in = widths[i];
  }
  const double dropout = model.dropout;
  std::int64_t features = in * size.height * size.width;
  SegmentSpec next{plain_layer(LayerKind::flatten)};
  for (int i = 0; i < (small ? 0 : 2); ++i) {
    if (dropout > 0) next.push_back(dropout_layer(dropout));
    next.push_back(linear_layer(features, 4096));
    next.push_back(activation_layer(model));
    spec.segments.push_back(next);
    next.clear();
    features = 4096;
  }
  if (small && dropout > 0) next.push_back(dropout_layer(dropout));
  next.push_back(linear_layer(features, data.classes));
  spec.segments.push_back(next);
  return spec;
}

}  // namespace grapevine
