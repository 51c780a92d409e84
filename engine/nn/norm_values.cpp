#include "engine/nn/norm_values.h"

#include <algorithm>

#include "engine/nn/layer_entry.h"

namespace grapevine {

std::int64_t least_norm_values(const NetworkSpec& spec) {
  LayerCost cost;
  Shape shape = spec.input;
  for (const SegmentSpec& segment : spec.segments)
    for (const LayerSpec& layer : segment)
      if (const LayerEntry& entry = layer_entry(layer.kind); entry.measure)
        entry.measure(layer, Site("0", shape, cost));
  return cost.least_norm_values;
}

std::string norm_note(const NetworkSpec& spec, std::int64_t batch, std::int64_t records) {
  if (least_norm_values(spec) != 1 || records < 1) return "";
  const bool always = std::min(batch, records) == 1;
  if (!always && records % batch != 1) return "";
  return std::string("batch norm has a single value per channel ") +
         (always ? "(batches of 1 on maps of 1×1): its output is its bias alone, so that nothing before it "
                   "learns"
                 : "in the last batch of each epoch (1 record, maps of 1×1), from which nothing before it "
                   "learns") +
         "; use another train.batch, or put it where maps are larger";
}

}  // namespace grapevine
