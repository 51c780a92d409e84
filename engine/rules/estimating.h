// A direct rule that makes the forward-mode estimate Ĵ_l of the Jacobians at every step (learning-rules §3,
// steps 2 and 3); a rule adds what it does with it. Worker thread only.
#pragma once

#include "engine/feedback/estimate.h"
#include "engine/feedback/estimate_average.h"
#include "engine/rules/direct.h"

namespace grapevine {

class EstimatingRule : public DirectRule {
 public:
  EstimatingRule(const DirectSettings& direct, const EstimateSettings& estimate,
                 const AverageSettings& average = {})
      : DirectRule(direct), estimator_(estimate), average_(average) {}

  void attach(const Network& network, std::int64_t seed) override;
  const std::vector<at::Tensor>* jacobian_estimate() const override { return &estimate_; }
  const EstimateSettings* estimate_settings() const override { return &estimator_.settings(); }
  const std::vector<at::Tensor>* average_estimate() const override { return average_.means(); }
  void forget_average(int point) override { average_.restart(static_cast<std::size_t>(point - 1)); }
  void keep_traces(bool keep) override { estimator_.keep_traces(keep); }
  const std::vector<KeptTrace>* traces() const override { return &estimator_.kept(); }
  NamedTensors state() override;
  double multiply_adds(const NetworkCost& cost, double n) const override;

 protected:
  int companions() const override { return 1 + average_.companions(); }
  /// Draws, traces and averages: Ĵ_l = (1/NK) Σ żᵀ p_l, projected on the structure of B_l. Returns what the
  /// matrices are to follow: Ĵ_l, or its mean over the steps.
  const std::vector<at::Tensor>& estimate(Lesson& lesson, Draws& draws);

  JacobianEstimator estimator_;
  std::vector<at::Tensor> estimate_;  ///< values of Ĵ_l at [l−1]

 private:
  EstimateAverage average_;
};

}  // namespace grapevine
