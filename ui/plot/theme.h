// Colours: the light and the dark theme, the ramp for depth and the map for cosines. Pure
// functions.
#pragma once

#include "ui/plot/geometry.h"

namespace grapevine {

struct Theme {
  bool dark = false;
  Colour window;  ///< around the figures
  Colour plot;    ///< behind the lines
  Colour grid;
  Colour border;     ///< of the plot area
  Colour zero_line;  ///< stronger than the grid
  Colour text;
  Colour muted;    ///< tick labels, hints
  Colour control;  ///< buttons inside the figures
  Colour control_hover;
  Colour accent;     ///< what is switched on
  Colour on_accent;  ///< text upon it
  Colour popup;      ///< value boxes
  Colour popup_border;
  Colour crosshair;
  Colour warning;
  Colour failure;
};

const Theme& light_theme();
const Theme& dark_theme();

/// The colour moved towards white or black until it stands out from the theme's plot area (contrast 3 at
/// least).
Colour legible(Colour colour, const Theme& theme);
/// `share` of `over` on `under`, opaque.
Colour mixed(Colour under, Colour over, double share);
/// WCAG's contrast ratio, 1 to 21.
double contrast(Colour a, Colour b);

/// Depth 0 (input) to 1 (output): an even sequence of lightness, without the end that the background
/// swallows.
Colour depth_colour(double depth, const Theme& theme);
/// −1 orange, 0 near the background, 1 blue; outside clamped.
Colour cosine_colour(double value, const Theme& theme);
/// 0 near the background to 1 strong, for measures that are no cosines.
Colour sequential_colour(double share, const Theme& theme);

}  // namespace grapevine
