// Batch normalisation of images, a channel at a time.
#pragma once

#include "engine/experiment/layer_type.h"

namespace grapevine {

inline LayerType describe_layer_batch_norm2d() {
  return {.kind = LayerKind::batch_norm2d,
          .help = "a channel to mean 0 and deviation 1 over the batch, then scale and shift",
          .fields = {LayerField::count("features", &LayerSpec::features),
                     LayerField::positive("eps", &LayerSpec::eps)}};
}

}  // namespace grapevine
