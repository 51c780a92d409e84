// What the figures over time have in common while they are built. The window's thread only.
#pragma once

#include <optional>
#include <vector>

#include "ui/scope/figure_entry.h"

namespace grapevine {

/// Another racer is emphasised.
bool is_faded(const ScopeModel& model, int racer);
/// Outline, title, time axis, cursors and pointer.
void fill_common(const ScopeModel& model, const ScopeLook& look, const FigurePlace& place, Figure& figure);
/// What happened to the visible runs, in order of time; of one racer alone where `only` is not −1.
std::vector<Mark> event_marks(const ScopeModel& model, const ScopeLook& look, int only = -1);
/// The sample nearest to a time, in data units; y NaN where there is none.
Point value_at(const ScopeModel& model, ScopeLook& look, const LineRequest& request,
               std::optional<double> time);

/// Of a measure of feedback matrices' alignment with a rule whose matrices should point against the Jacobian:
/// −1, so that well aligned is up and of one colour for all rules.
double rules_sign(const RunData& run, int measure);

/// The measure that all figures of layers show where the user chose none.
std::vector<int> pick_layer_measure(const ScopeModel& model);

}  // namespace grapevine
