// LeNet-5 (LeCun et al. 1998).
#pragma once

#include "engine/experiment/registry.h"

namespace grapevine {

inline ModelDescriptor describe_model_lenet5() {
  return {.key = "lenet5",
          .name = "LeNet-5",
          .help = "Two 5×5 convolutions with pooling, then fully connected layers",
          .has_dropout = true};
}

}  // namespace grapevine
