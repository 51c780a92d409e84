#include "engine/door/theory_studies.h"

#include <algorithm>

#include "engine/experiment/entry_keys.h"

namespace grapevine {

const std::vector<TheoryStudy>& theory_studies() {
  static const std::vector<TheoryStudy> all = {
      {.kind = StudyKind::concentration,
       .key = "concentration",
       .title = "Equation 4: concentration",
       .help = "eq. 4 and concentration: cosine of the estimate with the Jacobian, by Monte Carlo on this "
               "network",
       .row_columns = {"point"},
       .picture = {.x = "point",
                   .y_title = "cosine",
                   .columns = {{measure_keys::eq4_bound, ""},
                               {"mean_cosine_k1", "standard_error_k1"},
                               {"mean_cosine_k16", "standard_error_k16"}}}},
      {.kind = StudyKind::lemma_b2,
       .key = "lemma_b2",
       .title = "Lemma B.2: the bound",
       .help = "Lemma B.2: the bound of cos(B, J) next to what random matrices reach",
       .of_a_network = false,
       .picture = {.x = "b", .y_title = "cos(B, J)", .by = "a", .columns = {{"bound", ""}, {"mean", ""}}}},
      {.kind = StudyKind::forward_gradients,
       .key = "forward_gradients",
       .title = "Figure 2 (2025): forward gradients",
       .help = "2025 text, Figure 2: cosine of forward gradients by batch size, depth and directions",
       .of_a_network = false,
       .row_columns = {"layers", "batch"},
       .picture = {.x = "batch",
                   .y_title = "cosine with the gradient",
                   .by = "layers",
                   .columns = {{"cosine_k1", "deviation_k1"},
                               {"cosine_k10", "deviation_k10"},
                               {"cosine_k100", "deviation_k100"}}}},
      {.kind = StudyKind::fixed_target,
       .key = "fixed_target",
       .title = "Figure 4 (2025): a fixed target",
       .help = "2025 text, Figure 4: cosine of an updated 4x4 matrix with a fixed target, by rule",
       .of_a_network = false,
       .row_columns = {"step"},
       .picture = {.x = "step",
                   .y_title = "cosine with the target",
                   .columns = {{"equation_6", ""},
                               {"equation_6_with_noise", ""},
                               {"grape_cosine_step", ""},
                               {"running_mean", ""}}}},
      {.kind = StudyKind::costs,
       .key = "costs",
       .title = "Appendix D: what a step costs",
       .help = "Appendix D: arithmetic and critical path of a step of each rule, next to measured times",
       .compares_rules = true},
  };
  return all;
}

const TheoryStudy* find_study(std::string_view key) {
  const auto& all = theory_studies();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const TheoryStudy& study) { return study.key == key; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace grapevine
