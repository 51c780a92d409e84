// Which of a deep network's layers share a row of the stage: neighbours that agree, residual blocks as wholes
// as long as there is room for no more. Pure functions; any thread may call.
#pragma once

#include <optional>
#include <vector>

#include "ui/scope/figures/stage_data.h"

namespace grapevine {

/// Rows of the grid that all columns share, from the input on; several depth in one row are folded.
struct StageRow {
  int first = 0, last = 0;  ///< depth, from 0
  bool folded() const { return last > first; }
  bool operator==(const StageRow&) const = default;
};

/// Where a column's point is in a grid of `depth` rows: the first at the input, the last at the output.
int slot_of(int point, int points, int depth);
/// Neighbours that every column's needles and arrows agree on, until there are no more than `most` rows. A
/// fold ends where a residual block does.
std::vector<StageRow> fold_rows(const StageData& data, int depth, int most, std::optional<StageRow> open);
/// The largest folds halved, between residual blocks where they hold several, until there are `least` rows: a
/// network that agrees everywhere is more than one box.
std::vector<StageRow> split_folds(std::vector<StageRow> rows, std::size_t least,
                                  const std::vector<StageRow>& blocks = {});
/// The residual blocks of the deepest column, as depth.
std::vector<StageRow> blocks_of(const StageData& data, int depth);
/// The dial of a fold that shows: the one furthest from the gradient. Index in `dials`.
int worst_of(const StageColumn& column, int first, int last);

}  // namespace grapevine
