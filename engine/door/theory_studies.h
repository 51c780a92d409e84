// Which studies of the papers' theory there are, described once: the terminal's help, the window's page and
// the engine's dispatch follow. Plain C++; values.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace grapevine {

/// A kind more is a case more in run_theory(): the compiler asks for it.
enum class StudyKind { concentration, lemma_b2, forward_gradients, fixed_target, costs };

/// A column of a study's table: its key in documents, and what people read at its head and in a legend.
struct StudyColumn {
  std::string key, name;
  std::string unit = {};
};
/// "Measured time (ms)"; a key that none of them has with blanks for its underscores.
std::string column_title(const std::vector<StudyColumn>& columns, std::string_view key);
/// The same without the unit.
std::string column_name(const std::vector<StudyColumn>& columns, std::string_view key);

/// What is drawn of a table: columns against one, a line each, or a line for each value of another.
struct StudyPicture {
  std::string x, y_title;
  std::string by = {};        ///< "" = none
  std::string by_words = {};  ///< what a legend says of its value: "a = %1"
  /// With that of their deviation, or ""; none where nothing is drawn.
  std::vector<std::pair<std::string, std::string>> columns = {};
};

/// One study that can be asked for.
struct TheoryStudy {
  StudyKind kind;
  std::string key, title, help;
  bool of_a_network = true;     ///< of the network that is asked for, not of one of its own
  bool compares_rules = false;  ///< all that run on the network, side by side, unless some are named
  std::vector<StudyColumn> columns = {};      ///< of its table, all of them
  std::vector<std::string> row_columns = {};  ///< what says which row it is
  StudyPicture picture = {};
};

/// The studies, in the order of the help text.
const std::vector<TheoryStudy>& theory_studies();
/// nullptr where there is none.
const TheoryStudy* find_study(std::string_view key);

}  // namespace grapevine
