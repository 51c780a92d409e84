// A learning rule: given a network that has just run forward and the error e at its output, fill the
// gradients. One rule = one header (what it is, for forms and help: plain C++) + one source (what it does) +
// one line in rules.def. Worker thread only.
#pragma once

#include <ATen/ATen.h>

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/experiment/bound_settings.h"
#include "engine/experiment/lesion.h"
#include "engine/feedback/estimate_settings.h"
#include "engine/feedback/lesson.h"
#include "engine/feedback/structure.h"
#include "engine/random/draws.h"
#include "engine/rules/step_phase.h"

namespace grapevine {

class Rule {
 public:
  virtual ~Rule() = default;

  /// Makes the rule's own matrices for this network; called once.
  virtual void attach(const Network& network, std::int64_t seed) = 0;
  /// One step: adapts the rule's own state, then fills lesson.gradients (and keeps the signals for
  /// signals_of_step()).
  virtual void learn(Lesson& lesson, Draws& draws) = 0;
  /// Called after the optimizer has moved the weights.
  virtual void after_update(Lesson& /*lesson*/, Draws& /*draws*/) {}

  /// What learn() would give the optimizer for this lesson with the state as it is; nothing of the state
  /// changes. Returns false when the rule has no signals (the vector is left alone then); gradients are
  /// filled either way.
  virtual bool rehearse(Lesson& lesson, Signals& signals) = 0;
  /// The signals of the last learn(); empty when the rule has none.
  const Signals& signals_of_step() const { return step_signals_; }

  /// The values of B_l at [l−1], or nullptr: C×n_l where it is dense; structure() says what they mean, and
  /// takes every product with them.
  virtual std::vector<at::Tensor>* feedback() { return nullptr; }
  virtual const FeedbackStructure& structure(std::size_t point_index) const;
  /// Ĵ_l of the last learn(), projected on B_l's structure, as values of it; or nullptr.
  virtual const std::vector<at::Tensor>* jacobian_estimate() const { return nullptr; }

  /// How that estimate is made; nullptr for rules without.
  virtual const EstimateSettings* estimate_settings() const { return nullptr; }

  /// The mean of the estimates, where that replaces Ĵ; values as above; or nullptr.
  virtual const std::vector<at::Tensor>* average_estimate() const { return nullptr; }
  /// The weights or B_l were moved by something else (a calibration): what was averaged at this point (from
  /// 1) belongs to another Jacobian.
  virtual void forget_average(int /*point*/) {}

  /// Whether the next steps keep their traces (c_hat needs them); false frees the present ones.
  virtual void keep_traces(bool /*keep*/) {}
  virtual const std::vector<KeptTrace>* traces() const { return nullptr; }

  /// What B_l multiplies (e, or drtp's targets), N×C; for direct rules.
  virtual at::Tensor carrier(Lesson& lesson) { return lesson.e; }
  /// +1, or −1 where a well-aligned B points against J̄ (drtp).
  virtual double alignment_sign() const { return 1; }
  /// Lets a calibration change the matrices, and makes them and their state consistent again.
  virtual void refit(const std::function<void(std::vector<at::Tensor>&)>& change) {
    if (feedback()) change(*feedback());
  }
  /// Weights that carry errors back in W's place, by weight slot (undefined where W itself does); nullptr for
  /// rules without.
  virtual const std::vector<at::Tensor>* transport() { return nullptr; }
  /// Decay of the weights that belongs to the rule itself, in addition to optimizer.weight_decay.
  virtual double weight_decay() const { return 0; }

  /// What a step does, in order.
  virtual std::vector<StepPhase> phases() const;

  /// Multiply-adds of one step for a batch of n, everything but the optimizer.
  virtual double multiply_adds(const NetworkCost& cost, double n) const = 0;
  /// Multiply-adds of a sample that must follow one another when every layer has a device of its own.
  struct CriticalPath {
    double forward = 0;  ///< forward, with a tangent next to it where the rule needs one
    double back = 0;     ///< from e to the last gradient
  };
  /// Of rules that go back layer by layer: an input gradient through each, then the first one's weights.
  virtual CriticalPath critical_path(const NetworkCost& cost) const;
  /// Numbers held in feedback matrices alone, and in all tensors of the same size next to them (momenta,
  /// estimates).
  struct FeedbackMemory {
    double matrices = 0, with_all = 0;
  };
  virtual FeedbackMemory feedback_memory(const NetworkCost& /*cost*/) const { return {}; }

  /// Everything that a checkpoint must hold; loading copies into these tensors.
  virtual NamedTensors state() { return {}; }

  /// The settings that the rule works by, as they are now.
  virtual void bind(Binder& /*to*/) {}
  /// Changes a setting (its key without "rule.") while the rule is in use. Returns false where it has none
  /// of that name, or not a live one.
  bool set(std::string_view key, const Value& value);

  // Interventions (experiment/lesion.h says what a rule allows). A layer is a feedback point, or where errors
  // go back through transports a segment; both are numbered from 1.
  /// The layers whose feedback is the rule's own, in order; empty for rules without.
  virtual std::vector<int> feedback_layers() const { return {}; }
  struct LesionSite {
    const Network& network;
    int layer;
    RandomKey key;        ///< for all that it draws
    at::Tensor jacobian;  ///< J̄_l, C×n_l, for a direct rule where the lesion takes it
  };
  /// Changes that layer's feedback, and makes its state consistent again. What the rule's entry refuses is
  /// never asked for.
  virtual void lesion(const Lesion& lesion, const LesionSite& site);
  /// From now on the feedback of a layer takes no update, or takes them again. Estimates continue.
  virtual void freeze(int layer, bool frozen);
  bool is_frozen(int layer) const { return frozen_.contains(layer); }
  const std::set<int>& frozen() const { return frozen_; }

 protected:
  Signals step_signals_;

 private:
  std::set<int> frozen_;
};

/// A rule with settings of its own, which the steps read directly: a live change takes effect at the next
/// one. `Base` gets those of its parts that it needs and that never change.
template <class Settings, class Base = Rule>
class RuleWith : public Base {
 public:
  template <class... Parts>
  explicit RuleWith(const Settings& settings, const Parts&... parts) : Base(parts...), settings_(settings) {}
  void bind(Binder& to) final { settings_.bind(to); }

 protected:
  Settings settings_;
};

/// The rule that an experiment names, with its settings. Throws InputError for an unknown one.
std::unique_ptr<Rule> make_rule(const Experiment& experiment);

/// Each segment's own adjoint from its own signal (the last from e), which fills the gradients: nothing
/// crosses a feedback point.
void local_adjoints(Lesson& lesson, const Signals& signals);

/// BP's δ_l by exact adjoints from e down. With `fill_gradients` also the gradients. `transport` as in
/// AdjointRequest.
void backpropagate(Lesson& lesson, Signals& signals, bool fill_gradients,
                   const std::vector<at::Tensor>* transport = nullptr);

}  // namespace grapevine
