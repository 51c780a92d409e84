#include "engine/rules/wm.h"

#include <cmath>

#include "engine/feedback/mirror.h"
#include "engine/rules/sequential.h"

namespace grapevine {
namespace {

class WeightMirror : public SequentialRule {
 public:
  explicit WeightMirror(const Experiment& experiment)
      : rate_(experiment.number("rule.mirror_rate")), decay_(experiment.number("rule.mirror_decay")) {}

  // One batch of noise through each layer, after each weight step.
  void after_update(Lesson& lesson, Draws& draws) override {
    const RandomKey key = draws.key(Stream::mirror);
    for (int l = 1; l <= lesson.network.segments(); ++l)
      lesson.network.segment(l).visit_weights(
          lesson.tape.segments[static_cast<std::size_t>(l - 1)],
          [&](const Layer& layer, int slot, Tape& tape) {
            at::Tensor& transport = transport_[static_cast<std::size_t>(slot)];
            if (!transport.defined()) return;
            if (!product_.defined())
              product_ = ParameterBuffer(lesson.network.layout(), lesson.network.options());
            mirror_product(layer, tape.input, key.with(static_cast<std::uint64_t>(slot)), product_, scratch_);
            const double samples = static_cast<double>(tape.input.size(0));
            transport.mul_(1 - decay_).add_(product_[slot], rate_ / samples);
          });
  }

  bool set(std::string_view key, double value) override {
    if (key == "mirror_rate")
      rate_ = value;
    else if (key == "mirror_decay")
      decay_ = value;
    else
      return false;
    return true;
  }

  double multiply_adds(const NetworkCost& cost, double n) const override {
    return SequentialRule::multiply_adds(cost, n) + 2 * n * cost.above_first();
  }

 protected:
  void begin(at::Tensor& transport, const ParameterInfo& weight, RandomKey key) const override {
    fill_gaussian(transport, key);
    transport.mul_(1 / std::sqrt(static_cast<double>(weight.fan_in + weight.fan_out)));
  }

 private:
  double rate_, decay_;
  ParameterBuffer product_;
  Tape scratch_;
};

}  // namespace

std::unique_ptr<Rule> make_wm(const Experiment& experiment) {
  return std::make_unique<WeightMirror>(experiment);
}

}  // namespace grapevine
