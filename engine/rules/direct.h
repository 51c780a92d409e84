// What the direct rules share: δ_l = (a carrier of the error, N×C) · B_l, then each segment's own adjoint. A
// rule adds how B_l moves (align), or what carries the error. Worker thread only.
#pragma once

#include "engine/feedback/matrices.h"
#include "engine/rules/rule.h"

namespace grapevine {

class DirectRule : public Rule {
 public:
  DirectRule(std::string init, bool shared_matrix) : init_(std::move(init)), shared_matrix_(shared_matrix) {}

  void attach(const Network& network, std::int64_t seed) override;
  void learn(Lesson& lesson, Draws& draws) override;
  bool rehearse(Lesson& lesson, Signals& signals) override;
  std::vector<at::Tensor>* feedback() override { return &feedback_; }
  NamedTensors state() override;
  double multiply_adds(const NetworkCost& cost, double n) const override;

 protected:
  /// Moves the matrices; nothing for plain DFA.
  virtual void align(Lesson& /*lesson*/, Draws& /*draws*/) {}

  std::vector<at::Tensor> feedback_;  ///< B_l, C×n_l at [l−1]

 private:
  /// Of one user: e B_l as rows, and where a fork carries more, the state round them.
  struct Buffers {
    std::vector<at::Tensor> rows, states;
  };
  void fill_signals(Lesson& lesson, Signals& signals, Buffers& buffers);
  std::string init_;
  bool shared_matrix_;
  Buffers step_buffers_, rehearsal_buffers_;
};

}  // namespace grapevine
