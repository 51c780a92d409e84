// Colours: the light and the dark theme, the rules' hues and the map for cosines. Pure
// functions.
#pragma once

#include <string_view>

#include "ui/plot/geometry.h"

namespace grapevine {

struct Theme {
  bool dark = false;
  Colour window;  ///< of panels around the figures
  Colour plot;    ///< the ground that figures lie on
  Colour grid;
  Colour border;     ///< of the plot area
  Colour zero_line;  ///< stronger than the grid
  Colour text;
  Colour muted;    ///< tick labels, hints
  Colour control;  ///< buttons inside the figures
  Colour control_hover;
  Colour accent;     ///< what is switched on
  Colour on_accent;  ///< text on it
  Colour popup;      ///< value boxes
  Colour popup_border;
  Colour crosshair;
  Colour warning;
  Colour failure;
  Colour box;   ///< a segment of a network
  Colour dial;  ///< behind a needle
  Colour tick;  ///< marks that carry no words: too pale to be read
};

const Theme& light_theme();
const Theme& dark_theme();

/// Shades of one hue by which lines can be distinguished. With the four dashes, which change with every run
/// of a hue, twelve runs look different; what comes after them repeats the first ones' looks.
inline constexpr int kShades = 3;
inline constexpr int kLooks = 4 * kShades;

/// A rule's permanent colour, by the key of the rule that names its family; the text's colour for what is
/// unknown. Eight hues are what colour-blind eyes distinguish; `shade` > 0 is for later runs of one
/// hue.
Colour rule_colour(std::string_view family, int shade, const Theme& theme);
/// Depth 0 (input) to 1 (output) in a racer's colour: from a tint to the full hue.
Colour tint_of_depth(Colour hue, double depth, const Theme& theme);

/// The colour moved towards white or black until it stands out from the theme's plot area (contrast 3 at
/// least).
Colour legible(Colour colour, const Theme& theme);
/// `share` of `over` on `under`, opaque.
Colour mixed(Colour under, Colour over, double share);
/// WCAG's contrast ratio, 1 to 21.
double contrast(Colour a, Colour b);

/// −1 orange, 0 near the background, 1 blue; outside clamped.
Colour cosine_colour(double value, const Theme& theme);
/// 0 near the background to 1 strong, for measures that are not cosines.
Colour sequential_colour(double share, const Theme& theme);

}  // namespace grapevine
