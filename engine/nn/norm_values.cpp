#include "engine/nn/norm_values.h"

#include <algorithm>

#include "engine/experiment/layer_kind.h"
#include "engine/nn/layer_entry.h"

namespace grapevine {
namespace {

/// Follows the shape through layers, into the bodies of those that have one.
void look(const std::vector<LayerSpec>& layers, Shape& shape, std::int64_t& least) {
  for (const LayerSpec& layer : layers) {
    if (kind_of(layer) == LayerKind::batch_norm2d && shape.size() == 3) {
      const std::int64_t values = shape[1] * shape[2];
      least = least == 0 ? values : std::min(least, values);
    }
    Shape body = shape, shortcut = shape;
    if (kind_of(layer) == LayerKind::join && !shape.empty()) {  // two parts come in, side by side
      body.back() = layer.in;
      shortcut.back() = shape.back() - layer.in;
      if (!layer.part_shape.empty()) body = layer.part_shape;
      if (!layer.carried_shape.empty()) shortcut = layer.carried_shape;
    }
    look(layer.body, body, least);
    look(layer.shortcut, shortcut, least);
    LayerCost unused;
    if (const LayerEntry& entry = layer_entry(layer.type); entry.measure)
      entry.measure(layer, Site("0", shape, unused));
  }
}

}  // namespace

std::int64_t least_norm_values(const NetworkSpec& spec) {
  std::int64_t least = 0;
  Shape shape = spec.input;
  for (const SegmentSpec& segment : spec.segments) look(segment, shape, least);
  return least;
}

std::string norm_note(const NetworkSpec& spec, std::int64_t batch, std::int64_t records) {
  if (least_norm_values(spec) != 1 || records < 1) return "";
  const bool always = std::min(batch, records) == 1;
  if (!always && records % batch != 1) return "";
  return std::string("batch norm has a single value per channel ") +
         (always ? "(batches of 1 on maps of 1×1): its output is its bias alone, so that nothing before it "
                   "learns"
                 : "in the last batch of each epoch (1 record, maps of 1×1), from which nothing before it "
                   "learns") +
         "; use another train.batch, or put it where maps are larger";
}

}  // namespace grapevine
