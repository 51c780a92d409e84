// Where everything is in the scope at a given size. Pure functions.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "ui/scope/scope_model.h"

namespace grapevine {

/// Width of a text in the small size; both canvases measure with Qt's metrics, so that a click finds what is
/// seen.
using TextMeasure = std::function<double(std::string_view)>;

struct FigurePlace {
  int figure = 0;
  Rect area;
  bool time_labels = true;
  int racer = -1;  ///< whose layers a panel shows; −1 = the whole figure
  bool scrolls = false;
};

struct LegendChip {
  int racer = 0;
  Rect area;
};

/// An edge that is dragged to make what lies on its sides larger and smaller.
struct Splitter {
  enum class Kind { heights, columns, stage };
  Kind kind = Kind::heights;
  Rect area;
  int above = -1, below = -1;  ///< figures; of heights
  Rect both;                   ///< what is shared between the two sides
};

struct ScopeLayout {
  Rect all;
  std::vector<LegendChip> chips;
  int hidden_chips = 0;  ///< racers that do not fit in the legend
  Point hidden_note;
  std::vector<FigurePlace> figures;
  std::vector<Splitter> splitters;
  Rect add_button;  ///< asks for one more figure; empty where there is no legend

  // Figures without room are further down, out of the viewport, and scroll (scope_scrolling.cpp).
  Rect viewport;                ///< what those that scroll are seen through
  bool legend_scrolls = false;  ///< the names scroll too
  double furthest = 0;          ///< 0 = all fit
  double scrolled = 0;          ///< so far up everything was moved already, up to the furthest
  Rect strip, track, thumb;     ///< names what is out of view; the bar. Empty where all fit

  const FigurePlace* place_of(int figure) const;
  /// Any of it is.
  bool in_view(const FigurePlace& place) const;
  /// Whether a point of the canvas is one of the figure's that is seen there.
  bool is_at(const FigurePlace& place, Point at) const;
  /// Figures whose titles are out of view, further down or further up.
  std::vector<int> further(bool down) const;
};

ScopeLayout lay_out(const ScopeModel& model, Size size, const TextMeasure& measure);

/// A guess for when there are no metrics.
double guessed_text_width(std::string_view utf8);

}  // namespace grapevine
