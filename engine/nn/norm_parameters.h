// The two parameters of a normalisation: a weight and a bias for each feature. Worker thread only.
#pragma once

#include "engine/nn/layer.h"

namespace grapevine {

inline void enlist_pair(Registration& registration, const std::string& path, std::int64_t features,
                        int& weight, int& bias) {
  weight = registration.layout.add({path + ".weight",
                                    ParameterRole::norm_weight,
                                    {features},
                                    0,
                                    0,
                                    features,
                                    features,
                                    registration.segment});
  bias = registration.layout.add(
      {path + ".bias", ParameterRole::norm_bias, {features}, 0, 0, features, features, registration.segment});
}

}  // namespace grapevine
