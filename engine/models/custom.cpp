// custom: the layers that the experiment lists itself (model.segments; experiment/own_network.h). Sizes that
// it leaves out follow from the shape before. On text it is a language model: the decoder over the vocabulary
// stands above what is listed.
#include "engine/error.h"
#include "engine/experiment/own_network.h"
#include "engine/models/model.h"
#include "engine/nn/network.h"

namespace grapevine {

NetworkSpec build_custom(const ModelSettings& model, const DataShape& data) {
  NetworkSpec spec{data.sample, read_segments(model.segments), data.text ? data.classes : 0};
  if (spec.segments.empty())
    throw InputError("model.segments is empty: model.name=custom needs its layers, a list of segments");
  try {
    infer_sizes(spec);
    const auto classes = static_cast<std::int64_t>(measure_cost(spec).classes);
    if (!data.text && classes != data.classes)
      throw InputError("the last segment ends with " + std::to_string(classes) + " numbers, but there are " +
                       std::to_string(data.classes) + " classes");
  } catch (const InputError& error) {
    throw InputError("model.segments does not fit data.name=" + data.name + ": " + error.what());
  }
  return spec;
}

}  // namespace grapevine
