// The other end of a fork: a sum of two ways whose inputs come apart.
#pragma once

#include "engine/experiment/layer_type.h"

namespace grapevine {

inline LayerType describe_layer_join() {
  return {.kind = LayerKind::join,
          .help = "the fork's other end: body of its part + shortcut of what came next to it",
          .fields = {LayerField::count("in", &LayerSpec::in), LayerField::layers("body", &LayerSpec::body),
                     LayerField::layers("shortcut", &LayerSpec::shortcut)}};
}

}  // namespace grapevine
