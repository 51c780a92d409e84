// What a file may say of a layer: types and their fields. A type's header is nn/layers/<type>.h, plain C++.
#pragma once

#include <string>
#include <vector>

namespace grapevine {

/// What a layer's field takes.
enum class FieldKind {
  count,     ///< a whole number of at least 1
  padding,   ///< a whole number of at least 0
  flag,      ///< true or false
  share,     ///< at least 0 and below 1
  positive,  ///< a number above 0
  layers,    ///< a list of layers
};

/// "a whole number from 1 to 16777216".
std::string allowed(FieldKind kind);

struct LayerField {
  const char* name;
  FieldKind kind;
  bool needed = false;
};

struct LayerType {
  const char* name;
  const char* help;
  std::vector<LayerField> fields = {};  ///< in the order in which they are written
  bool stride_is_kernel = false;        ///< where a stride is left out: windows side by side
  bool is_activation = false;           ///< may be the hidden layers' function: model.activation
};

/// The layers that a file may list.
const std::vector<LayerType>& layer_types();

}  // namespace grapevine
