// What stands ready when a measure is computed (probes/measures/<key>.cpp): what its entry says it needs, and
// nothing else. Worker thread only.
#pragma once

#include <ATen/ATen.h>

#include <map>
#include <memory>
#include <string>
#include <utility>

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

class ProbeContext {
 public:
  /// The lesson holds the network after its forward pass on the probe batch; its gradients are a scratch
  /// buffer.
  ProbeContext(Rule& rule_measured, Lesson& lesson_prepared, Measured& results)
      : rule(rule_measured), lesson(lesson_prepared), network(lesson_prepared.network), measured_(results) {}
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
  /// Of each sample: the cosine of its signal with BP's, N.
  at::Tensor signal_cosines(int point) const;
  const ParameterBuffer& bp_gradients() const;

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
};

}  // namespace grapevine
