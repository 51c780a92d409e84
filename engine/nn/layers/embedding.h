// A row of features for each token number.
#pragma once

#include "engine/experiment/layer_type.h"

namespace grapevine {

inline LayerType describe_layer_embedding() {
  return {.kind = LayerKind::embedding,
          .help = "a row of features for each token number; text only, first of all",
          .fields = {LayerField::count("in", &LayerSpec::in),
                     LayerField::count("out", &LayerSpec::out).must_be_given()}};
}

}  // namespace grapevine
