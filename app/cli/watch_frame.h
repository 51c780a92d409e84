// What `watch` draws: runs as they stand, with curves in block characters and alignment as a row of cells a
// layer. Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/runs/run_data.h"

namespace grapevine::cli {

/// What the terminal can show.
struct FrameStyle {
  int width = 80;
  bool colour = false;   ///< cells are blanks on a colour; else digits: 7 for 0.7, - for less than 0
  bool unicode = false;  ///< curves in eighths of a block; else in . : - = + * # %
};

/// Lines of at most `style.width` columns. What came from the database is cleaned; control characters are
/// those of colours only.
std::vector<std::string> watch_frame(const std::vector<RunData>& runs, const FrameStyle& style);
/// The measures that a frame needs.
std::vector<std::string> watched_measures();

/// A curve squeezed into `columns` characters, low to high; columns without a value are blanks.
std::string sparkline(const Series& series, int columns, bool unicode);
/// A cosine from −1 (red) over 0 (grey) to 1 (blue) as 0xRRGGBB.
unsigned cosine_colour(double cosine);

}  // namespace grapevine::cli
