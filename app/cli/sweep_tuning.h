// sweep --tune: the search of every contestant, then the chosen value with all seeds, and the result. Main
// thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "app/cli/sweeper.h"
#include "engine/plans/tuning.h"

namespace grapevine::cli {

struct TunedSweep {
  int exit_status = 0;
  std::vector<int> chosen;  ///< of each contestant's values; -1 = none gave a number, or not yet known
};

/// Trains what is missing of the search, then of the chosen values. A cell of the search that fails, as one
/// whose rate is too high, is a value that is not chosen; a contestant without any makes the status 1.
TunedSweep carry_out_tuning(Sweeper& sweeper, const Tuning& tuning, int workers);

/// {"sweep", "status", "tuned", "by", "contestants": [{"settings", "budget", "search": [{"value", "run",
/// "status", "<by>"}], "chosen", "at_the_end_of_the_list", "validation", "test", "runs"}]}, the best first.
nlohmann::json tuning_document(const Sweep& sweep, const Tuning& tuning, const TunedSweep& result,
                               const Sweeper& sweeper);
/// One row per contestant, the best first, and below it what to think of.
std::string tuning_table(const Tuning& tuning, const TunedSweep& result, const Sweeper& sweeper);

}  // namespace grapevine::cli
