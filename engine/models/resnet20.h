// ResNet-20 (He et al. 2016), for images of CIFAR's size.
#pragma once

#include "engine/experiment/registry.h"

namespace grapevine {

inline ModelDescriptor describe_model_resnet20() {
  return {.key = "resnet20",
          .name = "ResNet-20",
          .help = "Nine residual blocks of 16, 32 and 64 channels with option-A shortcuts",
          .has_micro = true};
}

}  // namespace grapevine
