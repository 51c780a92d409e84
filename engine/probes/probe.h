// What is measured (learning-rules §6), on a fixed probe batch: how well a rule's feedback and signals agree
// with BP's. Worker thread only.
#pragma once

#include <ATen/ATen.h>

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "engine/experiment/groups/probe_settings.h"
#include "engine/probes/jacobian.h"
#include "engine/rules/rule.h"

namespace grapevine {

/// measure key and point (from 1) to value.
using Measured = std::map<std::pair<std::string, int>, double>;

/// Which measures: those that are asked for, or the registry's defaults where the output has so many classes.
std::set<std::string> probe_measures(const ProbeSettings& settings, std::int64_t classes);

/// The measures of one rule on one batch. The lesson holds the network after its forward pass on the probe
/// batch (its gradients are a scratch buffer); `exact` is a second scratch buffer for BP's. A cosine with a
/// zero vector counts 0.
class Probe {
 public:
  /// J̄ of more classes than exact_classes is seen through projections, unless it is asked for exactly.
  enum class Jacobian { affordable, exact };
  explicit Probe(std::set<std::string> measures, Jacobian jacobian = Jacobian::affordable)
      : measures_(std::move(measures)), exact_jacobian_(jacobian == Jacobian::exact) {}
  void measure(Rule& rule, Lesson& lesson, const ParameterBuffer& exact, Measured& out);

  /// Multiply-adds of one probe of n samples, the forward pass included.
  static double multiply_adds(const std::set<std::string>& measures, Rule& rule, const NetworkCost& cost,
                              double n);

 private:
  bool wants(const char* key) const { return measures_.count(key) != 0; }
  void measure_feedback(Rule& rule, const JacobianView* jacobian, Measured& out) const;
  void measure_c_hat(const Rule& rule, const std::vector<at::Tensor>& b, Measured& out) const;
  void measure_angles(const at::Tensor& cosines, int point, Measured& out) const;
  void measure_angle(Rule& rule, const Network& network, Measured& out) const;
  bool wants_jacobian(Rule& rule) const;
  bool sweeps_all(Rule& rule) const;
  void measure_norms(Rule& rule, Lesson& lesson, const Signals& signals, Measured& out) const;

  std::set<std::string> measures_;
  bool exact_jacobian_;
};

/// √(2/(π n)) ‖J‖₂/‖J‖_F, eq. 4's lower bound of the expected cosine of a single Gaussian draw with J (C×n);
/// 0 for J = 0.
double eq4_bound(const at::Tensor& jacobian);
/// Lemma B.2: a b − √(1−a²) √(1−b²), with 1 − cos² clamped at 0.
double lemma_b2_bound(double b_jhat, double jhat_j);

/// ⟨a,b⟩/(‖a‖‖b‖) over all entries; 0 where one of them is zero.
double cosine(const at::Tensor& a, const at::Tensor& b);
/// Mean over columns of the columns' cosines.
double column_cosine(const at::Tensor& a, const at::Tensor& b);
/// The samples' cosines (rows of N×…), N; 0 where one of a pair is zero.
at::Tensor sample_cosines(const at::Tensor& a, const at::Tensor& b);
/// Their mean.
double sample_cosine(const at::Tensor& a, const at::Tensor& b);

}  // namespace grapevine
