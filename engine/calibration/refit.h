// Refitting feedback matrices from one exact batch (learning-rules §5, what = feedback). Worker thread only.
#pragma once

#include <ATen/ATen.h>

namespace grapevine {

/// Throws InputError where a refit would have fewer rows (samples, or tokens) than classes: EᵀE would know
/// nothing of some directions.
void check_refit(std::int64_t rows, std::int64_t classes);

/// B += (EᵀE + λI)⁻¹ Eᵀ(Δ − E B), λ = ridge·tr(EᵀE)/C: the matrix nearest to B that carries the errors E
/// (N×C) to BP's signals Δ (N×n) in the least-squares sense. B is C×n, changed in place. Under a structure,
/// with B = U V T, it is given V, E U and Δ T⁺: ‖E U V T − Δ‖² is Σ_j c_j‖E U V_j − (ΔT⁺)_j‖² over cells of
/// c_j features, and a constant.
void refit_feedback(at::Tensor& b, const at::Tensor& errors, const at::Tensor& signals, double ridge);

}  // namespace grapevine
