// A language model of encoder blocks (Vaswani et al. 2017).
#pragma once

#include "engine/experiment/registry.h"

namespace grapevine {

inline ModelDescriptor describe_model_transformer() {
  return {.key = "transformer",
          .name = "Transformer",
          .help =
              "A causal language model of encoder blocks: attention and feed-forward, layer norms behind the "
              "sums",
          .text = true,
          .has_micro = true,
          .has_dropout = true,
          .images = false};
}

}  // namespace grapevine
