// What is measured (learning-rules §6), on a fixed probe batch: how well a rule's feedback and signals agree
// with BP's. A measure is one header and one source in probes/measures and one line in measures.def; a probe
// prepares what the measures asked for need, each thing once. Worker thread only.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "engine/experiment/groups/probe_settings.h"
#include "engine/experiment/measure.h"
#include "engine/probes/probe_context.h"
#include "engine/rules/rule.h"

namespace grapevine {

/// Which measures: those that are asked for, or the registry's defaults where the output has so many classes.
/// What costs more than cos_b_j is not measured by default.
std::set<std::string> probe_measures(const ProbeSettings& settings, std::int64_t classes);
/// Those that can be taken before the first step: no step has made an estimate yet.
std::set<std::string> before_the_first_step(std::set<std::string> measures);
/// Does one of the measures need this?
bool any_needs(const std::set<std::string>& measures, Need need);

/// ‖W_after − W_before‖/‖W_before‖ of each segment's weights at [l−1], biases and norms left out; NaN where
/// they were all zero, and where a segment has none. Both are flat, as the layout has them.
std::vector<double> weights_moved(const Network& network, const at::Tensor& before, const at::Tensor& after);

/// The measures of one rule on one batch. The lesson holds the network after its forward pass on the probe
/// batch (its gradients are a scratch buffer); `bp_gradients` is a second scratch buffer.
class Probe {
 public:
  /// J̄ of more classes than exact_classes is seen through projections, unless it is asked for exactly.
  enum class Jacobian { affordable, exact };
  explicit Probe(std::set<std::string> measures, Jacobian jacobian = Jacobian::affordable)
      : measures_(std::move(measures)), exact_jacobian_(jacobian == Jacobian::exact) {}
  /// `past`: of the run that the probe is a part of; without it what needs one is not measured.
  void measure(Rule& rule, Lesson& lesson, const ParameterBuffer& bp_gradients, Measured& out,
               ProbePast* past = nullptr) const;

  /// Multiply-adds of one probe of n samples, the forward pass included.
  static double multiply_adds(const std::set<std::string>& measures, Rule& rule, const NetworkCost& cost,
                              double n);

 private:
  std::set<std::string> measures_;
  bool exact_jacobian_;
};

}  // namespace grapevine
