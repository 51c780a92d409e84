// Runs held against each other as a page that needs nothing else: figures, results, settings, what computed
// them and the commands that repeat it. Any thread.
#pragma once

#include <string>
#include <vector>

#include "engine/runs/comparison.h"
#include "engine/runs/run_data.h"

namespace grapevine::cli {

std::string html_report(const std::vector<RunData>& runs, const Comparison& comparison);
/// The figures alone, one below the other, as one SVG document: of scores, loss and alignment.
std::string svg_figures(const std::vector<RunData>& runs);
/// The same as a page and as a picture.
std::string pdf_figures(const std::vector<RunData>& runs);
std::string png_figures(const std::vector<RunData>& runs);

}  // namespace grapevine::cli
