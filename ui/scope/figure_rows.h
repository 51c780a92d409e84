// A figure's numbers: as rows, as CSV, as JSON. The window's thread only.
#pragma once

#include <QString>
#include <vector>

#include "ui/scope/figure_entry.h"

namespace grapevine {

/// All samples of what a figure shows, or those in view.
std::vector<FigureRow> figure_rows(const ScopeModel& model, int figure, bool only_visible);
/// Comma-separated with a head: run,measure,point,step,epoch,seconds,value; no value where it is not a
/// number.
QString figure_csv(const ScopeModel& model, int figure, bool only_visible);
/// An array of objects with the same names; null where a value is not a number.
QString figure_json(const ScopeModel& model, int figure, bool only_visible);

}  // namespace grapevine
