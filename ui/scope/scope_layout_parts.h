// What the layouts of the scope's views share; private to ui/scope. Pure functions.
#pragma once

#include <vector>

#include "ui/scope/scope_layout.h"

namespace grapevine::layout_parts {

constexpr double kMargin = 6;
constexpr double kChipHeight = 22;
constexpr double kLegend = kChipHeight + kMargin + 4;  ///< of one row of names
constexpr double kLeastPanel = 190;                    ///< width of one of several panels
constexpr double kGrip = 6;                            ///< of an edge that can be dragged

/// From `top` down; returns where the rest begins.
double lay_out_legend(const ScopeModel& model, double top, double width, const TextMeasure& measure,
                      ScopeLayout& layout);
/// Of a figure that is one panel per racer; otherwise none.
std::vector<int> panels_of(const ScopeModel& model, int figure);
/// Panels only where that leaves each a width to be read; else the figure is one.
void place_figure(const ScopeModel& model, const FigurePlace& place, ScopeLayout& layout);
/// Which figure goes where there is no room for all; the end where none does.
std::vector<int>::iterator next_to_leave(const ScopeModel& model, std::vector<int>& figures);
/// Height of one where there is enough room, of a viewport so high.
double free_height(const ScopeModel& model, int figure, double viewport);

// scope_layout_stage.cpp
void lay_out_with_stage(const ScopeModel& model, Size size, const TextMeasure& measure, ScopeLayout& layout);
void lay_out_lecture(const ScopeModel& model, Size size, ScopeLayout& layout);

// scope_scrolling.cpp
/// Of a viewport whose figures have no room, the part that is left next to the strip that names them.
Rect above_strip(const Rect& viewport);
/// Everything in the viewport as far up as the user moved it, down to `bottom`, where the last figure ends.
void scroll(const ScopeModel& model, const Rect& viewport, double bottom, ScopeLayout& layout);

}  // namespace grapevine::layout_parts
