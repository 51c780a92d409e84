// A sample: one hidden segment.
#pragma once

#include "engine/experiment/registry.h"

namespace grapevine {

inline ModelDescriptor describe_model_sample_model() {
  return {
      .key = "sample_model", .name = "Sample model", .help = "One hidden segment of eight units, softsign"};
}

}  // namespace grapevine
