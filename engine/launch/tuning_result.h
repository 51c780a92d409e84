// What came of a search of one setting (plans/tuning.h): which value was chosen for each contestant, what was
// tried, and how the chosen ones do over the seeds. For the terminal's table and the window's. Pure; any
// thread.
#pragma once

#include <string>
#include <vector>

#include "engine/launch/sweep_cells.h"
#include "engine/plans/tuning.h"
#include "engine/runs/statistics.h"

namespace grapevine {

/// The number that a tried value is judged by, as it is called in documents: "best_validation_accuracy".
std::string judged_name(const Tuning& tuning);
/// The test data are looked at once, at the end of the runs with the chosen value: "final_test_accuracy".
std::string test_name(const Tuning& tuning);

/// Of each contestant's values the one that is chosen; -1 = none has given a number.
std::vector<int> chosen_values(const Tuning& tuning, const std::vector<CellResult>& cells);
/// The cells with the chosen values and all seeds, the search's own among them.
std::vector<std::size_t> chosen_cells(const Tuning& tuning, const std::vector<int>& chosen);
/// The same without the search's own, which have given the numbers that the values are chosen by.
std::vector<std::size_t> other_seeds(const Tuning& tuning, const std::vector<int>& chosen);

/// Whether nothing of the search is missing: each of its cells has finished or failed, or can't be trained
/// (`hopeless`, which has no run).
bool search_is_over(const Tuning& tuning, const std::vector<CellResult>& cells,
                    const std::vector<std::size_t>& hopeless = {});
/// Of these cells the ones that have not finished.
std::vector<std::size_t> missing_of(const std::vector<std::size_t>& which,
                                    const std::vector<CellResult>& cells);

/// A contestant and what it came to.
struct TuningStanding {
  const Contestant* contestant = nullptr;
  std::string name;                     ///< "rule.name=grape": what it is compared by
  std::vector<double> tried;            ///< what its values are judged by, NaN where there is no number
  const TunedValue* chosen = nullptr;   ///< nullptr = none has given a number
  bool at_the_end_of_the_list = false;  ///< then a wider list may hold a better value
  Spread validation, test;              ///< of the chosen value's runs
};
/// By what the test came to; those without a number come last.
std::vector<TuningStanding> tuning_standings(const Tuning& tuning, const std::vector<int>& chosen,
                                             const std::vector<CellResult>& cells);

}  // namespace grapevine
