// The loops of cosine_step.h over arrays in the host's memory. Any thread.
#pragma once

#include <cstdint>

#include "engine/feedback/cosine_step.h"

namespace grapevine {

/// Columns in one go: their sums stay in the first-level cache, and their rows in the second for the later
/// sweeps.
constexpr std::int64_t cosine_tile_width = 256;

/// The columns from `first` on, `width` of them, of B, V and Ĵ, C×n by rows, and of the norms m, n.
template <class T>
struct CosineTile {
  T *b, *v, *m;
  const T* j;
  std::int64_t classes, n, first, width;  ///< width ≤ cosine_tile_width
};
/// cosine_step() on these columns, the norm included but for `frobenius`; `features` is n_l of the dense
/// matrix.
void step_tile(const CosineTile<float>& tile, const CosineStep& step, double features);
void step_tile(const CosineTile<double>& tile, const CosineStep& step, double features);

}  // namespace grapevine
