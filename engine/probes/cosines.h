// Cosines of tensors, and the papers' bounds of them. Pure functions; worker thread only.
#pragma once

#include <ATen/ATen.h>

namespace grapevine {

// A cosine with a zero vector counts 0.
/// ⟨a,b⟩/(‖a‖‖b‖) over all entries.
double cosine(const at::Tensor& a, const at::Tensor& b);
/// Mean over columns of the columns' cosines.
double column_cosine(const at::Tensor& a, const at::Tensor& b);
/// The samples' cosines (rows of N×…), N.
at::Tensor sample_cosines(const at::Tensor& a, const at::Tensor& b);
/// Their mean.
double sample_cosine(const at::Tensor& a, const at::Tensor& b);
/// The samples' cosines where neither vector is zero, at most N: a zero points nowhere.
at::Tensor nonzero_sample_cosines(const at::Tensor& a, const at::Tensor& b);

/// Below this norm of a gradient nothing is divided by it.
inline constexpr double vanishing_gradient = 1e-12;

/// √(2/(π n)) ‖J‖₂/‖J‖_F, eq. 4's lower bound of the expected cosine of a single Gaussian draw with J (C×n);
/// 0 for J = 0.
double eq4_bound(const at::Tensor& jacobian);
/// Lemma B.2: a b − √(1−a²) √(1−b²), with 1 − cos² clamped at 0.
double lemma_b2_bound(double b_jhat, double jhat_j);

}  // namespace grapevine
