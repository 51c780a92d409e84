// A sample: softsign, h / (1 + |h|).
#pragma once

#include "engine/experiment/layer_type.h"

namespace grapevine {

inline LayerType describe_layer_sample_layer() {
  return {.name = "sample_layer", .help = "h / (1 + |h|)"};
}

}  // namespace grapevine
