// AlexNet (Krizhevsky et al. 2012).
#pragma once

#include "engine/experiment/registry.h"

namespace grapevine {

inline ModelDescriptor describe_model_alexnet() {
  return {.key = "alexnet",
          .name = "AlexNet",
          .help = "Five convolutions; a small form for images below 63 pixels, else torchvision's",
          .has_dropout = true};
}

}  // namespace grapevine
