// The option-A shortcut of residual networks (He et al. 2016).
#pragma once

#include "engine/experiment/layer_type.h"

namespace grapevine {

inline LayerType describe_layer_subsample_pad() {
  return {.kind = LayerKind::subsample_pad,
          .help = "every stride-th pixel, zero channels behind (option-A shortcut)",
          .fields = {LayerField::count("in", &LayerSpec::in),
                     LayerField::count("out", &LayerSpec::out).must_be_given(),
                     LayerField::count("stride", &LayerSpec::stride)}};
}

}  // namespace grapevine
