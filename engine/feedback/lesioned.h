// What a lesion makes of a feedback matrix or of a transport (decided in learning-rules §9). Worker thread
// only.
#pragma once

#include <ATen/ATen.h>

#include "engine/feedback/matrices.h"

namespace grapevine {

/// B' = cos θ · B + sin θ · ‖B‖ R/‖R‖, R Gaussian without its component along B: cos_F(B', B) = cos θ and
/// ‖B'‖_F = ‖B‖_F. B are values of `structure`; R is drawn C×n_l and projected on it first. A B of zeros
/// stays.
at::Tensor rotated(const at::Tensor& b, double degrees, const FeedbackStructure& structure,
                   std::int64_t classes, RandomKey key);
/// The same with a weight of any shape.
at::Tensor rotated(const at::Tensor& weight, double degrees, RandomKey key);
/// Columns of B become those of `target`; where that is all zero, B keeps its own. Values of one structure.
void take_over(at::Tensor& b, const at::Tensor& target);

}  // namespace grapevine
