// Combinations of settings that can't work, each value being fine by itself: a part of
// Experiment::complaints() each. Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/experiment/experiment.h"

namespace grapevine {

using Complaints = std::vector<Experiment::Complaint>;

/// Does the setting mean something with the others as they are? (Setting::depends_on)
bool means_something(const Experiment& experiment, std::string_view key);

/// "calibration.when=epochs", as a sentence says it.
std::string given(const Experiment& experiment, std::string_view key);

/// Add sentences about their subject.
void complain_of_rule(const Experiment& experiment, Complaints& all);
void complain_of_training(const Experiment& experiment, Complaints& all);

/// 0 where the error has no class, that of a language model, or own files say how many there are.
std::int64_t classes_of(const Experiment& experiment);

}  // namespace grapevine
