// A linear map of the last axis.
#pragma once

#include "engine/experiment/layer_type.h"

namespace grapevine {

inline LayerType describe_layer_linear() {
  return {.kind = LayerKind::linear,
          .help = "W h + b on the last axis",
          .fields = {LayerField::count("in", &LayerSpec::in),
                     LayerField::count("out", &LayerSpec::out).must_be_given(),
                     LayerField::flag("bias", &LayerSpec::bias)}};
}

}  // namespace grapevine
