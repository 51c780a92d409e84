// A cut inside a block: its body with its input next to it.
#pragma once

#include "engine/experiment/layer_type.h"

namespace grapevine {

inline LayerType describe_layer_fork() {
  return {.kind = LayerKind::fork,
          .help = "body(h) with h next to it: at a segment's end a feedback point inside a block",
          .fields = {LayerField::layers("body", &LayerSpec::body).must_be_given()}};
}

}  // namespace grapevine
