// Where everything stands in the scope at a given size. Pure functions.
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
  int hidden_chips = 0;  ///< racers for which the legend has no room
  Point hidden_note;
  std::vector<FigurePlace> figures;
  int without_room = 0;  ///< figures that are wanted and not shown
  std::vector<Splitter> splitters;
  Rect add_button;  ///< asks for one more figure; empty where there is no legend

  const FigurePlace* place_of(int figure) const;
};

ScopeLayout lay_out(const ScopeModel& model, Size size, const TextMeasure& measure);

/// A guess for when there are no metrics.
double guessed_text_width(std::string_view utf8);

}  // namespace grapevine
