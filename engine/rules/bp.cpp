#include "engine/rules/bp.h"

#include "engine/rules/rule.h"

namespace grapevine {
namespace {

class Backpropagation : public Rule {
 public:
  void attach(const Network&, std::int64_t) override {}
  void learn(Lesson& lesson, Draws&) override { backpropagate(lesson, step_signals_, true); }
  bool rehearse(Lesson& lesson, Signals& signals) override {
    backpropagate(lesson, signals, true);
    return true;
  }
  std::vector<StepPhase> phases() const override {
    return {{PhaseKind::forward, "", "", {}},
            {PhaseKind::exact_signal, "", "", {}},
            {PhaseKind::gradient, "", "", {}},
            {PhaseKind::update, "", "", {}}};
  }
  double multiply_adds(const NetworkCost& cost, double n) const override {
    return n * (2 * cost.forward_total() + cost.above_first());
  }
};

}  // namespace

std::unique_ptr<Rule> make_bp() {
  return std::make_unique<Backpropagation>();
}

}  // namespace grapevine
