// A random share of zeros while training.
#pragma once

#include "engine/experiment/layer_type.h"

namespace grapevine {

inline LayerType describe_layer_dropout() {
  return {.kind = LayerKind::dropout,
          .help = "this fraction of zeros while training, the rest scaled up",
          .fields = {LayerField::share("rate", &LayerSpec::rate).must_be_given()}};
}

}  // namespace grapevine
