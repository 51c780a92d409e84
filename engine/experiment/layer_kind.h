// The types of layers as an enum, from layers.def: code that means one names it here, and a name that is not
// in the list doesn't compile. Files, messages and lists have their names. Plain C++; any thread.
#pragma once

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>
#include <string_view>

namespace grapevine {

enum class LayerKind {
#define GRAPEVINE_LAYER(type) type,
#include "engine/nn/layers/layers.def"
#undef GRAPEVINE_LAYER
};

inline constexpr const char* layer_names[] = {
#define GRAPEVINE_LAYER(type) #type,
#include "engine/nn/layers/layers.def"
#undef GRAPEVINE_LAYER
};

constexpr const char* layer_name(LayerKind kind) {
  return layer_names[static_cast<std::size_t>(kind)];
}

/// Nothing where no type has the name.
constexpr std::optional<LayerKind> layer_kind(std::string_view name) {
  const auto found = std::find(std::begin(layer_names), std::end(layer_names), name);
  if (found == std::end(layer_names)) return std::nullopt;
  return static_cast<LayerKind>(found - std::begin(layer_names));
}

}  // namespace grapevine
