// lenet5, four segments (learning-rules §7): conv 5×5 →32 pad 2, activation, max pool 2 · conv 5×5 →64 pad 2,
// activation, max pool 2 · flatten, linear →128, activation · linear → classes. model.width = classic:
// 6-16-120-84 without padding.
#include "engine/error.h"
#include "engine/models/model.h"

namespace grapevine {
namespace {

struct Widths {
  std::int64_t conv1, conv2, padding;
  std::vector<std::int64_t> hidden;
};

SegmentSpec conv_segment(const ModelSettings& model, std::int64_t in, std::int64_t out,
                         std::int64_t padding) {
  SegmentSpec segment{conv_layer(in, out, 5, padding)};
  if (model.batch_norm) segment.push_back(batch_norm_layer(out));
  segment.push_back(activation_layer(model));
  segment.push_back(pool_layer(LayerKind::max_pool2d, 2, 2));
  return segment;
}

std::int64_t side_after(std::int64_t side, std::int64_t padding) {
  return (side + 2 * padding - 4) / 2;
}

}  // namespace

NetworkSpec build_lenet5(const ModelSettings& model, const DataShape& data) {
  const Widths widths = model.classic ? Widths{6, 16, 0, {120, 84}} : Widths{32, 64, 2, {128}};
  std::int64_t height = data.sample.at(1), width = data.sample.at(2);
  for (int i = 0; i < 2; ++i) {
    height = side_after(height, widths.padding);
    width = side_after(width, widths.padding);
  }
  if (height < 1 || width < 1)
    throw InputError("model.name=lenet5 needs larger images than data.name=" + data.name + " has");

  const double dropout = model.dropout;
  NetworkSpec spec{data.sample, {}};
  spec.segments.push_back(conv_segment(model, data.sample.at(0), widths.conv1, widths.padding));
  spec.segments.push_back(conv_segment(model, widths.conv1, widths.conv2, widths.padding));
  std::int64_t in = widths.conv2 * height * width;
  for (std::int64_t hidden : widths.hidden) {
    SegmentSpec segment;
    if (spec.segments.size() == 2) segment.push_back(plain_layer(LayerKind::flatten));
    segment.push_back(linear_layer(in, hidden));
    segment.push_back(activation_layer(model));
    if (dropout > 0) segment.push_back(dropout_layer(dropout));
    spec.segments.push_back(std::move(segment));
    in = hidden;
  }
  spec.segments.push_back({linear_layer(in, data.classes)});
  return spec;
}

}  // namespace grapevine
