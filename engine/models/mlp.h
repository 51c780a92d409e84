// Fully connected layers.
#pragma once

#include "engine/experiment/registry.h"

namespace grapevine {

inline ModelDescriptor describe_model_mlp() {
  return {.key = "mlp",
          .name = "MLP",
          .help = "Fully connected layers of the widths in model.hidden, then one to the classes",
          .has_dropout = true};
}

}  // namespace grapevine
