// Charts as a picture that stands by itself, one below the other: PDF and PNG, by cairo. Pure; any thread.
#pragma once

#include <string>
#include <vector>

#include "app/cli/svg_chart.h"

namespace grapevine::cli {

/// The file's bytes; charts without a number are left out. Throws RunError where cairo does not draw.
std::string pdf_of(const std::vector<Chart>& charts);
std::string png_of(const std::vector<Chart>& charts);  ///< 192 pixels an inch

}  // namespace grapevine::cli
