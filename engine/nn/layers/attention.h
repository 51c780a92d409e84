// Scaled dot-product attention by heads, without weights of its own.
#pragma once

#include "engine/experiment/layer_type.h"

namespace grapevine {

inline LayerType describe_layer_attention() {
  return {
      .kind = LayerKind::attention,
      .help = "softmax(q kᵀ/√w) v of [q | k | v] by heads; no token sees later ones",
      .fields = {LayerField::count("features", &LayerSpec::features),
                 LayerField::count("heads", &LayerSpec::heads), LayerField::share("rate", &LayerSpec::rate)}};
}

}  // namespace grapevine
