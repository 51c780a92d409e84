// resnet20, resnet56 (He et al. 2016, CIFAR form): conv 3×3 →16, three stages of 3 or 9 blocks with 16, 32,
// 64 channels, mean over pixels, linear. A block is one segment: two conv-norm pairs beside an option-A
// shortcut, then the activation (learning-rules §7).
#include "engine/error.h"
#include "engine/models/model.h"

namespace grapevine {
namespace {

LayerSpec conv3(std::int64_t in, std::int64_t out, std::int64_t stride) {
  LayerSpec layer = conv_layer(in, out, 3, 1);
  layer.stride = stride;
  layer.bias = false;  // the norm behind it has one
  return layer;
}

SegmentSpec block(const Experiment& experiment, std::int64_t in, std::int64_t out, std::int64_t stride) {
  LayerSpec residual = plain_layer("residual");
  residual.body = {conv3(in, out, stride), batch_norm_layer(out), activation_layer(experiment),
                   conv3(out, out, 1), batch_norm_layer(out)};
  if (in != out || stride != 1) {
    LayerSpec shortcut = plain_layer("subsample_pad");
    shortcut.in = in;
    shortcut.out = out;
    shortcut.stride = stride;
    residual.shortcut = {shortcut};
  }
  return {residual, activation_layer(experiment)};
}

NetworkSpec build_resnet(const Experiment& experiment, const DataShape& data, int blocks) {
  const std::int64_t height = (data.sample.at(1) + 3) / 4, width = (data.sample.at(2) + 3) / 4;
  if (height != width)
    throw InputError("model.name=" + experiment.text("model.name") + " needs square images");
  NetworkSpec spec{data.sample, {}};
  spec.segments.push_back(
      {conv3(data.sample.at(0), 16, 1), batch_norm_layer(16), activation_layer(experiment)});
  std::int64_t in = 16;
  for (std::int64_t stage = 0; stage < 3; ++stage) {
    const std::int64_t out = std::int64_t{16} << stage;
    for (int i = 0; i < blocks; ++i) {
      spec.segments.push_back(block(experiment, in, out, stage > 0 && i == 0 ? 2 : 1));
      in = out;
    }
  }
  spec.segments.push_back(
      {pool_layer("avg_pool2d", height, height), plain_layer("flatten"), linear_layer(64, data.classes)});
  return spec;
}

}  // namespace

NetworkSpec build_resnet20(const Experiment& experiment, const DataShape& data) {
  return build_resnet(experiment, data, 3);
}

NetworkSpec build_resnet56(const Experiment& experiment, const DataShape& data) {
  return build_resnet(experiment, data, 9);
}

}  // namespace grapevine
