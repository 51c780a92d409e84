// A convolution of images, square kernel, zeros around.
#pragma once

#include "engine/experiment/layer_type.h"

namespace grapevine {

inline LayerType describe_layer_conv2d() {
  return {.kind = LayerKind::conv2d,
          .help = "convolution of channels×height×width, zeros around",
          .fields = {LayerField::count("in", &LayerSpec::in),
                     LayerField::count("out", &LayerSpec::out).must_be_given(),
                     LayerField::count("kernel", &LayerSpec::kernel).must_be_given(),
                     LayerField::count("stride", &LayerSpec::stride),
                     LayerField::padding("padding", &LayerSpec::padding),
                     LayerField::flag("bias", &LayerSpec::bias)}};
}

}  // namespace grapevine
