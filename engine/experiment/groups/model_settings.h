// The settings model.*: the architecture. Plain C++, a value.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/experiment/entry_keys.h"
#include "engine/experiment/layer_kind.h"

namespace grapevine {

class Binder;
class Experiment;

/// How weights start (nn/network.h).
enum class WeightInit { uniform_fan_in, he, xavier, zero };

struct ModelSettings {
  std::string name = model_keys::mlp;
  std::vector<std::int64_t> hidden{512, 512, 512};  ///< widths
  bool classic = false;                             ///< of lenet5: 6-16-120-84 without padding
  std::string segments;                             ///< a custom network's layers (own_network.h)
  WeightInit init = WeightInit::uniform_fan_in;
  std::string weights;  ///< a file that they start from instead, "" = none
  LayerKind activation = LayerKind::relu;
  bool batch_norm = false;
  std::int64_t d_model = 512, d_ff = 2048, depth = 6, heads = 8;  ///< of transformers
  bool large_classifier = false;                                  ///< of vgg16
  double dropout = 0;
  bool micro = false;  ///< feedback points inside blocks too

  static constexpr const char* group = "model.";
  void bind(Binder& to);
  static ModelSettings of(const Experiment& experiment);
};

}  // namespace grapevine
