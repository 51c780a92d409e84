// Sinusoids of a token's place, added.
#pragma once

#include "engine/experiment/layer_type.h"

namespace grapevine {

inline LayerType describe_layer_positions() {
  return {.kind = LayerKind::positions, .help = "adds sinusoids of the token's place"};
}

}  // namespace grapevine
