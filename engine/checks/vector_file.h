// Worked examples of one training step (format 1): read and checked, as plain data. Any thread may call.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/experiment/experiment.h"
#include "engine/experiment/layer_spec.h"
#include "engine/session/checkpoint.h"

namespace grapevine {

using ArrayMap = std::map<std::string, Array>;

struct WorkedStep {
  std::string name, note;
  NetworkSpec network;
  ArrayMap parameters;
  std::string rule;
  std::map<std::string, double> rule_numbers;  ///< that rule's settings by name
  std::map<std::string, std::string> rule_words;
  ArrayMap feedback, feedback_momentum;               ///< state, by point
  ArrayMap jacobian_average, jacobian_average_count;  ///< state, by point
  ArrayMap transport, magnitude;                      ///< state, by layer
  ArrayMap projection;                                ///< state: one entry "projection"
  ArrayMap projection_factor;                         ///< state, by segment
  std::vector<ArrayMap> perturbation;                 ///< draws: a map a direction, by point
  ArrayMap parameter_direction, drawn_magnitude;      ///< draws
  Array x;
  std::vector<std::int64_t> y;
  double loss = 0;
  Array logits;
  /// Expected tensors: "signals", "gradients", "jacobian_estimate", "feedback", "feedback_momentum",
  /// "feedback_gradient", "jacobian_average", "transport", "projection_factor"; each by point, parameter,
  /// layer or segment. And "projection", of one entry, "".
  std::map<std::string, ArrayMap> expected;
  /// Expected measures: key, then point.
  std::map<std::string, std::map<std::string, double>> measures;
  double tolerance = 0;
};

/// Throws InputError naming the file and the place in it: no JSON, a higher format, a missing field, a tensor
/// whose data do not match its shape, values that are not numbers.
WorkedStep read_worked_step(const std::string& file, const std::string& text);

}  // namespace grapevine
