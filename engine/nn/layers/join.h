// The other end of a fork: a sum of two ways whose inputs come apart.
#pragma once

#include "engine/experiment/layer_type.h"

namespace grapevine {

inline LayerType describe_layer_join() {
  return {.name = "join",
          .help = "the fork's other end: body of its part + shortcut of what came next to it",
          .fields = {{"in", FieldKind::count}, {"body", FieldKind::layers}, {"shortcut", FieldKind::layers}}};
}

}  // namespace grapevine
