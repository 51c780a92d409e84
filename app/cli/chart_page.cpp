// Places on a page, and a pen that draws at one of them.
#include "app/cli/chart_page.h"

#include <algorithm>

namespace grapevine::cli {
namespace {

/// Draws for a panel, which knows nothing of its place.
class PenAt : public ChartPen {
 public:
  PenAt(ChartPen& pen, double x, double y) : pen_(pen), x_(x), y_(y) {}

  void text(double x, double y, const std::string& words, Anchor anchor, double size, bool bold) override {
    pen_.text(x + x_, y + y_, words, anchor, size, bold);
  }
  void rule(double x1, double y1, double x2, double y2) override {
    pen_.rule(x1 + x_, y1 + y_, x2 + x_, y2 + y_);
  }
  void line(const std::vector<Points>& pieces, const ChartStroke& stroke) override {
    pen_.line(moved(pieces), stroke);
  }
  void area(const std::vector<Points>& outlines, std::uint32_t colour) override {
    pen_.area(moved(outlines), colour);
  }

 private:
  std::vector<Points> moved(std::vector<Points> pieces) const {
    for (Points& points : pieces)
      for (auto& [x, y] : points) {
        x += x_;
        y += y_;
      }
    return pieces;
  }

  ChartPen& pen_;
  double x_, y_;
};

/// The legend that serves all panels: each has these lines, or lacks some, as an alignment that BP does not
/// have. None where one label or one look would have two meanings.
std::optional<Chart> common_legend(const std::vector<const Chart*>& charts) {
  Chart legend;
  for (const Chart* chart : charts) {
    if (chart->note != charts.front()->note) return std::nullopt;
    for (const ChartLine* line : lines_in_legend(*chart)) {
      bool known = false;
      for (const ChartLine& other : legend.lines) {
        const bool same_look = other.colour == line->colour && other.dash == line->dash;
        if (same_look != (other.label == line->label)) return std::nullopt;
        known = known || same_look;
      }
      if (known) continue;
      ChartLine& entry = legend.lines.emplace_back();
      entry.label = line->label;
      entry.colour = line->colour;
      entry.dash = line->dash;
    }
  }
  legend.note = charts.front()->note;
  return legend;
}

/// As high as on a screen, and higher in proportion where it is narrow.
double usual_height(double width, double font) {
  const ChartFrame screen;
  if (width >= screen.width) return screen.height * std::max(width / screen.width, font / screen.font);
  return std::max(0.62 * width, 14 * font);
}

}  // namespace

ChartPage lay_out(const std::vector<Chart>& charts, const FigurePage& wish) {
  ChartPage page;
  page.width_cm = wish.width_cm;
  page.font = wish.font;
  if (wish.width_cm > 0) page.width = wish.width_cm * pixels_a_centimetre;
  std::vector<const Chart*> drawn;
  for (const Chart& chart : charts)
    if (has_numbers(chart)) drawn.push_back(&chart);
  ChartFrame frame;
  if (wish.font_points > 0) frame.font = wish.font_points * pixels_a_point;
  const double gap = 12 * frame.font / ChartFrame{}.font;
  frame.width = panel_width(page.width, wish.columns, gap, frame.font);
  frame.height =
      wish.height_cm > 0 ? wish.height_cm * pixels_a_centimetre : usual_height(frame.width, frame.font);
  check_panel_height(frame.height, frame.font);
  if (!wish.is_plain() && drawn.size() > 1) page.legend = common_legend(drawn);
  frame.legend = !page.legend;
  std::vector<double> heights;
  for (const Chart* chart : drawn) heights.push_back(chart_height(*chart, frame));
  const PageGrid grid = page_grid(page.width, wish.columns, gap, heights);
  for (std::size_t i = 0; i < drawn.size(); ++i) {
    page.panels.push_back({drawn[i], grid.places[i], frame});
    if (wish.letters) page.panels.back().frame.letter = panel_letter(i);
  }
  page.height = std::max(grid.height + gap, 100.0);
  if (!page.legend) return page;
  page.legend_frame = frame;
  page.legend_frame.width = page.width;
  page.legend_top = grid.height + gap;
  page.height = page.legend_top + legend_height(*page.legend, page.legend_frame);
  return page;
}

void draw_page(const ChartPage& page, ChartPen& pen) {
  for (const ChartPage::Panel& panel : page.panels) {
    PenAt at(pen, panel.place.x, panel.place.y);
    draw_chart(*panel.chart, at, panel.frame);
  }
  if (page.legend) draw_legend(*page.legend, pen, page.legend_frame, page.legend_top);
}

}  // namespace grapevine::cli
