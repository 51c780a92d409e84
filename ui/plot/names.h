// Names of runs and racers where there is little room: what distinguishes them is at their end. Pure
// functions.
#pragma once

#include <string>
#include <string_view>

#include "ui/plot/painter.h"

namespace grapevine {

/// "GrAPE (align_rate=0.01)" as "GrAPE (0.01)".
std::string without_keys(std::string_view name);

/// Of "DFA · lr 0.01" the value alone where the key has no room, of "DFA · seed 2" never.
/// "GrAPE (align_rate=0.01)" whole, else "GrAPE (0.01)", "GrAPE 0.01", "Gr… 0.01": the setting, by which
/// racers of one rule differ, goes last; of settings that have no room by themselves the end goes.
std::string short_name(Painter& painter, std::string_view utf8, TextSize size, double width);

}  // namespace grapevine
