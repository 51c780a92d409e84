#include "engine/rules/dkp.h"

#include "engine/feedback/learned.h"
#include "engine/rules/direct.h"

namespace grapevine {
namespace {

class DirectKolenPollack : public RuleWith<DkpSettings, DirectRule> {
 public:
  explicit DirectKolenPollack(const DkpSettings& settings)
      : RuleWith(settings, settings.direct), learned_(settings.learned) {}

  void attach(const Network& network, std::int64_t seed) override {
    DirectRule::attach(network, seed);
    learned_.adopt(feedback_);
  }

  // The signal uses B as it is before its own step, which waits for the weights'.
  void learn(Lesson& lesson, Draws& draws) override {
    for (std::size_t l = 0; l < feedback_.size(); ++l)
      at::mm_out(
          learned_.gradients()[l], structures_[l].classes_seen(lesson.e).t(),
          structures_[l].features_seen(lesson.network.rows(static_cast<int>(l) + 1, lesson.tape.outputs[l])));
    lap(lesson.clock, Part::align);
    DirectRule::learn(lesson, draws);
  }
  void after_update(Lesson&, Draws&) override { learned_.step(settings_.learned.lr, frozen()); }
  double weight_decay() const override { return settings_.learned.decay; }

  NamedTensors state() override {
    NamedTensors all = DirectRule::state();
    for (auto& entry : learned_.state()) all.push_back(entry);
    return all;
  }
  double multiply_adds(const NetworkCost& cost, double n) const override {
    return DirectRule::multiply_adds(cost, n) + n * products(cost);
  }

 protected:
  int companions() const override { return learned_.companions(); }
  void put_in_order(std::size_t l, const Lesion&, const at::Tensor&) override { learned_.forget(l); }

 private:
  LearnedFeedback learned_;
};

}  // namespace

std::unique_ptr<Rule> make_dkp(const DkpSettings& settings) {
  return std::make_unique<DirectKolenPollack>(settings);
}

}  // namespace grapevine
