// sweep --tune as far as one call of several does it: what of a search is to be trained now, and a machine's
// share of it. Main thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/cli/sweep_share.h"
#include "app/cli/sweeper.h"
#include "engine/plans/tuning.h"

namespace grapevine::cli {

/// First the cells of the search, and once its values are chosen the other seeds of those. By the indices of
/// the sweep's cells.
struct TuningWork {
  bool is_search = true;
  std::vector<int> chosen;         ///< of each contestant's values, -1 = none; empty during the search
  std::vector<std::size_t> cells;  ///< to be trained by this call
  std::size_t whole = 0;           ///< cells of this stage, all shares together
  std::size_t later = 0, later_whole = 0;  ///< during the search: cells of the chosen values
};
/// `known`: the sweep's cells with their numbers. A value that failed counts as tried for a share; without
/// one it is tried again, as carry_out_tuning() does.
TuningWork work_at_hand(const Tuning& tuning, const std::vector<CellResult>& known,
                        const std::optional<Share>& share);

/// Where a search is looked up, and which part of it is wanted.
struct TuningPart {
  std::optional<Share> share;
  std::string searched;  ///< a database with the finished search; "" = the one that is trained into
};

/// --dry-run: the cells of the stage at hand, and how many there are of each. Trains nothing.
void list_tuning(const Options& options, const Sweep& sweep, const Tuning& tuning, const TuningPart& part);
/// Trains a share of what is to be trained now, tells what came of it and what is next, and returns the exit
/// status. A value of the search that fails is one that is not chosen, and no fault of the share.
int carry_out_share(const Options& options, const Sweep& sweep, const Tuning& tuning, const TuningPart& part,
                    int workers, const StopRequests& stops);

}  // namespace grapevine::cli
