// A page of charts as a picture that is complete by itself: PDF and PNG, by cairo. Pure; any thread.
#pragma once

#include <string>

#include "app/cli/chart_page.h"

namespace grapevine::cli {

/// The file's bytes. Throws RunError where cairo does not draw.
std::string pdf_of(const ChartPage& page);
/// 192 pixels per inch, of a page in centimetres 300.
std::string png_of(const ChartPage& page);

}  // namespace grapevine::cli
