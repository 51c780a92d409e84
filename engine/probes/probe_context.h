// What is ready when a measure is computed (probes/measures/<key>.cpp): what its entry says it needs, and
// nothing else. Worker thread only.
#pragma once

#include <ATen/ATen.h>

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/nn/network.h"
#include "engine/probes/cosines.h"
#include "engine/probes/jacobian.h"
#include "engine/rules/rule.h"

namespace grapevine {

/// measure key and point (from 1) to value.
using Measured = std::map<std::pair<std::string, int>, double>;

/// Points are numbered from 1, vectors from 0.
inline std::size_t point_index(int point) {
  return static_cast<std::size_t>(point - 1);
}

/// What a run's probes know besides the network's present state.
struct ProbePast {
  std::int64_t step = 0;  ///< at which the probe is taken
  /// ‖ΔW_l‖/‖W_l‖ of the optimizer's last step at [l−1]; empty before the first.
  std::vector<double> moved;
  /// What probes leave for later ones, "zoutendijk/sum": saved with the run.
  std::map<std::string, double> numbers;
};

class ProbeContext {
 public:
  /// The lesson holds the network after its forward pass on the probe batch; its gradients are a scratch
  /// buffer.
  ProbeContext(Rule& rule_measured, Lesson& lesson_prepared, Measured& results, ProbePast* past_of_run)
      : rule(rule_measured),
        lesson(lesson_prepared),
        network(lesson_prepared.network),
        measured_(results),
        past_(past_of_run) {}
  ProbeContext(const ProbeContext&) = delete;
  ProbeContext& operator=(const ProbeContext&) = delete;

  // What measures ask for. Each throws std::logic_error where it was not prepared.
  /// B_l and the step's Ĵ_l as dense matrices, C×n_l.
  at::Tensor feedback(int point) const;
  at::Tensor estimate(int point) const;
  /// The mean of the estimates, as large.
  at::Tensor average(int point) const;
  const JacobianView& jacobian() const;
  /// The rule's own at [l−1], and BP's; the rule's are empty where it has none.
  const Signals& own_signals() const;
  const Signals& bp_signals() const;
  /// Their rows at a point, N×n_l.
  at::Tensor own_signal(int point) const { return network.rows(point, own_signals()[point_index(point)]); }
  at::Tensor bp_signal(int point) const { return network.rows(point, bp_signals()[point_index(point)]); }
  /// Of each sample: the cosine of its signal with BP's, N.
  at::Tensor signal_cosines(int point) const;
  const ParameterBuffer& bp_gradients() const;
  /// d and g: the rule's gradient and BP's over all parameters of the segments 1 … `last`, as vectors. A
  /// language model's decoder, which learns by its true gradient, is not part of them.
  std::pair<at::Tensor, at::Tensor> gradients_to(int last) const;
  ProbePast& past() const;

  int points() const { return network.points(); }
  void note(const std::string& key, int point, double value) { measured_[{key, point}] = value; }
  /// And its error, where J̄ is only estimated.
  void note(const std::string& key, int point, const Estimate& found);

  // What the probe prepares, in this order: a later one may overwrite the tape's buffers.
  /// J̄_l by projections (exactly where there are 0).
  void see_jacobian(std::int64_t projections);
  /// Fills lesson.gradients with the rule's; false where it has no signals.
  bool rehearse();
  /// BP's signals, and in `gradients` its gradients where they are wanted.
  void see_bp(const ParameterBuffer& gradients, bool with_gradients);

  Rule& rule;
  Lesson& lesson;
  Network& network;

 private:
  Measured& measured_;
  std::unique_ptr<JacobianView> jacobian_;
  std::unique_ptr<Signals> signals_, bp_signals_;
  const ParameterBuffer* bp_gradients_ = nullptr;
  ProbePast* past_;
};

}  // namespace grapevine
