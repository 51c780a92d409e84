#include "engine/feedback/cosine_step.h"

#include <ATen/Parallel.h>

#include <cmath>
#include <vector>

namespace grapevine {
namespace {

// One pass over C×n for each of the four sums a column needs, then one for the step: a few cache-friendly
// sweeps instead of a dozen tensor operations.
template <class Number>
void step_on_cpu(at::Tensor& b, at::Tensor& v, at::Tensor& scale, const at::Tensor& estimate,
                 const CosineStep& step, double features) {
  const std::int64_t classes = b.size(0), n = b.size(1);
  Number* pb = b.data_ptr<Number>();
  Number* pv = v.data_ptr<Number>();
  Number* pm = scale.data_ptr<Number>();
  const Number* pj = estimate.data_ptr<Number>();
  const double share = step.mean ? 1.0 / features : 1.0;
  at::parallel_for(0, n, 512, [&](std::int64_t begin, std::int64_t end) {
    const auto width = static_cast<std::size_t>(end - begin);
    std::vector<Number> bb(width, 0), jj(width, 0), bj(width, 0), along(width), back(width), live(width),
        norm(width, 0);
    for (std::int64_t c = 0; c < classes; ++c) {
      const Number* rb = pb + c * n + begin;
      const Number* rj = pj + c * n + begin;
      for (std::size_t k = 0; k < width; ++k) {
        bb[k] += rb[k] * rb[k];
        jj[k] += rj[k] * rj[k];
        bj[k] += rb[k] * rj[k];
      }
    }
    for (std::size_t k = 0; k < width; ++k) {
      const bool moves = jj[k] > 0 && bb[k] > 0;
      live[k] = moves ? Number(1) : Number(0);
      const Number norms = moves ? std::sqrt(bb[k] * jj[k]) : Number(1);
      along[k] = static_cast<Number>(share) * live[k] / norms;
      back[k] = moves ? static_cast<Number>(share) * bj[k] / (bb[k] * norms) : Number(0);
    }
    const auto momentum = static_cast<Number>(step.momentum), rate = static_cast<Number>(step.rate);
    for (std::int64_t c = 0; c < classes; ++c) {
      Number* rb = pb + c * n + begin;
      Number* rv = pv + c * n + begin;
      const Number* rj = pj + c * n + begin;
      for (std::size_t k = 0; k < width; ++k) {
        const Number g = back[k] * rb[k] - along[k] * rj[k];
        const Number keep = Number(1) - live[k];
        rv[k] = keep * rv[k] + live[k] * (momentum * rv[k] + g);
        rb[k] -= live[k] * rate * rv[k];
        norm[k] += rb[k] * rb[k];
      }
    }
    if (step.norm != ColumnNorm::column && step.norm != ColumnNorm::jacobian) return;
    for (std::size_t k = 0; k < width; ++k) {
      Number target = 1;
      if (step.norm == ColumnNorm::jacobian) {
        Number& m = pm[begin + static_cast<std::int64_t>(k)];
        if (live[k] > 0) {
          const Number size = std::sqrt(jj[k]);
          m = m > 0 ? Number(0.99) * m + Number(0.01) * size : size;
        }
        target = m;
      }
      norm[k] = live[k] > 0 && norm[k] > 0 ? target / std::sqrt(norm[k]) : Number(1);
    }
    for (std::int64_t c = 0; c < classes; ++c) {
      Number* rb = pb + c * n + begin;
      for (std::size_t k = 0; k < width; ++k) rb[k] *= norm[k];
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
