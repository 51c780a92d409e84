// How much of the way from DFA to BP a rule has gone, where that can be said at all. Pure functions.
#pragma once

#include <string>
#include <vector>

#include "ui/scope/figures/stage_data.h"

namespace grapevine {

/// Fills gap and gap_closed of columns whose run shares all settings but the rule's and its learning rate
/// with a run of BP and one of DFA that are shown too.
void tell_gaps(const std::vector<StageRacer>& racers, std::vector<StageColumn>& columns);

/// Whether two accuracies on `tests` samples differ by more than two binomial standard deviations of their
/// difference: 2·√(p(1−p)·2/N).
bool accuracies_differ(double a, double b, std::int64_t tests);
/// That bound itself.
double accuracy_error(double a, double b, std::int64_t tests);

}  // namespace grapevine
