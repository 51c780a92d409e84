// A linear map of the last axis.
#pragma once

#include "engine/experiment/layer_type.h"

namespace grapevine {

inline LayerType describe_layer_linear() {
  return {.name = "linear",
          .help = "W h + b on the last axis",
          .fields = {{"in", FieldKind::count}, {"out", FieldKind::count, true}, {"bias", FieldKind::flag}}};
}

}  // namespace grapevine
