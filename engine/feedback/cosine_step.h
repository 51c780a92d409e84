// GrAPE's alignment step (learning-rules §3, step 4): gradient ascent on each column's cosine with the
// estimate. Worker thread only.
#pragma once

#include <ATen/ATen.h>

#include <cstdint>

#include "engine/feedback/cosine_settings.h"
#include "engine/feedback/structure.h"

namespace grapevine {

/// For every column k with b = B[:,k], j = Ĵ[:,k]:
///   g = −( j/(‖b‖‖j‖) − (bᵀj) b/(‖b‖³‖j‖) ),  V ← μV + g,  B ← B − η V,  then the norm.
/// Columns with j = 0 keep b and V (under `frobenius` they are scaled with the rest). `scale` is m_k of
/// norm = jacobian (1×n, zero = not yet set). All C×n; B, V and scale are changed in place. Under a structure
/// B and Ĵ are values of it (Ĵ projected), and the step is the dense one: n_l and ‖B‖_F are those of the
/// dense matrix.
void cosine_step(at::Tensor& b, at::Tensor& v, at::Tensor& scale, const at::Tensor& estimate,
                 const CosineStep& step, const FeedbackStructure& structure = {});

}  // namespace grapevine
