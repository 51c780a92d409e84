// How the window looks: the Fusion style with two palettes of our own. The window's thread only.
#pragma once

#include <QColor>
#include <QIcon>
#include <QPalette>

#include "ui/plot/theme.h"

class QApplication;

namespace grapevine {

QPalette theme_palette(bool dark);
/// Sets style, palette and the few rules that a palette can't express.
void apply_theme(QApplication& app, bool dark);
/// Whether the palette the desktop gave us is a dark one.
bool is_dark(const QPalette& palette);
/// The figures' theme that goes with a palette.
const Theme& theme_of(const QPalette& palette);
/// A square of a run's colour, for tables.
QIcon swatch(Colour colour);

/// Colours that have a meaning, readable (contrast 4.5 and more) on the theme's window colour.
enum class Tone { problem, warning, good, quiet };
QColor tone_colour(Tone tone, bool dark);

}  // namespace grapevine
