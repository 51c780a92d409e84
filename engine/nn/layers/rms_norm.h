// Every sample scaled to mean square 1; no parameters.
#pragma once

#include "engine/experiment/layer_type.h"

namespace grapevine {

inline LayerType describe_layer_rms_norm() {
  return {.kind = LayerKind::rms_norm,
          .help = "a sample to mean square 1",
          .fields = {LayerField::positive("eps", &LayerSpec::eps)}};
}

}  // namespace grapevine
