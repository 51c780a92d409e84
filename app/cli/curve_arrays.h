// Runs' curves as arrays for NumPy. Pure; any thread.
#pragma once

#include <string>
#include <vector>

#include "engine/runs/run_data.h"

namespace grapevine::cli {

/// An npz: per measure and point an array of float64, a row per measurement with the columns step, epoch,
/// seconds, value; "cos_b_j[2]" at point 2, of several runs "12/cos_b_j[2]". `metadata` are the bytes of a
/// JSON object: the columns, and each run's number, uuid, name, rule and experiment.
std::string curves_npz(const std::vector<RunData>& runs);

}  // namespace grapevine::cli
