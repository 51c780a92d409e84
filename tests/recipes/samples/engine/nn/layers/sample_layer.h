// A sample: softsign, h / (softness + |h|).
#pragma once

#include "engine/experiment/layer_type.h"

namespace grapevine {

inline LayerType describe_layer_sample_layer() {
  return {.kind = LayerKind::sample_layer,
          .help = "h / (softness + |h|)",
          .fields = {LayerField::positive("softness", &LayerSpec::softness)}};
}

}  // namespace grapevine
