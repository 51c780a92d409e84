// A sum of two ways: a body and a shortcut.
#pragma once

#include "engine/experiment/layer_type.h"

namespace grapevine {

inline LayerType describe_layer_residual() {
  return {.kind = LayerKind::residual,
          .help = "body(h) + shortcut(h); an empty one is h itself",
          .fields = {LayerField::layers("body", &LayerSpec::body).must_be_given(),
                     LayerField::layers("shortcut", &LayerSpec::shortcut)}};
}

}  // namespace grapevine
