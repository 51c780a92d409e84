#include "engine/rules/plain_segments.h"

#include <set>

#include "engine/error.h"
#include "engine/experiment/layer_kind.h"

namespace grapevine {

std::vector<std::size_t> linear_layers(const Network& network, const std::string& rule) {
  static const std::set<LayerKind> fine{LayerKind::flatten, LayerKind::rms_norm, LayerKind::relu,
                                        LayerKind::tanh,    LayerKind::sigmoid,  LayerKind::gelu,
                                        LayerKind::dropout};
  std::vector<std::size_t> where;
  for (int l = 1; l <= network.segments(); ++l) {
    const SegmentSpec& segment = network.spec().segments[static_cast<std::size_t>(l - 1)];
    int linears = 0;
    for (std::size_t i = 0; i < segment.size(); ++i) {
      if (kind_of(segment[i]) == LayerKind::linear) {
        ++linears;
        where.push_back(i);
      } else if (!fine.count(kind_of(segment[i]))) {
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
