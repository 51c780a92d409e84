// What GrAPE's alignment step (cosine_step.h) may be asked for. Plain C++.
#pragma once

#include <cstdint>

#include "engine/experiment/bound_settings.h"

namespace grapevine {

inline void bind_align_steps(Binder& to, std::int64_t& steps) {
  to.integer(
      steps, "align_steps", at_least(1).at_most(1000),
      "alignment steps per batch, all towards the same estimate (section 3.3: more than one gains nothing)");
}

enum class ColumnNorm { column, frobenius, jacobian, none };

struct CosineStep {
  double rate = 0.01;     ///< η_B
  double momentum = 0.9;  ///< μ
  bool mean = false;      ///< divide g by n_l (eq. 17 to the letter)
  ColumnNorm norm = ColumnNorm::column;
  std::int64_t steps = 1;  ///< a batch, all towards the same estimate

  void bind(Binder& to) {
    to.number(rate, "align_rate", at_least(0).at_most(100), "η_B, the step on the feedback matrices").live();
    to.number(momentum, "align_momentum", at_least(0).below(1), "μ, momentum of the alignment step").live();
    to.choice(mean, "reduction", {{"sum", false}, {"mean", true}},
              "the cosine's gradient as it is, or divided by n_l (eq. 17 to the letter)");
    to.choice(norm, "norm",
              {{"column", ColumnNorm::column},
               {"frobenius", ColumnNorm::frobenius},
               {"jacobian", ColumnNorm::jacobian},
               {"none", ColumnNorm::none}},
              "after the step: unit columns, the old Frobenius norm, the running ‖ĵ_k‖, or nothing");
    bind_align_steps(to, steps);
  }
};

}  // namespace grapevine
