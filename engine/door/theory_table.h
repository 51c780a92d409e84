// What a theory study returns: a table of numbers with words around it. Plain C++; a value type.
#pragma once

#include <string>
#include <vector>

namespace grapevine {

struct TheoryTable {
  std::string study;                   ///< "concentration"
  std::string title;                   ///< one line
  std::vector<std::string> columns;    ///< names of a row's values, as in JSON
  std::vector<std::string> row_names;  ///< of each row, "" where a row needs none
  std::vector<std::vector<double>> rows;
  std::vector<std::string> notes;  ///< what was assumed, for people
};

/// One study that can be asked for.
struct TheoryStudy {
  const char* key;
  const char* help;
};

/// The studies, in the order of the help text.
inline const std::vector<TheoryStudy>& theory_studies() {
  static const std::vector<TheoryStudy> all = {
      {"concentration",
       "eq. 4 and concentration: cosine of the estimate with the Jacobian, by Monte Carlo on this network"},
      {"lemma_b2", "Lemma B.2: the bound of cos(B, J) next to what random matrices reach"},
      {"forward_gradients",
       "2025 text, Figure 2: cosine of forward gradients by batch size, depth and directions"},
      {"fixed_target", "2025 text, Figure 4: cosine of an updated 4x4 matrix with a fixed target, by rule"},
      {"costs", "Appendix D: arithmetic and critical path of a step of each rule, next to measured times"},
  };
  return all;
}

}  // namespace grapevine
