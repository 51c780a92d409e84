#include "engine/feedback/cosine_step.h"

#include <ATen/Parallel.h>

#include <algorithm>

#include "engine/feedback/cosine_kernels.h"

namespace grapevine {
namespace {

template <class Number>
void step_on_cpu(at::Tensor& b, at::Tensor& v, at::Tensor& scale, const at::Tensor& estimate,
                 const CosineStep& step, double features) {
  const std::int64_t n = b.size(1), tiles = (n + cosine_tile_width - 1) / cosine_tile_width;
  CosineTile<Number> all{b.data_ptr<Number>(),
                         v.data_ptr<Number>(),
                         scale.data_ptr<Number>(),
                         estimate.data_ptr<Number>(),
                         b.size(0),
                         n,
                         0,
                         0};
  at::parallel_for(0, tiles, 2, [&](std::int64_t begin, std::int64_t end) {
    CosineTile<Number> tile = all;
    for (std::int64_t t = begin; t < end; ++t) {
      tile.first = t * cosine_tile_width;
      tile.width = std::min(cosine_tile_width, n - tile.first);
      step_tile(tile, step, features);
    }
  });
}

// The same in tensor operations, for other devices.
void step_on_device(at::Tensor& b, at::Tensor& v, at::Tensor& scale, const at::Tensor& estimate,
                    const CosineStep& step, double features) {
  const auto column_norm = [](const at::Tensor& t) {
    return at::linalg_vector_norm(t, 2, at::IntArrayRef{0}, true);
  };
  const at::Tensor nb = column_norm(b), nj = column_norm(estimate);
  const at::Tensor live = nb.gt(0).logical_and_(nj.gt(0));
  const at::Tensor one = at::ones_like(nb);
  const at::Tensor safe_b = at::where(live, nb, one), safe_j = at::where(live, nj, one);
  const at::Tensor cosine = (b * estimate).sum(0, true).div_(safe_b).div_(safe_j);
  at::Tensor g = (b * (cosine / (safe_b * safe_b))).sub_(estimate / (safe_b * safe_j));
  if (step.mean) g.div_(features);
  v.copy_(at::where(live, v * step.momentum + g, v));
  b.copy_(at::where(live, b - v * step.rate, b));
  if (step.norm != ColumnNorm::column && step.norm != ColumnNorm::jacobian) return;
  at::Tensor target = one;
  if (step.norm == ColumnNorm::jacobian) {
    scale.copy_(at::where(live, at::where(scale.gt(0), scale * 0.99 + nj * 0.01, nj), scale));
    target = scale;
  }
  const at::Tensor moved = column_norm(b);
  const at::Tensor factor =
      at::where(live.logical_and(moved.gt(0)), target / at::where(moved.gt(0), moved, one), one);
  b.mul_(factor);
}

}  // namespace

void cosine_step(at::Tensor& b, at::Tensor& v, at::Tensor& scale, const at::Tensor& estimate,
                 const CosineStep& step, const FeedbackStructure& structure) {
  const auto features = static_cast<double>(structure.features(b));
  at::Tensor before;
  if (step.norm == ColumnNorm::frobenius) before = structure.norm(b);
  const bool on_cpu =
      b.device().is_cpu() && b.is_contiguous() && v.is_contiguous() && estimate.is_contiguous();
  if (on_cpu && b.scalar_type() == at::kFloat)
    step_on_cpu<float>(b, v, scale, estimate, step, features);
  else if (on_cpu && b.scalar_type() == at::kDouble)
    step_on_cpu<double>(b, v, scale, estimate, step, features);
  else
    step_on_device(b, v, scale, estimate, step, features);
  if (step.norm == ColumnNorm::frobenius) b.mul_(before / structure.norm(b));
}

}  // namespace grapevine
