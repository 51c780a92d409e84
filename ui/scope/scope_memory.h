// How the figures are laid out, as text: kept from one start to the next, and under names. Pure functions on
// the model; the window's thread.
#pragma once

#include <string>
#include <string_view>

#include "ui/scope/scope_model.h"

namespace grapevine {

/// Whether a layout says which stretch of time is in view: of the same runs yes, of any runs no.
enum class WithTime { no, yes };

/// JSON: the view, the figures with their measures, heights and switches, axis and smoothing.
std::string scope_layout(const ScopeModel& model, WithTime time);
/// Takes over what it understands; what another version wrote otherwise stays as it is. False: it was none.
bool apply_scope_layout(ScopeModel& model, std::string_view text);

}  // namespace grapevine
