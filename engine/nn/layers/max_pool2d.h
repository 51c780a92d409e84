// The largest value of each window.
#pragma once

#include "engine/experiment/layer_type.h"

namespace grapevine {

inline LayerType describe_layer_max_pool2d() {
  return {.kind = LayerKind::max_pool2d,
          .help = "the largest of each window; stride is the kernel where it is left out",
          .fields = {LayerField::count("kernel", &LayerSpec::kernel).must_be_given(),
                     LayerField::count("stride", &LayerSpec::stride)},
          .stride_is_kernel = true};
}

}  // namespace grapevine
