// A comparison for people and as JSON (engine/runs/comparison.h). Any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "app/cli/table.h"
#include "engine/runs/comparison.h"

namespace grapevine::cli {

/// {"group": [keys], "measures": [...], "groups": [{"settings", "runs", "seeds", "n", "values": {measure:
/// {"mean", "std", "n"}}}], "paired_differences": [{"first", "second", "measure", "mean", "std", "n",
/// "interval", "matched_runs"}], "differences_of_means": [the same without matched_runs, where nothing is
/// paired], "notes": [why there are none], "gap_closed": [{"settings", "measure", "paired", "seeds", "value",
/// "interval", "note"}], "unfinished"}.
nlohmann::json comparison_document(const Comparison& comparison);
/// What groups and measures are called: as they are typed, test_accuracy:best, or in words, "test accuracy,
/// best".
enum class Names { typed, in_words };
/// One row per group: its settings, how many runs, each measure's mean ± standard deviation (n).
Table groups_rows(const Comparison& comparison, Names names = Names::typed);
std::string groups_table(const Comparison& comparison);
/// One row per pair of groups and measure; "" where there are none. `all`: those too that have no
/// interval, as of one seed.
Table differences_rows(const Comparison& comparison, bool all = true, Names names = Names::typed);
std::string differences_table(const Comparison& comparison);
/// One row per group and score; "" without references.
Table gaps_rows(const Comparison& comparison, Names names = Names::typed);
/// Over what they are taken.
std::string differences_heading(const Comparison& comparison);
/// Why there are no differences or no gaps, a sentence per line.
std::string notes_of(const Comparison& comparison);
std::string gaps_table(const Comparison& comparison);

}  // namespace grapevine::cli
