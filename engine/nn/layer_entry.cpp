#include "engine/nn/layer_entry.h"

#include <map>

#include "engine/error.h"
#include "engine/experiment/layer_type.h"

namespace grapevine {

#define GRAPEVINE_LAYER(type) LayerEntry layer_entry_##type();
#include "engine/nn/layers/layers.def"
#undef GRAPEVINE_LAYER

const LayerEntry& layer_entry(const std::string& type) {
  static const std::map<std::string_view, LayerEntry> all = {
#define GRAPEVINE_LAYER(type) {#type, layer_entry_##type()},
#include "engine/nn/layers/layers.def"
#undef GRAPEVINE_LAYER
  };
  if (const auto found = all.find(type); found != all.end()) return found->second;
  std::string known;
  for (const LayerType& one : layer_types()) known += (known.empty() ? "" : ", ") + std::string(one.name);
  throw InputError("unknown layer type '" + type + "': known are " + known);
}

void demand(const LayerSpec& layer, bool fine, const char* what) {
  if (!fine) throw InputError("layer " + layer.type + ": " + what);
}

}  // namespace grapevine
