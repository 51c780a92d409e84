// A sum of two ways: a body and a shortcut.
#pragma once

#include "engine/experiment/layer_type.h"

namespace grapevine {

inline LayerType describe_layer_residual() {
  return {.name = "residual",
          .help = "body(h) + shortcut(h); an empty one is h itself",
          .fields = {{"body", FieldKind::layers, true}, {"shortcut", FieldKind::layers}}};
}

}  // namespace grapevine
