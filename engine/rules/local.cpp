#include "engine/rules/local.h"

#include "engine/feedback/learned.h"
#include "engine/rules/critical_path.h"
#include "engine/rules/local_loss.h"
#include "engine/rules/rule.h"

namespace grapevine {
namespace {

class LocalLosses : public RuleWith<LocalSettings> {
 public:
  using RuleWith::RuleWith;

  void attach(const Network& network, std::int64_t) override {
    std::vector<std::vector<std::int64_t>> shapes;
    measure_cost(network.spec(), &shapes);
    for (int l = 1; l <= network.points(); ++l)
      decoders_.push_back(
          at::zeros({network.classes(), shapes[static_cast<std::size_t>(l - 1)].front()}, network.options()));
    learned_.adopt(decoders_);
    for (const auto& decoder : decoders_) rehearsed_.push_back(at::empty_like(decoder));
  }

  void learn(Lesson& lesson, Draws&) override {
    fill(lesson, step_signals_, learned_.gradients());
    local_adjoints(lesson, step_signals_);
  }
  bool rehearse(Lesson& lesson, Signals& signals) override {
    fill(lesson, signals, rehearsed_);
    local_adjoints(lesson, signals);
    return true;
  }
  void after_update(Lesson&, Draws&) override { learned_.step(settings_.decoder_lr); }

  NamedTensors state() override {
    NamedTensors all;
    for (std::size_t l = 0; l < decoders_.size(); ++l)
      all.emplace_back("decoder/" + std::to_string(l + 1), decoders_[l]);
    for (auto& entry : learned_.state()) all.push_back(entry);
    return all;
  }
  double multiply_adds(const NetworkCost& cost, double n) const override {
    double own = 0;
    for (double features : cost.features) own += 2 * n * features + 3 * features * cost.classes;
    return n * (2 * cost.forward_total() + own);
  }
  // Layers learn while the next one runs: behind the last one there is but its own adjoint.
  CriticalPath critical_path(const NetworkCost& cost) const override {
    return {cost.forward_total(), widest_projection(cost) + slowest_segment(cost)};
  }

 private:
  void fill(Lesson& lesson, Signals& signals, std::vector<at::Tensor>& gradients) {
    const LocalLoss loss{settings_.similarity};
    signals.resize(decoders_.size());
    for (std::size_t l = 0; l < decoders_.size(); ++l)
      signals[l] = loss.slope(lesson.tape.outputs[l], lesson.y, decoders_[l], gradients[l]);
    lap(lesson.clock, Part::signal);
  }

  LearnedFeedback learned_{LearnedSettings{}};    ///< the decoders' Adam
  std::vector<at::Tensor> decoders_, rehearsed_;  ///< C×features at [l−1]; gradients of a rehearsal
};

}  // namespace

std::unique_ptr<Rule> make_local(const LocalSettings& settings) {
  return std::make_unique<LocalLosses>(settings);
}

}  // namespace grapevine
