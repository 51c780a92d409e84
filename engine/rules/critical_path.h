// What rules say of their critical path: parts that several of them share. Pure; any thread.
#pragma once

#include <algorithm>

#include "engine/feedback/structure.h"
#include "engine/nn/network.h"

namespace grapevine {

/// A layer's own adjoint is its weights' gradient, the arithmetic of one forward pass of it: exact where a
/// segment has one weight.
inline double slowest_segment(const NetworkCost& cost) {
  return *std::max_element(cost.forward.begin(), cost.forward.end());
}

/// The product of a row of the classes with the widest point's matrix.
inline double widest_projection(const NetworkCost& cost, const StructureSettings& structure = {}) {
  double widest = 0;
  for (const auto& point : cost.points)
    widest =
        std::max(widest, StructureSize(structure, static_cast<std::int64_t>(cost.classes), point).numbers());
  return widest;
}

}  // namespace grapevine
