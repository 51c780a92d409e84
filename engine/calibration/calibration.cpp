#include "engine/calibration/calibration.h"

namespace grapevine {

Calibration::Calibration(const Experiment& experiment, const at::Tensor& values) {
  read(experiment);
  batch_size_ = experiment.integer("calibration.batch_size");
  OptimizerSettings sgd;
  sgd.name = "sgd";
  sgd.momentum = experiment.number("calibration.momentum");
  optimizer_ = make_optimizer(sgd, values);
}

void Calibration::read(const Experiment& experiment) {
  when_ = experiment.text("calibration.when");
  every_ = experiment.integer("calibration.every");
  lr_ = experiment.number("calibration.lr");
  clip_ = experiment.number("calibration.clip");
}

bool Calibration::set(std::string_view key, const Experiment& experiment) {
  if (key != "calibration.when" && key != "calibration.every" && key != "calibration.lr" &&
      key != "calibration.clip")
    return false;
  read(experiment);
  return true;
}

std::string Calibration::due(std::int64_t step, std::int64_t steps_per_epoch) const {
  if (step == 0) return "";
  const auto every = [&](const char* unit) {
    return every_ == 1 ? std::string("every ") + unit : "every " + std::to_string(every_) + " " + unit + "s";
  };
  if (when_ == "steps" && step % every_ == 0) return every("step");
  if (when_ == "epochs" && step % (every_ * steps_per_epoch) == 0) return every("epoch");
  return "";
}

double Calibration::apply(Lesson& lesson, at::Tensor& values) {
  Signals signals;
  backpropagate(lesson, signals, true);
  at::Tensor gradients = lesson.gradients.flat();
  const double norm = at::linalg_vector_norm(gradients).item<double>();
  clip_gradients(gradients, clip_);
  optimizer_->step(values, gradients, lr_);
  ++count;
  return norm;
}

NamedTensors Calibration::state() {
  NamedTensors all;
  for (auto& [name, tensor] : optimizer_->state()) all.emplace_back("calibration/" + name, tensor);
  return all;
}

}  // namespace grapevine
