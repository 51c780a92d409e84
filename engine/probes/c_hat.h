// ĉ_l: the cosine of B_l and J̄_l estimated from tangents alone, without BP (learning-rules §6). Worker thread
// only.
#pragma once

#include <ATen/ATen.h>

#include <vector>

#include "engine/rules/rule.h"

namespace grapevine {

/// Σ⟨Jp, Bp⟩ / √(Σ‖Jp‖² Σ‖Bp‖²) of each feedback point at [l−1], over the lesson's samples with one
/// Rademacher direction each and a tangent pass of its own a point. It reads a little low, by ‖J̄‖/rms‖J_n‖. 0
/// where B or J is zero. `structure_of` says what the values in `feedback` mean; without it they are B_l
/// itself.
std::vector<double> alignment_from_tangents(
    Lesson& lesson, const std::vector<at::Tensor>& feedback, Draws& draws,
    const std::function<const FeedbackStructure&(std::size_t)>& structure_of = {});

/// ‖J̄_l‖² from a trace whose noise is other layers' (a shared one): (‖Σ żpᵀ‖² − Σ‖ż_n‖²‖p_n‖²) / (N(N−1)), an
/// unbiased estimate where samples are independent and Rademacher; may be negative.
double squared_mean_jacobian(const at::Tensor& z_dot, const at::Tensor& perturbation);

}  // namespace grapevine
