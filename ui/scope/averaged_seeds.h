// What the scope shows with its seeds averaged: runs that differ in nothing but the seed as one group. The
// window's thread only.
#pragma once

#include "engine/runs/aggregate.h"
#include "ui/scope/scope_model.h"

namespace grapevine {

/// Are there visible runs of several seeds that differ in nothing else?
bool has_several_seeds(const ScopeModel& model);

/// The visible runs, those of several seeds as groups; all that the user chose for the figures stays.
ScopeModel with_averaged_seeds(const ScopeModel& model, Band band);

}  // namespace grapevine
