// VGG-16 (Simonyan and Zisserman 2015) with batch norm.
#pragma once

#include "engine/experiment/registry.h"

namespace grapevine {

inline ModelDescriptor describe_model_vgg16() {
  return {.key = "vgg16",
          .name = "VGG-16",
          .help = "Thirteen 3×3 convolutions with batch norm, for images of 32 pixels and more"};
}

}  // namespace grapevine
