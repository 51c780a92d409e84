// What the direct rules share: δ_l = (a carrier of the error, N×C) · B_l, then each segment's own adjoint.
// B_l has the structure of rule.structure. A rule adds how B_l moves (align), or what carries the error. At
// the points of rule.exact_points δ_l is BP's instead; B_l moves there as elsewhere.
// Worker thread only.
#pragma once

#include "engine/feedback/matrices.h"
#include "engine/rules/direct_settings.h"
#include "engine/rules/rule.h"

namespace grapevine {

class DirectRule : public Rule {
 public:
  explicit DirectRule(const DirectSettings& settings) : direct_(settings) {}

  void attach(const Network& network, std::int64_t seed) override;
  void learn(Lesson& lesson, Draws& draws) override;
  bool rehearse(Lesson& lesson, Signals& signals) override;
  std::vector<at::Tensor>* feedback() override { return &feedback_; }
  const FeedbackStructure& structure(std::size_t point_index) const override {
    return structures_[point_index];
  }
  std::vector<int> feedback_layers() const override;
  void lesion(const Lesion& lesion, const LesionSite& site) override;
  NamedTensors state() override;
  std::vector<StepPhase> phases() const override;
  double multiply_adds(const NetworkCost& cost, double n) const override;
  CriticalPath critical_path(const NetworkCost& cost) const override;
  FeedbackMemory feedback_memory(const NetworkCost& cost) const override;

 protected:
  /// Multiply-adds per sample of one product of every B_l (with e, p, or ż and p).
  double products(const NetworkCost& cost) const;
  /// How many tensors as large as its values a matrix has next to them.
  virtual int companions() const { return 0; }
  /// After a lesion of B_l, at [l−1], which had the norm `old_norm`: the rule's own norm, and without
  /// the momentum of the old B_l.
  virtual void put_in_order(std::size_t /*l*/, const Lesion& /*lesion*/, const at::Tensor& /*old_norm*/) {}
  bool is_frozen_at(std::size_t l) const { return is_frozen(static_cast<int>(l) + 1); }
  /// `usual`, or what to say in its place where some points take exact signals.
  StepPhase signal_phase(StepPhase usual) const;
  /// How the matrices move before the signal takes them; none for plain DFA.
  virtual std::vector<StepPhase> align_phases() const { return {}; }
  /// Moves the matrices; nothing for plain DFA.
  virtual void align(Lesson& /*lesson*/, Draws& /*draws*/) {}

  std::vector<at::Tensor> feedback_;  ///< values of B_l at [l−1]
  std::vector<FeedbackStructure> structures_;

 private:
  /// Of one user: e B_l as rows, where a fork carries more, the state round them, and BP's δ_l.
  struct Buffers {
    std::vector<at::Tensor> rows, states, exact;
  };
  void fill_signals(Lesson& lesson, Signals& signals, Buffers& buffers);
  void take_exact_signals(Lesson& lesson, Signals& signals, Buffers& buffers) const;
  DirectSettings direct_;
  Buffers step_buffers_, rehearsal_buffers_;
};

}  // namespace grapevine
