// The papers' figures that runs can fill, as lines: what the texts print next to the values of stored runs.
// Any thread.
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "engine/launch/paper_cells.h"

namespace grapevine {

struct PaperDot {
  double x = 0, mean = 0;
  double deviation = std::nan("");  ///< NaN of one run, or where the text gives none
};

struct PaperLine {
  std::string name;  ///< "GrAPE, calibrated", "BP, training"
  std::string rule;
  bool published = false;  ///< the text's own numbers
  std::vector<PaperDot> dots;
  bool level = false;        ///< one number, whatever is along the horizontal axis
  std::string variant = {};  ///< "literal": a preset's own of its rule; "" of the rule itself
};

struct PaperFigure {
  std::string title, x_title, y_title;
  bool log_x = false;
  std::vector<PaperLine> lines;  ///< those that have dots
};

/// Figure 2 of the 2026 text: the best test accuracy against T, the epochs between two calibrations, a
/// network a figure; what is never calibrated is level. Figure 3 of the 2025 text: training and test loss
/// over epochs, of which it prints no numbers. `cells` are the figure's, with their runs found; nothing for
/// a table.
std::vector<PaperFigure> paper_figures(const std::string& figure, const std::vector<PaperCell>& cells,
                                       RunReader* reader);

}  // namespace grapevine
