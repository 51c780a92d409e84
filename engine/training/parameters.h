// A stored state as parameters for other programs, and parameters of other programs as a network's start.
// Worker thread, or a program without one.
#pragma once

#include <string>

#include "engine/experiment/experiment.h"
#include "engine/nn/network.h"
#include "engine/session/checkpoint.h"
#include "engine/weights/parameter_file.h"

namespace grapevine {

// Numbers of a checkpoint, "name/0" and on, that say what the network was fed: what was subtracted from the
// inputs and what they were divided by, a sample's shape; and the classes, one number. Version 0.1.0's have
// none of them.
inline constexpr const char* mean_numbers = "normalisation/mean";
inline constexpr const char* deviation_numbers = "normalisation/deviation";
inline constexpr const char* shape_numbers = "data/shape";
inline constexpr const char* classes_number = "data/classes";

/// The network's parameters and running statistics, the rule's matrices B_l as dense C×n_l (feedback.<l>),
/// and what rebuilds it: the list of layers, the input's shape and what was subtracted from it. Throws
/// InputError where the state does not fit the experiment.
ParameterFile parameters_of(const Experiment& experiment, const Checkpoint& state);

/// Fills the network's parameters and running statistics from arrays of those names; of other runs' matrices
/// nothing is taken. Returns the file's SHA-256. Throws InputError with the whole mapping where a name or a
/// shape does not fit.
std::string start_from(const std::string& path, Network& network);

}  // namespace grapevine
