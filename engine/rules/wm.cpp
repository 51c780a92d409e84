#include "engine/rules/wm.h"

#include "engine/feedback/matrices.h"
#include "engine/feedback/mirror.h"
#include "engine/rules/sequential.h"

namespace grapevine {
namespace {

class WeightMirror : public RuleWith<WmSettings, SequentialRule> {
 public:
  using RuleWith::RuleWith;

  // One batch of noise through each layer, after each weight step.
  void after_update(Lesson& lesson, Draws& draws) override {
    const RandomKey key = draws.key(Stream::mirror);
    for (int l = 1; l <= lesson.network.segments(); ++l)
      lesson.network.segment(l).visit_weights(
          lesson.tape.segments[static_cast<std::size_t>(l - 1)],
          [&](const Layer& layer, int slot, Tape& tape) {
            at::Tensor& transport = transport_[static_cast<std::size_t>(slot)];
            if (!transport.defined() || is_frozen(l)) return;
            if (!product_.defined())
              product_ = ParameterBuffer(lesson.network.layout(), lesson.network.options());
            mirror_product(layer, tape.input, key.with(static_cast<std::uint64_t>(slot)), product_, scratch_);
            const double samples = static_cast<double>(tape.input.size(0));
            transport.mul_(1 - settings_.decay).add_(product_[slot], settings_.mirror.rate / samples);
          });
  }

  double multiply_adds(const NetworkCost& cost, double n) const override {
    return SequentialRule::multiply_adds(cost, n) + 2 * n * cost.above_first();
  }

 protected:
  void begin(at::Tensor& transport, const ParameterInfo& weight, RandomKey key) const override {
    fill_normal_by_fans(transport, weight, key);
  }

 private:
  ParameterBuffer product_;
  Tape scratch_;
};

}  // namespace

std::unique_ptr<Rule> make_wm(const WmSettings& settings) {
  return std::make_unique<WeightMirror>(settings);
}

}  // namespace grapevine
