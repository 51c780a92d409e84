// The mean Jacobian J̄_l of the logits with respect to a feedback point (learning-rules §1, §6): exactly by C
// adjoint sweeps, or where there are many classes by sweeps along random combinations of classes. Worker
// thread only.
#pragma once

#include <ATen/ATen.h>

#include <vector>

#include "engine/rules/rule.h"

namespace grapevine {

/// Above so many classes J̄ is seen through as many random projections.
inline constexpr std::int64_t exact_classes = 32;

/// J̄_l at [l−1]: the mean over rows of ∂z/∂h_l, C×n_l, by C adjoint sweeps with batch statistics held
/// constant. Where tokens of one text see each other (attention), a row's Jacobian is that of its own z:
/// every row is given a random sign, so that the others' parts average out; J̄ is then an unbiased estimate.
std::vector<at::Tensor> mean_jacobians(Lesson& lesson);
/// The same at one point (from 1), by sweeps that end there.
at::Tensor mean_jacobian(Lesson& lesson, int point);

/// A value and the standard error of its estimate (0 where it is exact).
struct Estimate {
  double value = 0, error = 0;
};

/// What is known of the J̄_l: all of it, or SJ̄_l with the R×C rows of S drawn from ±1, so that E[sᵀA·sᵀJ̄] =
/// ⟨A, J̄⟩ and E‖sᵀJ̄‖² = ‖J̄‖². Errors are jackknife ones over the rows.
class JacobianView {
 public:
  /// `projections` 0: exact.
  JacobianView(Lesson& lesson, std::int64_t projections);
  bool exact() const { return !signs_.defined(); }
  /// C×n_l where exact.
  const at::Tensor& jacobian(std::size_t point_index) const { return rows_[point_index]; }

  /// cos_F(A, J̄_l); 0 where one of them is zero.
  Estimate cosine_with(const at::Tensor& a, std::size_t point_index) const;
  /// The same after each column's mean over classes is subtracted from both.
  Estimate centred_cosine_with(const at::Tensor& a, std::size_t point_index) const;

 private:
  Estimate from_rows(const at::Tensor& a_rows, const at::Tensor& j_rows, double a_norm) const;

  at::Tensor signs_;              ///< S, R×C
  std::vector<at::Tensor> rows_;  ///< J̄_l, or S J̄_l, at [l−1]
  std::vector<at::Tensor> sums_;  ///< 1ᵀJ̄_l, 1×n_l, with projections only
};

}  // namespace grapevine
