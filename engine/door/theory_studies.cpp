#include "engine/door/theory_studies.h"

#include <algorithm>

#include "engine/experiment/entry_keys.h"

namespace grapevine {

namespace {

std::vector<StudyColumn> columns_of_concentration() {
  std::vector<StudyColumn> columns{{"point", "Feedback point l"},
                                   {"features", "Features n"},
                                   {"spectral_share", "‖J‖₂/‖J‖_F"},
                                   {measure_keys::eq4_bound, "Bound of eq. 4"}};
  for (const char* k : {"1", "4", "16", "64"}) {
    const std::string key = std::string("_k") + k, words = std::string(", K = ") + k;
    columns.push_back({"mean_cosine" + key, "Mean cos(J, Ĵ)" + words});
    columns.push_back({"standard_error" + key, "Standard error" + words});
    columns.push_back({"second_moment" + key, "√(K/(K+n+1))" + words});
  }
  return columns;
}

std::vector<StudyColumn> columns_of_forward_gradients() {
  std::vector<StudyColumn> columns{{"layers", "Layers"}, {"batch", "Batch size"}};
  for (const char* k : {"1", "10", "100"}) {
    const std::string key = std::string("_k") + k, words = std::string(", K = ") + k;
    columns.push_back({"cosine" + key, "Mean cosine" + words});
    columns.push_back({"deviation" + key, "Standard deviation" + words});
  }
  return columns;
}

const StudyColumn* find_column(const std::vector<StudyColumn>& columns, std::string_view key) {
  const auto found = std::find_if(columns.begin(), columns.end(),
                                  [&](const StudyColumn& column) { return column.key == key; });
  return found == columns.end() ? nullptr : &*found;
}

}  // namespace

std::string column_name(const std::vector<StudyColumn>& columns, std::string_view key) {
  if (const StudyColumn* column = find_column(columns, key)) return column->name;
  std::string words(key);
  std::replace(words.begin(), words.end(), '_', ' ');
  return words;
}

std::string column_title(const std::vector<StudyColumn>& columns, std::string_view key) {
  const StudyColumn* column = find_column(columns, key);
  return column_name(columns, key) + (column && !column->unit.empty() ? " (" + column->unit + ")" : "");
}

const std::vector<TheoryStudy>& theory_studies() {
  static const std::vector<TheoryStudy> all = {
      {.kind = StudyKind::concentration,
       .key = "concentration",
       .title = "Equation 4: concentration",
       .help = "eq. 4 and concentration: cosine of the estimate with the Jacobian, by Monte Carlo on this "
               "network",
       .columns = columns_of_concentration(),
       .row_columns = {"point"},
       .picture = {.x = "point",
                   .y_title = "cos(J, Ĵ)",
                   .columns = {{measure_keys::eq4_bound, ""},
                               {"mean_cosine_k1", "standard_error_k1"},
                               {"mean_cosine_k16", "standard_error_k16"}}}},
      {.kind = StudyKind::lemma_b2,
       .key = "lemma_b2",
       .title = "Lemma B.2: the bound",
       .help = "Lemma B.2: the bound of cos(B, J) next to what random matrices reach",
       .of_a_network = false,
       .columns = {{"a", "a = cos(B, Ĵ)"},
                   {"b", "b = cos(Ĵ, J)"},
                   {"bound", "Bound of Lemma B.2"},
                   {"least", "Least cos(B, J)"},
                   {"mean", "Mean cos(B, J)"},
                   {"product", "a·b"},
                   {"violations", "Draws below the bound"}},
       .picture = {.x = "b",
                   .y_title = "cos(B, J)",
                   .by = "a",
                   .by_words = "a = %1",
                   .columns = {{"bound", ""}, {"mean", ""}}}},
      {.kind = StudyKind::forward_gradients,
       .key = "forward_gradients",
       .title = "Figure 2 (2025): forward gradients",
       .help = "2025 text, Figure 2: cosine of forward gradients by batch size, depth and directions",
       .of_a_network = false,
       .columns = columns_of_forward_gradients(),
       .row_columns = {"layers", "batch"},
       .picture = {.x = "batch",
                   .y_title = "Cosine with the gradient",
                   .by = "layers",
                   .by_words = "%1 layers",
                   .columns = {{"cosine_k1", "deviation_k1"},
                               {"cosine_k10", "deviation_k10"},
                               {"cosine_k100", "deviation_k100"}}}},
      {.kind = StudyKind::fixed_target,
       .key = "fixed_target",
       .title = "Figure 4 (2025): a fixed target",
       .help = "2025 text, Figure 4: cosine of an updated 4x4 matrix with a fixed target, by rule",
       .of_a_network = false,
       .columns = {{"step", "Step"},
                   {"equation_6", "Eq. 6"},
                   {"equation_6_with_noise", "Eq. 6 with noise of 1 %"},
                   {"grape_cosine_step", "GrAPE's cosine step"},
                   {"running_mean", "Running mean (FDFA)"}},
       .row_columns = {"step"},
       .picture = {.x = "step",
                   .y_title = "Cosine with the target",
                   .columns = {{"equation_6", ""},
                               {"equation_6_with_noise", ""},
                               {"grape_cosine_step", ""},
                               {"running_mean", ""}}}},
      {.kind = StudyKind::costs,
       .key = "costs",
       .title = "Appendix D: what a step costs",
       .help = "Appendix D: arithmetic and critical path of a step of each rule, next to measured times",
       .compares_rules = true,
       .columns = {{"gflop", "Work of a step", "GFLOP"},
                   {"ratio_to_bp", "Work / BP's"},
                   {"critical_path_gflop", "Critical path", "GFLOP"},
                   {"critical_path_speedup_over_bp", "BP's critical path / its own"},
                   {"calibration_gflop", "Calibration's share", "GFLOP"},
                   {"measured_ms", "Measured time", "ms"},
                   {"measured_ratio_to_bp", "Measured time / BP's"}}},
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
