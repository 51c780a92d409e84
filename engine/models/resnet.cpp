// Residual networks (He et al. 2016, CIFAR form): conv 3×3 →16, three stages of equally many blocks with 16,
// 32, 64 channels, mean over pixels, linear. A block is two conv-norm pairs next to an option-A shortcut,
// then the activation (learning-rules §7). Macro: a segment is a block, and its point is the block's output.
// Micro: a point after every convolution. A block is cut behind its first activation into a fork and a join:
// the network's whole state there is that activation and the block's input next to it, which the shortcut
// takes on unchanged. The activation alone is the point's features: signals and perturbations act on it. To
// the carried input a direct rule gives no signal, as to anything below a point; BP and tangents go through
// both. The second convolution's point is behind the sum and its activation: there the sum is the whole
// state.
#include "engine/models/resnet.h"

#include "engine/error.h"

namespace grapevine {
namespace {

LayerSpec conv3(std::int64_t in, std::int64_t out, std::int64_t stride) {
  LayerSpec layer = conv_layer(in, out, 3, 1);
  layer.stride = stride;
  layer.bias = false;  // the norm behind it has one
  return layer;
}

struct Block {
  std::int64_t in, out, stride;
  std::int64_t side;  ///< of the square map that comes in
  std::int64_t side_after() const { return (side - 1) / stride + 1; }
};

SegmentSpec first_half(const ModelSettings& model, const Block& block) {
  return {conv3(block.in, block.out, block.stride), batch_norm_layer(block.out), activation_layer(model)};
}

SegmentSpec second_half(const Block& block) {
  return {conv3(block.out, block.out, 1), batch_norm_layer(block.out)};
}

SegmentSpec shortcut(const Block& block) {
  if (block.in == block.out && block.stride == 1) return {};
  LayerSpec layer = plain_layer(LayerKind::subsample_pad);
  layer.in = block.in;
  layer.out = block.out;
  layer.stride = block.stride;
  return {layer};
}

void add_macro(const ModelSettings& model, const Block& block, NetworkSpec& spec) {
  LayerSpec residual = plain_layer(LayerKind::residual);
  residual.body = first_half(model, block);
  for (const LayerSpec& layer : second_half(block)) residual.body.push_back(layer);
  residual.shortcut = shortcut(block);
  spec.segments.push_back({residual, activation_layer(model)});
}

void add_micro(const ModelSettings& model, const Block& block, NetworkSpec& spec) {
  const std::int64_t side = block.side_after();
  LayerSpec fork = plain_layer(LayerKind::fork), join = plain_layer(LayerKind::join);
  fork.body = first_half(model, block);
  join.in = block.out * side * side;
  join.part_shape = {block.out, side, side};
  join.carried_shape = {block.in, block.side, block.side};
  join.body = second_half(block);
  join.shortcut = shortcut(block);
  spec.segments.push_back({fork});
  spec.segments.push_back({join, activation_layer(model)});
}

}  // namespace

NetworkSpec build_resnet(const ModelSettings& model, const DataShape& data, int blocks) {
  if (data.sample.at(1) != data.sample.at(2))
    throw InputError("model.name=" + model.name + " needs square images");
  NetworkSpec spec{data.sample, {}};
  spec.segments.push_back({conv3(data.sample.at(0), 16, 1), batch_norm_layer(16), activation_layer(model)});
  std::int64_t in = 16, side = data.sample.at(1);
  for (std::int64_t stage = 0; stage < 3; ++stage) {
    const std::int64_t out = std::int64_t{16} << stage;
    for (int i = 0; i < blocks; ++i) {
      const Block block{in, out, stage > 0 && i == 0 ? 2 : 1, side};
      (model.micro ? add_micro : add_macro)(model, block, spec);
      in = out;
      side = block.side_after();
    }
  }
  spec.segments.push_back({pool_layer(LayerKind::avg_pool2d, side, side), plain_layer(LayerKind::flatten),
                           linear_layer(64, data.classes)});
  return spec;
}

}  // namespace grapevine
