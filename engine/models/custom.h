// The layers that the experiment lists itself.
#pragma once

#include "engine/experiment/registry.h"

namespace grapevine {

inline ModelDescriptor describe_model_custom() {
  return {
      .key = "custom",
      .name = "Custom network",
      .help = "The layers that model.segments lists, which implies this; on text the decoder is above them",
      .text = true};
}

}  // namespace grapevine
