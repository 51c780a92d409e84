#include "engine/rules/fg_weight.h"

#include "engine/rules/rule.h"

namespace grapevine {
namespace {

class WeightForwardGradient : public Rule {
 public:
  void attach(const Network& network, std::int64_t) override {
    direction_ = ParameterBuffer(network.layout(), network.options());
  }

  void learn(Lesson& lesson, Draws& draws) override {
    const RandomKey key = draws.key(Stream::parameter_direction);
    for (int slot = 0; slot < lesson.network.layout().size(); ++slot) {
      at::Tensor v = direction_[slot];
      if (!draws.parameter_direction(lesson.network.layout()[slot].name, v))
        fill_gaussian(v, key.with(static_cast<std::uint64_t>(slot)));
    }
    lap(lesson.clock, Part::signal);
    follow(lesson);
  }
  // The probe batch's slope along the last step's direction.
  bool rehearse(Lesson& lesson, Signals&) override {
    follow(lesson);
    return false;
  }

  NamedTensors state() override { return {{"parameter_direction", direction_.flat()}}; }
  double multiply_adds(const NetworkCost& cost, double n) const override {
    return n * (2 * cost.forward_total() + cost.above_first());
  }
  CriticalPath critical_path(const NetworkCost& cost) const override { return {2 * cost.forward_total(), 0}; }

 private:
  // G = (∇L·v) v with ∇L·v = Σ e ⊙ ż.
  void follow(Lesson& lesson) {
    at::Tensor t;
    for (int l = 1; l <= lesson.network.segments(); ++l)
      t = lesson.network.segment(l).joint_tangent(t, direction_,
                                                  lesson.tape.segments[static_cast<std::size_t>(l - 1)]);
    lap(lesson.clock, Part::tangent);
    // A decoder above z keeps its true gradient.
    const std::int64_t count = lesson.network.segment_values();
    at::Tensor gradients = lesson.gradients.flat().narrow(0, 0, count);
    at::mul_out(gradients, direction_.flat().narrow(0, 0, count),
                (lesson.e * t.view(lesson.e.sizes())).sum());
    lap(lesson.clock, Part::adjoint);
  }

  ParameterBuffer direction_;  ///< v
};

}  // namespace

std::unique_ptr<Rule> make_fg_weight() {
  return std::make_unique<WeightForwardGradient>();
}

}  // namespace grapevine
