// 1/(1 + exp(−h)).
#pragma once

#include "engine/experiment/layer_type.h"

namespace grapevine {

inline LayerType describe_layer_sigmoid() {
  return {.kind = LayerKind::sigmoid, .help = "1/(1 + exp(−h))", .is_activation = true};
}

}  // namespace grapevine
