// h Φ(h), the exact form.
#pragma once

#include "engine/experiment/layer_type.h"

namespace grapevine {

inline LayerType describe_layer_gelu() {
  return {.kind = LayerKind::gelu, .help = "h Φ(h), Φ the normal distribution", .is_activation = true};
}

}  // namespace grapevine
