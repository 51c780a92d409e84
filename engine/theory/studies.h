// Studies of the papers' theory, each a function from an experiment's settings to a table. Any one thread;
// they use all of LibTorch's threads.
#pragma once

#include <ATen/ATen.h>

#include <functional>
#include <vector>

#include "engine/door/theory_table.h"
#include "engine/experiment/experiment.h"

namespace grapevine {

/// Receives reports after every small piece of work; what it throws ends the study.
using TheoryProgress = std::function<void(int done, int of)>;

/// `done` of `of` parts, and of the next one `draw` of `draws`: in thousandths of a part.
inline void tell_share(const TheoryProgress& progress, int done, int of, int draw, int draws) {
  constexpr int fine = 1000;
  if (progress)
    progress(done * fine + static_cast<int>(static_cast<std::int64_t>(draw) * fine / draws), of * fine);
}

/// Eq. 4: for one random sample through the experiment's network at its start, the mean over `draws` Gaussian
/// draws (per-layer trace) of cos_F(J_l, Ĵ_l), its standard error, the bound √(2/πn)·‖J‖₂/‖J‖_F; then the
/// mean cosine with 4, 16, 64 directions next to √(K/(K+n+1)), which the second moment of K Gaussian
/// directions gives.
TheoryTable concentration_study(const Experiment& experiment, int draws, const TheoryProgress& progress);

/// Lemma B.2: for pairs of cosines a = cos(B, Ĵ), b = cos(Ĵ, J), what cos(B, J) of random matrices is
/// (least, mean) next to the bound ab − √(1−a²)√(1−b²).
TheoryTable lemma_b2_study(const Experiment& experiment, int draws, const TheoryProgress& progress);

/// The 2025 text's Figure 2: cosine of the first layer's activity-perturbed forward gradient with the true
/// one on random data, for batch sizes 1…512, networks of 2, 8, 32 layers of width 64, averaged over 1, 10
/// and 100 tangent passes.
TheoryTable forward_gradient_study(const Experiment& experiment, int draws, const TheoryProgress& progress);

/// The 2025 text's Figure 4: cosine of a 4×4 matrix with a fixed target while it is updated by eq. 6, by eq.
/// 6 with noise, by GrAPE's cosine step, and by a running mean (FDFA); mean over `draws` starts.
TheoryTable fixed_target_study(const Experiment& experiment, int draws, const TheoryProgress& progress);

/// Appendix D: for each rule multiply-adds of a step, those on the critical path when layers run in parallel,
/// and their ratios to BP's. `measured_ms` (optional, one per rule) is put next to them.
TheoryTable cost_study(const std::vector<Experiment>& racers, const std::vector<double>& measured_ms);

/// Runs one by its key. Throws InputError for an unknown key, with the known ones.
TheoryTable run_theory(const std::string& study, const std::vector<Experiment>& racers, int draws,
                       const TheoryProgress& progress);

}  // namespace grapevine
