// The types of layers as an enum, from layers.def: code that depends on a layer's type names it here, and a
// name that is not in the list doesn't compile. Plain C++; any thread.
#pragma once

#include "engine/experiment/layer_spec.h"

namespace grapevine {

enum class LayerKind {
#define GRAPEVINE_LAYER(type) type,
#include "engine/nn/layers/layers.def"
#undef GRAPEVINE_LAYER
  other
};

inline LayerKind kind_of(const LayerSpec& layer) {
#define GRAPEVINE_LAYER(name) \
  if (layer.type == #name) return LayerKind::name;
#include "engine/nn/layers/layers.def"
#undef GRAPEVINE_LAYER
  return LayerKind::other;
}

}  // namespace grapevine
