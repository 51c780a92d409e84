#include "engine/probes/jacobian.h"

#include <algorithm>
#include <cmath>

#include "engine/probes/cosines.h"

namespace grapevine {
namespace {

/// ±1 for each row where a sample has several, R×1; else undefined. The same at every measurement.
at::Tensor row_signs(const Lesson& lesson, std::int64_t sweep_number) {
  if (lesson.tape.input.size(0) == lesson.e.size(0)) return {};
  at::Tensor signs = at::empty({lesson.e.size(0), 1}, lesson.e.options());
  fill_rademacher(signs, RandomKey::of(1, Stream::probe).with(static_cast<std::uint64_t>(sweep_number)));
  return signs;
}

/// One adjoint sweep from `seed` (R×C) down to a point; row `row` of every target that is there gets the
/// batch sum of what arrives at its point.
void sweep(Lesson& lesson, const at::Tensor& seed, std::vector<at::Tensor>& targets, std::int64_t row,
           int last_point = 1) {
  AdjointRequest request;
  request.constant_statistics = true;
  const at::Tensor signs = row_signs(lesson, row);
  at::Tensor delta = signs.defined() ? seed * signs : seed;
  for (int l = lesson.network.segments(); l > last_point; --l) {
    delta = lesson.network.adjoint(l, delta, lesson.tape, request);
    if (!targets[static_cast<std::size_t>(l - 2)].defined()) continue;
    at::Tensor target = targets[static_cast<std::size_t>(l - 2)].select(0, row);
    const at::Tensor rows = lesson.network.rows(l - 1, delta);
    if (signs.defined()) {
      at::Tensor as_row = target.unsqueeze(0);
      at::mm_out(as_row, signs.t(), rows);
    } else {
      at::sum_out(target, rows, at::IntArrayRef{0});
    }
  }
}

std::vector<at::Tensor> rows_for(const Lesson& lesson, std::int64_t rows) {
  std::vector<at::Tensor> all;
  for (int l = 1; l <= lesson.network.points(); ++l)
    all.push_back(at::empty({rows, lesson.network.features(l)}, lesson.e.options()));
  return all;
}

void sweep_classes(Lesson& lesson, std::vector<at::Tensor>& targets, int last_point) {
  const std::int64_t classes = lesson.network.classes(), samples = lesson.e.size(0);
  at::Tensor seed = at::zeros({samples, classes}, lesson.e.options());
  for (std::int64_t c = 0; c < classes; ++c) {
    seed.zero_();
    seed.select(1, c).fill_(1.0 / static_cast<double>(samples));
    sweep(lesson, seed, targets, c, last_point);
  }
}

}  // namespace

std::vector<at::Tensor> mean_jacobians(Lesson& lesson) {
  std::vector<at::Tensor> jacobian = rows_for(lesson, lesson.network.classes());
  sweep_classes(lesson, jacobian, 1);
  return jacobian;
}

at::Tensor mean_jacobian(Lesson& lesson, int point) {
  std::vector<at::Tensor> jacobian(static_cast<std::size_t>(lesson.network.points()));
  at::Tensor& wanted = jacobian[static_cast<std::size_t>(point - 1)];
  wanted = at::empty({lesson.network.classes(), lesson.network.features(point)}, lesson.e.options());
  sweep_classes(lesson, jacobian, point);
  return wanted;
}

JacobianView::JacobianView(Lesson& lesson, std::int64_t projections) {
  if (projections <= 0) {
    rows_ = mean_jacobians(lesson);
    return;
  }
  const std::int64_t classes = lesson.network.classes(), samples = lesson.e.size(0);
  // The same projections at every measurement, so that a curve shows the network and not their noise.
  signs_ = at::empty({projections, classes}, lesson.e.options());
  fill_rademacher(signs_, RandomKey::of(0, Stream::probe));
  rows_ = rows_for(lesson, projections);
  sums_ = rows_for(lesson, 1);
  const double share = 1.0 / static_cast<double>(samples);
  for (std::int64_t r = 0; r < projections; ++r)
    sweep(lesson, (signs_.select(0, r) * share).expand({samples, classes}).contiguous(), rows_, r);
  sweep(lesson, at::full({samples, classes}, share, lesson.e.options()), sums_, 0);
}

// cos = mean⟨a_r, j_r⟩ / (‖A‖ √mean‖j_r‖²), and its spread when each row is left out in turn.
Estimate JacobianView::from_rows(const at::Tensor& a_rows, const at::Tensor& j_rows, double a_norm) const {
  const at::Tensor dots = (a_rows * j_rows).sum(1).to(at::kDouble).to(at::kCPU);
  const at::Tensor squares = j_rows.square().sum(1).to(at::kDouble).to(at::kCPU);
  const double count = static_cast<double>(dots.size(0)), dot = dots.sum().item<double>(),
               square = squares.sum().item<double>();
  if (!(square > 0) || !(a_norm > 0)) return {};
  // Noise may carry the estimate beyond what a cosine can be.
  Estimate result{std::clamp(dot / count / (a_norm * std::sqrt(square / count)), -1.0, 1.0), 0};
  const double less = count - 1;
  if (less < 1) return result;
  const at::Tensor without =
      (dot - dots).div(less) / (a_norm * ((square - squares) / less).clamp_min(1e-300).sqrt());
  result.error = std::sqrt(less / count * (without - without.mean()).square().sum().item<double>());
  return result;
}

Estimate JacobianView::cosine_with(const at::Tensor& a, std::size_t point_index) const {
  const at::Tensor& rows = rows_[point_index];
  if (exact()) return {cosine(a, rows), 0};
  return from_rows(signs_.mm(a), rows, at::linalg_vector_norm(a).item<double>());
}

Estimate JacobianView::centred_cosine_with(const at::Tensor& a, std::size_t point_index) const {
  const at::Tensor& rows = rows_[point_index];
  const at::Tensor centred = a - a.mean(0, true);
  if (exact()) return {cosine(centred, rows - rows.mean(0, true)), 0};
  // sᵀ(I − 11ᵀ/C)J̄ = sᵀJ̄ − mean(s)·1ᵀJ̄.
  const at::Tensor j_rows = rows - signs_.mean(1, true) * sums_[point_index];
  return from_rows(signs_.mm(centred), j_rows, at::linalg_vector_norm(centred).item<double>());
}

}  // namespace grapevine
