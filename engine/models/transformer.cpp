// transformer (Vaswani et al. 2017 as Launay et al. 2020 train it): embedding and sinusoidal positions, then
// encoder blocks with a causal mask, layer norms behind the sums. z is the last block's output, a row a
// token; the decoder over the vocabulary is above it (engine/nn/decoder.h). The embedding belongs to the
// first segment. Macro: a segment is a block. Micro: it ends after each norm and after the wide activation,
// where the block's stream travels next to it (learning-rules §7).
#include "engine/error.h"
#include "engine/models/model.h"

namespace grapevine {
namespace {

struct Sizes {
  std::int64_t width, wide, heads;
  double dropout;
};

void drop(SegmentSpec& layers, double rate) {
  if (rate > 0) layers.push_back(dropout_layer(rate));
}

LayerSpec norm(const Sizes& sizes) {
  LayerSpec layer = plain_layer(LayerKind::layer_norm);
  layer.features = sizes.width;
  return layer;
}

// h + attention(h), norm.
SegmentSpec attend(const Sizes& sizes) {
  LayerSpec core = plain_layer(LayerKind::attention);
  core.features = sizes.width;
  core.heads = sizes.heads;
  core.rate = sizes.dropout;
  LayerSpec sum = plain_layer(LayerKind::residual);
  sum.body = {linear_layer(sizes.width, 3 * sizes.width), core, linear_layer(sizes.width, sizes.width)};
  drop(sum.body, sizes.dropout);
  return {sum, norm(sizes)};
}

SegmentSpec widen(const ModelSettings& model, const Sizes& sizes) {
  SegmentSpec layers{linear_layer(sizes.width, sizes.wide), activation_layer(model)};
  drop(layers, sizes.dropout);
  return layers;
}

SegmentSpec narrow(const Sizes& sizes) {
  SegmentSpec layers{linear_layer(sizes.wide, sizes.width)};
  drop(layers, sizes.dropout);
  return layers;
}

void append(SegmentSpec& to, const SegmentSpec& layers) {
  to.insert(to.end(), layers.begin(), layers.end());
}

// The last element of `segments` is open: the first layers of the block go to it.
void add_block(const ModelSettings& model, const Sizes& sizes, std::vector<SegmentSpec>& segments) {
  append(segments.back(), attend(sizes));
  if (!model.micro) {
    LayerSpec sum = plain_layer(LayerKind::residual);
    sum.body = widen(model, sizes);
    append(sum.body, narrow(sizes));
    append(segments.back(), {sum, norm(sizes)});
    return;
  }
  LayerSpec fork = plain_layer(LayerKind::fork), join = plain_layer(LayerKind::join);
  fork.body = widen(model, sizes);
  join.in = sizes.wide;
  join.body = narrow(sizes);
  segments.push_back({fork});
  segments.push_back({join, norm(sizes)});
}

}  // namespace

NetworkSpec build_transformer(const ModelSettings& model, const DataShape& data) {
  const Sizes sizes{model.d_model, model.d_ff, model.heads, model.dropout};
  if (sizes.width % sizes.heads != 0)
    throw InputError("model.heads=" + std::to_string(sizes.heads) +
                     " does not divide model.d_model=" + std::to_string(sizes.width) + " evenly");
  NetworkSpec spec{data.sample, {}, data.classes};
  LayerSpec embedding = linear_layer(data.classes, sizes.width);
  embedding.kind = LayerKind::embedding;
  spec.segments.push_back({embedding, plain_layer(LayerKind::positions)});
  drop(spec.segments.back(), sizes.dropout);
  for (std::int64_t block = 0; block < model.depth; ++block) {
    if (block > 0) spec.segments.emplace_back();
    add_block(model, sizes, spec.segments);
  }
  return spec;
}

}  // namespace grapevine
