#include "engine/rules/estimating.h"

namespace grapevine {

void EstimatingRule::attach(const Network& network, std::int64_t seed) {
  DirectRule::attach(network, seed);
  estimator_.attach(network);
  for (const auto& b : feedback_) estimate_.push_back(at::zeros_like(b));
  average_.attach(estimate_);
}

const std::vector<at::Tensor>& EstimatingRule::estimate(Lesson& lesson, Draws& draws) {
  const double weight = 1.0 / static_cast<double>(lesson.e.size(0) * estimator_.settings().directions);
  std::vector<bool> begun(feedback_.size(), false);
  estimator_.run(lesson, draws, [&](const Trace& trace) {
    for (std::size_t i = 0; i < trace.points.size(); ++i) {
      const auto l = static_cast<std::size_t>(trace.points[i] - 1);
      const FeedbackStructure& form = structures_[l];
      at::addmm_out(estimate_[l], estimate_[l], form.classes_seen(trace.z_dot).t(),
                    form.features_seen(*trace.perturbations[i]), begun[l] ? 1 : 0, weight);
      begun[l] = true;
    }
  });
  return average_.take_in(estimate_);
}

NamedTensors EstimatingRule::state() {
  NamedTensors all = DirectRule::state();
  for (std::size_t l = 0; l < estimate_.size(); ++l)
    all.emplace_back("jacobian_estimate/" + std::to_string(l + 1), estimate_[l]);
  average_.add_state(all);
  return all;
}

double EstimatingRule::multiply_adds(const NetworkCost& cost, double n) const {
  return DirectRule::multiply_adds(cost, n) + estimator_.multiply_adds(cost, n) +
         n * static_cast<double>(estimator_.settings().directions) * products(cost);
}

}  // namespace grapevine
