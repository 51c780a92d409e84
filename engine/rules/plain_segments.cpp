#include "engine/rules/plain_segments.h"

#include "engine/error.h"
#include "engine/nn/layer_entry.h"

namespace grapevine {

std::vector<std::size_t> linear_layers(const Network& network, const std::string& rule) {
  std::vector<std::size_t> where;
  for (int l = 1; l <= network.segments(); ++l) {
    const SegmentSpec& segment = network.spec().segments[static_cast<std::size_t>(l - 1)];
    int linears = 0;
    for (std::size_t i = 0; i < segment.size(); ++i) {
      if (segment[i].kind == LayerKind::linear) {
        ++linears;
        where.push_back(i);
      } else if (layer_entry(segment[i].kind).features == Features::mixed) {
        linears = 2;
      }
    }
    if (linears != 1)
      throw InputError("rule " + rule + " needs segments of one linear layer and an activation; segment " +
                       std::to_string(l) + " is " + describe(segment) + ": use model.name=mlp");
  }
  return where;
}

}  // namespace grapevine
