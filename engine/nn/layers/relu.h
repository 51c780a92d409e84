// max(h, 0).
#pragma once

#include "engine/experiment/layer_type.h"

namespace grapevine {

inline LayerType describe_layer_relu() {
  return {.kind = LayerKind::relu, .help = "max(h, 0)", .is_activation = true};
}

}  // namespace grapevine
