#include "engine/rules/kp.h"

#include "engine/feedback/matrices.h"
#include "engine/rules/sequential.h"

namespace grapevine {
namespace {

class KolenPollack : public RuleWith<KpSettings, SequentialRule> {
 public:
  using RuleWith::RuleWith;

  void learn(Lesson& lesson, Draws& draws) override {
    SequentialRule::learn(lesson, draws);
    const at::Tensor& values = lesson.network.values().flat();
    workspace(before_, values.sizes(), values).copy_(values);
  }

  // ΔW is what the optimizer did: W ← λW + ΔW, R ← λR + ΔW. The layer that needs no transport fades like the
  // rest.
  void after_update(Lesson& lesson, Draws&) override {
    for (int slot = 0; slot < lesson.network.layout().size(); ++slot) {
      const ParameterInfo& info = lesson.network.layout()[slot];
      if (info.role != ParameterRole::weight) continue;
      at::Tensor w = lesson.network.values()[slot];
      const at::Tensor old = before_.narrow(0, info.offset, info.count).view(info.shape);
      at::Tensor& r = transport_[static_cast<std::size_t>(slot)];
      if (r.defined() && !is_frozen_slot(slot)) r.mul_(settings_.decay).add_(w).sub_(old);
      w.sub_(old, 1 - settings_.decay);
    }
  }

 protected:
  void begin(at::Tensor& transport, const ParameterInfo& weight, RandomKey key) const override {
    fill_normal_by_fans(transport, weight, key);
  }

 private:
  at::Tensor before_;  ///< the weights before the optimizer's step
};

}  // namespace

std::unique_ptr<Rule> make_kp(const KpSettings& settings) {
  return std::make_unique<KolenPollack>(settings);
}

}  // namespace grapevine
