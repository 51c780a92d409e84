// The tool bar's signs, drawn in the theme's colours at any pixel ratio. The window's thread only.
#pragma once

#include <QIcon>

class QPalette;

namespace grapevine {

enum class Glyph { play, pause, step, steps, stop, reset, calibrate, follow, fit, moon, sun };

QIcon glyph_icon(Glyph glyph, const QPalette& palette);

}  // namespace grapevine
