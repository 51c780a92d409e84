// Charts on one page: one below the other as on a screen, or side by side at a paper's width, with its
// letters and one legend where no line means two things. Pure; any thread.
#pragma once

#include <optional>
#include <vector>

#include "app/cli/chart_drawing.h"
#include "engine/runs/figure_page.h"

namespace grapevine::cli {

struct ChartPage {
  struct Panel {
    const Chart* chart;
    PagePlace place;
    ChartFrame frame;
  };
  std::vector<Panel> panels;
  double width = chart_width, height = 0;  ///< pixels, 96 an inch
  double width_cm = 0;                     ///< 0 = a screen's page
  std::string font;                        ///< a face's name; "" = a sans-serif one
  std::optional<Chart> legend;             ///< of all panels, beneath them: its lines have no numbers
  ChartFrame legend_frame;
  double legend_top = 0;
};

/// Charts without a number are left out; the others stay the caller's. Throws InputError where they do not
/// fit.
ChartPage lay_out(const std::vector<Chart>& charts, const FigurePage& wish = {});
void draw_page(const ChartPage& page, ChartPen& pen);

}  // namespace grapevine::cli
