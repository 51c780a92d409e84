// The architectures (learning-rules §7): settings in, a network's description out. A model is one source file
// with build_<key>() and one line in models.def. Plain C++; any thread may call.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/experiment/groups/model_settings.h"
#include "engine/experiment/layer_spec.h"

namespace grapevine {

/// Shape of the data that a model is built for.
struct DataShape {
  std::vector<std::int64_t> sample;  ///< channels, height, width; or tokens
  std::int64_t classes = 0;          ///< or words of the vocabulary
  std::string name = {};             ///< of the data set, for messages; build_model() fills it
  bool text = false;                 ///< as well
};

/// Throws InputError when the model doesn't fit the data, naming both.
NetworkSpec build_model(const Experiment& experiment, const DataShape& shape);
/// Of the experiment's data set: as published, without a look at files; of own files from their beginnings.
/// A run has it from what it has read (Batches).
DataShape data_shape(const Experiment& experiment);

/// The hidden layers' function as a layer.
LayerSpec activation_layer(const ModelSettings& model);
LayerSpec linear_layer(std::int64_t in, std::int64_t out);
LayerSpec conv_layer(std::int64_t in, std::int64_t out, std::int64_t kernel, std::int64_t padding);
LayerSpec plain_layer(LayerKind kind);
LayerSpec pool_layer(LayerKind kind, std::int64_t kernel, std::int64_t stride);
LayerSpec batch_norm_layer(std::int64_t features);
LayerSpec dropout_layer(double rate);

}  // namespace grapevine
