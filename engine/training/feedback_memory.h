// What the feedback matrices of an experiment take of the machine's memory, and the refusal to start with
// more than feedback_memory's share of it. Arithmetic; nothing is allocated. Any thread may call.
#pragma once

#include <string>
#include <vector>

#include "engine/experiment/experiment.h"
#include "engine/models/model.h"

namespace grapevine {

/// Bytes, in float32.
struct FeedbackBytes {
  double matrices = 0;  ///< of all feedback points
  double with_all = 0;  ///< and the momenta, estimates and gradients next to them
};
FeedbackBytes feedback_bytes(const Experiment& experiment, const DataShape& shape);
/// On data_shape(experiment).
FeedbackBytes feedback_bytes(const Experiment& experiment);

/// "1.2 MB", decimal.
std::string size_text(double bytes);

/// "feedback matrices: dfa 1.2 MB, grape 1.2 MB (3.6 MB with what learns them)" for people, of many racers
/// their sum; "" where no rule has any.
std::string feedback_note(const std::vector<Experiment>& racers, const DataShape& shape);

/// Throws InputError where the racers' feedback together takes more than feedback_memory's share of `memory`
/// bytes (0 = unknown: nothing is refused), naming what each rule.structure would take. `device` is cpu,
/// cuda:0 …
void check_feedback_memory(const std::vector<Experiment>& racers, const DataShape& shape,
                           const std::string& device, double memory);

}  // namespace grapevine
