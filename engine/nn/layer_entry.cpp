#include "engine/nn/layer_entry.h"

#include "engine/error.h"

namespace grapevine {

#define GRAPEVINE_LAYER(type) LayerEntry layer_entry_##type();
#include "engine/nn/layers/layers.def"
#undef GRAPEVINE_LAYER

const LayerEntry& layer_entry(LayerKind kind) {
  static const LayerEntry all[] = {
#define GRAPEVINE_LAYER(type) layer_entry_##type(),
#include "engine/nn/layers/layers.def"
#undef GRAPEVINE_LAYER
  };
  return all[static_cast<std::size_t>(kind)];
}

void demand(const LayerSpec& layer, bool fine, const char* what) {
  if (!fine) throw InputError(std::string("layer ") + layer_name(layer.kind) + ": " + what);
}

}  // namespace grapevine
