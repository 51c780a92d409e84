// What tests of interventions share: a session with stored commands, its numbers and its checkpoints.
#pragma once

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "engine/nn/arrays.h"
#include "engine/training/race.h"
#include "engine/weights/parameter_file.h"
#include "tests/training/small_run.h"

namespace grapevine {

inline at::Tensor of(const Checkpoint& checkpoint, const std::string& name, at::IntArrayRef shape) {
  at::Tensor tensor = at::empty(shape, at::TensorOptions().dtype(at::kFloat));
  from_array(checkpoint.arrays.at(name), name, tensor);
  return tensor;
}

inline constexpr std::int64_t where = 5;  // the step of the lesion

/// A race of one that has come to step `where`.
inline std::unique_ptr<Race> race_at(const Experiment& experiment) {
  auto race = std::make_unique<Race>(std::vector<Experiment>{experiment});
  race->prepare();
  Report report;
  race->begin(report);
  while (race->step_count() < where) race->step(report);
  return race;
}

}  // namespace grapevine
