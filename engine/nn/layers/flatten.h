// Channels, height and width as one row.
#pragma once

#include "engine/experiment/layer_type.h"

namespace grapevine {

inline LayerType describe_layer_flatten() {
  return {.kind = LayerKind::flatten, .help = "channels×height×width as one row"};
}

}  // namespace grapevine
