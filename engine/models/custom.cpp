// custom: the layers that the experiment lists itself (model.segments; training/own_network.h). Sizes that it
// leaves out follow from the shape before.
#include "engine/error.h"
#include "engine/models/model.h"
#include "engine/nn/network.h"
#include "engine/training/own_network.h"

namespace grapevine {

NetworkSpec build_custom(const Experiment& experiment, const DataShape& data) {
  NetworkSpec spec{data.sample, read_segments(experiment.text("model.segments"))};
  if (spec.segments.empty())
    throw InputError("model.segments is empty: model.name=custom needs its layers, a list of segments");
  try {
    infer_sizes(spec);
    const auto classes = static_cast<std::int64_t>(measure_cost(spec).classes);
    if (classes != data.classes)
      throw InputError("the last segment ends with " + std::to_string(classes) + " numbers, but there are " +
                       std::to_string(data.classes) + " classes");
  } catch (const InputError& error) {
    throw InputError("model.segments does not fit data.name=" + experiment.text("data.name") + ": " +
                     error.what());
  }
  return spec;
}

}  // namespace grapevine
