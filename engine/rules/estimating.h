// A direct rule that makes the forward-mode estimate Ĵ_l of the Jacobians at every step (learning-rules §3,
// steps 2 and 3); a rule adds what it does with it. Worker thread only.
#pragma once

#include "engine/feedback/estimate.h"
#include "engine/rules/direct.h"

namespace grapevine {

class EstimatingRule : public DirectRule {
 public:
  EstimatingRule(const DirectSettings& direct, const EstimateSettings& estimate)
      : DirectRule(direct), estimator_(estimate) {}

  void attach(const Network& network, std::int64_t seed) override;
  const std::vector<at::Tensor>* jacobian_estimate() const override { return &estimate_; }
  void keep_traces(bool keep) override { estimator_.keep_traces(keep); }
  const std::vector<KeptTrace>* traces() const override { return &estimator_.kept(); }
  NamedTensors state() override;
  double multiply_adds(const NetworkCost& cost, double n) const override;

 protected:
  int companions() const override { return 1; }
  /// Draws, traces and averages: Ĵ_l = (1/NK) Σ żᵀ p_l, projected on the structure of B_l.
  void estimate(Lesson& lesson, Draws& draws);

  JacobianEstimator estimator_;
  std::vector<at::Tensor> estimate_;  ///< values of Ĵ_l at [l−1]
};

}  // namespace grapevine
