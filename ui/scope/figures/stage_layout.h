// Where everything on the stage is: columns aligned at input and output, boxes with their dials, which
// neighbours are folded, what loses its words. Pure functions; any thread may call.
#pragma once

#include <optional>
#include <vector>

#include "ui/plot/geometry.h"
#include "ui/scope/figures/stage_data.h"
#include "ui/scope/figures/stage_folding.h"

namespace grapevine {

struct DialPlace {
  int first = 0, last = 0;  ///< the points it represents, from 1; one, or those of a fold
  int row = 0;
  Rect box;
  Point pivot;
  bool folded() const { return last > first; }
};

struct ColumnPlace {
  Rect area;
  Rect output;      ///< the last segment's box
  Rect error;       ///< e
  Point input;      ///< the foot of the line that the input comes in on
  double lane = 0;  ///< x of the innermost arc
  double lane_step = 0;
  double left_lane = 0;  ///< x of what runs along the boxes' left side; 0 = nothing does
  std::vector<DialPlace> dials;
  std::vector<Rect> skips;  ///< around the boxes of residual blocks; the way past them is their left edge
};

/// What a box has room for.
enum class BoxWords { full, line, none };

struct StageLayout {
  Rect area;
  std::vector<StageRow> rows;
  std::vector<ColumnPlace> columns;
  double radius = 0;  ///< of every dial
  double scale = 1;   ///< 1 as drawn for a window of 1600 × 1000
  BoxWords words = BoxWords::full;
  bool strips = false;  ///< boxes show their cosine over time
  bool dense = false;   ///< scores are next to the names
  double header_top = 0;
  double foot_top = 0;
  bool folds = false;

  /// The dial at a point: column and index in its dials; nothing where there is none.
  struct Hit {
    int column = 0, dial = 0;
  };
  std::optional<Hit> dial_at(Point at) const;
  std::optional<int> column_at(Point at) const;
};

inline constexpr double kWordsUntil = 26;  ///< lower boxes lose their words
inline constexpr double kFoldBelow = 14;   ///< lower boxes are folded with their neighbours
inline constexpr int kStripsFrom = 6;      ///< so many rows show strips

/// `open`: a fold that the user opened; its depth stay apart.
StageLayout lay_out_stage(const Rect& area, const StageData& data, std::optional<StageRow> open = {});

}  // namespace grapevine
