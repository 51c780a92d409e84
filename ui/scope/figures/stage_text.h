// Words of the stage that find the room they have; private to the stage. The thread that draws.
#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include "ui/plot/painter.h"

namespace grapevine {

/// Draws a text and says how wide it was.
double say(Painter& painter, Point at, const std::string& text, const TextStyle& style);
/// The largest of some faces in which a text fits; the last where it fits in none.
TextSize fitting(Painter& painter, const std::string& text, double room,
                 std::initializer_list<TextSize> faces);
/// One line, or two that are broken between words; what fits in neither is cut.
std::vector<std::string> wrapped(Painter& painter, const std::string& text, TextSize size, double room);

}  // namespace grapevine
