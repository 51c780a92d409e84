// A step that was made and is undone, written out phase by phase: what the rule says it does, with the
// numbers of one layer, sample and unit and the arithmetic behind them. Worker thread only.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/inspection/arithmetic.h"
#include "engine/inspection/number_trail.h"
#include "engine/inspection/plain_segment.h"
#include "engine/rules/rule.h"
#include "engine/session/rehearsal.h"

namespace grapevine {

/// What a step left, of a network that has its old weights again.
struct StepRecord {
  Rule& rule;
  Lesson lesson;  ///< after the forward pass; its gradients are those that the optimizer got
  std::int64_t step = 0;
  NamedTensors before = {}, after = {};  ///< the rule's state
  std::vector<KeptTrace> traces = {};    ///< of the tangents, where there were any
  Signals signals = {};                  ///< empty where the rule has none
  at::Tensor moved = {};                 ///< all weights after the step, flat
  double loss = 0, rate = 0;
  std::vector<double> rate_scales = {};  ///< factors on the rate, one per segment; empty = none
  std::string optimizer = {};            ///< "Adam"; "" = each weight moves by −rate times its gradient

  double rate_of(int segment) const {
    const auto place = static_cast<std::size_t>(segment - 1);
    return place < rate_scales.size() ? rate * rate_scales[place] : rate;
  }
};

class StepWriter {
 public:
  /// Takes the request as far as there is something: sample and unit within their bounds.
  StepWriter(StepRecord& record, const RehearsalRequest& request);
  Rehearsal write();

 private:
  using Sample = std::optional<std::int64_t>;

  // step_rehearsal.cpp
  RehearsedPhase begin(const StepPhase& phase) const;
  void forward(RehearsedPhase& out);
  void gradient(RehearsedPhase& out);
  void update(RehearsedPhase& out);
  void forward_unit(RehearsedPhase& out, int l, std::int64_t n, std::int64_t k);
  void gradient_unit(RehearsedPhase& out, int l, std::int64_t k, const std::vector<std::int64_t>& inputs);
  void update_unit(RehearsedPhase& out, int l, std::int64_t k, const std::vector<std::int64_t>& inputs);
  // feedback_phases.cpp
  void tangent(RehearsedPhase& out);
  void estimate(RehearsedPhase& out);
  void cosine_step(RehearsedPhase& out, const StepPhase& phase);
  void residual_step(RehearsedPhase& out, const StepPhase& phase);
  void cosine_column(RehearsedPhase& out, const StepPhase& phase, int l, std::int64_t k,
                     const std::vector<std::int64_t>& classes);
  void residual_column(RehearsedPhase& out, const StepPhase& phase, int l, std::int64_t k,
                       const std::vector<std::int64_t>& classes);
  void sequential_signal(RehearsedPhase& out, const std::vector<at::Tensor>* transport);
  void direct_signal(RehearsedPhase& out);
  void own_signal(RehearsedPhase& out);
  void second_pass(RehearsedPhase& out);
  void contrast(RehearsedPhase& out);

  // What is written of: one, or in a whole network all.
  std::vector<int> points() const;    ///< feedback points
  std::vector<int> segments() const;  ///< and the last segment where all are
  std::vector<std::int64_t> samples() const;
  std::vector<std::int64_t> units(int l) const;
  std::vector<std::int64_t> classes() const;
  std::vector<std::int64_t> inputs(int l) const;
  Sample named(std::int64_t n) const { return count_ > 1 && whole_ ? Sample(n) : Sample(); }

  const std::optional<PlainSegment>& plain(int l);
  /// Of the unit and sample asked for, through a segment that is not plain.
  const NumberTrail& trail(int l);
  /// "W₂₀[4, 3, 0, 2]": the weight of the trail's largest product.
  std::string trail_weight(int l);
  at::Tensor output(int l) const;  ///< h_l as rows, N×n_l, on the host
  at::Tensor state(const NamedTensors& of, const std::string& name) const;
  /// B_l dense, before or after the step.
  at::Tensor feedback(const NamedTensors& of, int l) const;
  bool is_dense(int l) const;
  at::Tensor perturbation(int l, at::Tensor* z_dot = nullptr) const;
  at::Tensor error() const;
  at::Tensor signal(int l) const;  ///< e above the last; undefined where there is none
  void note(RehearsedPhase& out, const std::string& name, const std::string& arithmetic, double value) const;

  StepRecord& record_;
  Network& network_;
  RehearsalRequest request_;
  bool small_ = false, whole_ = false;
  std::int64_t count_ = 0;
  std::map<int, std::optional<PlainSegment>> plain_;
  std::map<int, NumberTrail> trails_;
  at::Tensor second_input_;
  NetworkTape second_;
};

/// A constant of a phase.
double constant_of(const StepPhase& phase, const std::string& sign);

}  // namespace grapevine
