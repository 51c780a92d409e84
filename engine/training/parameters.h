// A stored state as parameters for other programs, and parameters of other programs as a network's start.
// Worker thread, or a program without one.
#pragma once

#include <string>

#include "engine/experiment/experiment.h"
#include "engine/nn/network.h"
#include "engine/session/checkpoint.h"
#include "engine/weights/parameter_file.h"

namespace grapevine {

/// The network's parameters and running statistics, the rule's matrices B_l as dense C×n_l (feedback.<l>),
/// and what rebuilds it: the list of layers, the input's shape and what was taken off it. Throws InputError
/// where the state does not fit the experiment.
ParameterFile parameters_of(const Experiment& experiment, const Checkpoint& state);

/// Fills the network's parameters and running statistics from arrays of those names; of other runs' matrices
/// nothing is taken. Throws InputError with the whole mapping where a name or a shape does not fit.
void start_from(const std::string& path, Network& network);

}  // namespace grapevine
