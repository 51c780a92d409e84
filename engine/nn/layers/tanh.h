// tanh(h).
#pragma once

#include "engine/experiment/layer_type.h"

namespace grapevine {

inline LayerType describe_layer_tanh() {
  return {.kind = LayerKind::tanh, .help = "tanh(h)", .is_activation = true};
}

}  // namespace grapevine
