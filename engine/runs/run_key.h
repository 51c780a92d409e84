// What can be asked of a run by name: a column of the library, a setting, a measure's summary. Filters,
// sorting, columns and groups, in the terminal and in the window, use the same names. Values; any thread.
//
//   status  tags  rule  …           columns (run_columns)
//   optimizer.lr  rule.align_rate   settings, as in an experiment file
//   test_accuracy:best              a measure's last (the default), best or mean value;
//   best_test_accuracy              the same, as in documents, and final_… for the last
//   cos_b_j[2]:mean                 of one feedback point; without it the mean over all points
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/experiment/measure.h"

namespace grapevine {

struct RunSummary;  // run_reader.h

enum class Statistic { last, best, mean };
const char* to_text(Statistic statistic);

struct RunKey {
  enum class Kind { column, setting, measure };
  Kind kind = Kind::column;
  std::string name;  ///< a column, a setting's key, a measure's key
  Statistic statistic = Statistic::last;
  int point = -1;  ///< of a measure; -1 = all, with equal weight

  std::string text() const;  ///< as it is written: "cos_b_j[2]:mean"
  bool operator==(const RunKey&) const = default;
};

/// Throws InputError, with the nearest known name, for one that nothing has.
RunKey parse_run_key(std::string_view text);
/// "a,b,c" or several of them.
std::vector<RunKey> parse_run_keys(const std::vector<std::string>& lists);

/// Every name that parse_run_key takes, without statistics and points: columns, measures, settings, those of
/// every rule.
std::vector<std::string> known_run_keys();
/// What runs are mostly sorted and filtered by, as one types it: "best_test_accuracy".
std::vector<std::string> best_score_keys();

/// What a run has under a key: nothing, a number or a text.
using RunCell = std::variant<std::monostate, double, std::string>;

/// A column that every run has.
struct RunColumn {
  const char* name;
  const char* help;
  RunCell (*of)(const RunSummary& run);
  bool holds_numbers = false;
};
const std::vector<RunColumn>& run_columns();
/// nullptr where there is none.
const RunColumn* find_run_column(std::string_view name);
/// Whatever a run has under this key is a number.
bool holds_numbers(const RunKey& key);

bool is_empty(const RunCell& cell);
/// Numbers in the C locale; "" for nothing.
std::string to_text(const RunCell& cell);
/// Is `text` a number as a whole?
bool read_number(std::string_view text, double& number);
/// Before, equal, after: numbers by size, texts by the alphabet, nothing last.
int compare(const RunCell& one, const RunCell& other);
/// A tag is a word; commas and blanks separate tags.
std::vector<std::string> tags_in(std::string_view tags);

}  // namespace grapevine
