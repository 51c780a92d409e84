// Names of runs and racers where there is little room: what tells them apart is at their end. Pure functions.
#pragma once

#include <string>
#include <string_view>

#include "ui/plot/painter.h"

namespace grapevine {

/// "GrAPE (align_rate=0.01)" whole, else without the settings' keys ("GrAPE (0.01)"), else with its middle
/// left out, so that neither beginning nor end is lost.
std::string short_name(Painter& painter, std::string_view utf8, TextSize size, double width);

}  // namespace grapevine
