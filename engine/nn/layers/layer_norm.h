// Layer normalisation: the last axis of each sample.
#pragma once

#include "engine/experiment/layer_type.h"

namespace grapevine {

inline LayerType describe_layer_layer_norm() {
  return {.kind = LayerKind::layer_norm,
          .help = "the last axis to mean 0 and deviation 1, then scale and shift",
          .fields = {LayerField::count("features", &LayerSpec::features),
                     LayerField::positive("eps", &LayerSpec::eps)}};
}

}  // namespace grapevine
