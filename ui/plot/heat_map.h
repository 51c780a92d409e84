// Layer × time: one row per layer, grouped by run, the input's layer at the bottom as in a drawing of a
// network. The thread that draws.
#pragma once

#include "ui/plot/figure.h"

namespace grapevine {

struct HeatRow {
  std::string name;       ///< "2"
  std::string full_name;  ///< "GrAPE, layer 2"
  int racer = 0;
  bool marked = false;                           ///< its layer is chosen or pointed at elsewhere
  Colour colour = 0;                             ///< the run's
  const std::vector<double>* columns = nullptr;  ///< one value per pixel column of the plot, NaN = nothing
  double cursor_value = 0;
  std::vector<double> measured = {};  ///< the times; none = so many that no gap is seen
  double sign = 1;                    ///< −1: the values are shown turned round
};

class HeatMap : public Figure {
 public:
  std::vector<HeatRow> rows;  ///< from top to bottom
  bool diverging = true;      ///< cosines: −1 … 1; else lo … hi
  double lo = -1;
  double hi = 1;
  int emphasised_racer = -1;

  void draw(Painter& painter, const Theme& theme) const override;
  void draw_overlay(Painter& painter, const Theme& theme, const Rect& bounds) const override;
  /// The row under a point; -1 = none.
  int row_at(Point at) const;
  Rect row_area(std::size_t index) const;
  Colour colour_of(double value, const Theme& theme) const;
  /// The rows whose names fit: the same layers in every group.
  std::vector<std::size_t> named_rows() const;

 private:
  void draw_row(Painter& painter, const Theme& theme, std::size_t index) const;
  void draw_measured(Painter& painter, const Theme& theme, std::size_t index) const;
  void draw_groups(Painter& painter, const Theme& theme) const;
  void draw_scale(Painter& painter, const Theme& theme) const;
  std::size_t groups() const;
};

}  // namespace grapevine
