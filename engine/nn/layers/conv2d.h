// A convolution of images, square kernel, zeros around.
#pragma once

#include "engine/experiment/layer_type.h"

namespace grapevine {

inline LayerType describe_layer_conv2d() {
  return {.name = "conv2d",
          .help = "convolution of channels×height×width, zeros around",
          .fields = {{"in", FieldKind::count},
                     {"out", FieldKind::count, true},
                     {"kernel", FieldKind::count, true},
                     {"stride", FieldKind::count},
                     {"padding", FieldKind::padding},
                     {"bias", FieldKind::flag}}};
}

}  // namespace grapevine
