// What every figure has: its place, a title, a time axis, marks of events, the crosshair. A figure is built
// for one frame from data that lives elsewhere, drawn, and thrown away. The thread that draws.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ui/plot/axis.h"
#include "ui/plot/event_shape.h"
#include "ui/plot/painter.h"
#include "ui/plot/theme.h"

namespace grapevine {

/// An event's tick on the time axis.
struct Mark {
  double x = 0;
  Colour colour = 0;
  int racer = 0;
  bool hovered = false;
  EventShape shape = EventShape::calibration;
};

/// A small switch at the right end of the header.
struct FigureControl {
  std::string label;
  bool on = false;
  bool hovered = false;
};

class Figure {
 public:
  static constexpr double kHeaderHeight = 22;
  static constexpr double kLeftMargin = 62;
  static constexpr double kRightMargin = 14;
  static constexpr double kAxisHeight = 32;  ///< labels and title of the time axis
  static constexpr double kBareHeight = 7;   ///< below a plot whose time axis is labelled elsewhere
  static constexpr double kControlWidth = 40;
  static constexpr double kMarksApart = 7;  ///< of marks at one place, which are beneath each other

  virtual ~Figure() = default;
  virtual void draw(Painter& painter, const Theme& theme) const = 0;
  /// What lies over all figures: boxes with values at the pointer, kept within `bounds`.
  virtual void draw_overlay(Painter&, const Theme&, const Rect& /*bounds*/) const {}

  Rect outer;
  std::string title;
  std::string short_title;             ///< where the title has no room; empty = it is cut
  Colour title_colour = 0;             ///< 0 = the text's
  double right_margin = kRightMargin;  ///< wider where labels are at the lines' ends
  bool title_opens_menu = false;
  bool title_hovered = false;
  std::vector<FigureControl> controls;
  std::string empty_text;  ///< shown in the middle when it is not empty
  std::string note;        ///< what the axes leave out; of figures of lines
  Axis x;
  std::string x_title;  ///< empty: the time axis is labelled elsewhere
  std::vector<Mark> marks;
  std::optional<double> crosshair;      ///< on the time axis
  std::string crosshair_text;           ///< its place in words: "step 1200"
  std::optional<double> second_cursor;  ///< the other one of two delta cursors
  bool pointer_inside = false;          ///< the pointer is over this figure's plot
  bool pointer_elsewhere = false;       ///< it is over another one's, where it moves the same crosshair
  Point pointer;

  Rect header() const;
  Rect plot() const;
  Rect title_area() const;
  Rect control_area(std::size_t index) const;
  double x_pixel(double value) const { return plot().x + x.to_unit(value) * plot().width; }
  /// How many marks of those before it stand where a mark does.
  std::size_t marks_above(std::size_t index) const;
  double x_value(double pixel) const { return x.from_unit((pixel - plot().x) / plot().width); }

 protected:
  void draw_header(Painter& painter, const Theme& theme) const;
  void draw_background(Painter& painter, const Theme& theme) const;
  void draw_time_axis(Painter& painter, const Theme& theme) const;
  void draw_border(Painter& painter, const Theme& theme) const;
  void draw_marks(Painter& painter, const Theme& theme) const;
  void draw_crosshair(Painter& painter, const Theme& theme) const;
  void draw_empty_text(Painter& painter, const Theme& theme) const;
  void draw_note(Painter& painter, const Theme& theme) const;
};

/// The middle of the pixel that holds a coordinate: hairlines drawn there are sharp.
double crisp(double coordinate);

/// One row of a value box.
struct ValueRow {
  std::string name;
  std::string value;
  Colour colour = 0;  ///< 0 = no swatch
  Dash dash = Dash::solid;
  bool strong = false;
};

/// A box with a heading and rows next to `at`, inside `bounds`; rows that don't fit are counted in a last
/// line.
void draw_value_box(Painter& painter, const Theme& theme, Point at, const Rect& bounds,
                    const std::string& heading, const std::vector<ValueRow>& rows);
/// A box of plain lines, the first one strong.
void draw_text_box(Painter& painter, const Theme& theme, Point at, const Rect& bounds,
                   const std::vector<std::string>& lines);

}  // namespace grapevine
