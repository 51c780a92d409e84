#include "engine/rules/fdfa.h"

#include "engine/feedback/learned.h"
#include "engine/rules/estimating.h"

namespace grapevine {
namespace {

class ForwardDirectFeedback : public RuleWith<FdfaSettings, EstimatingRule> {
 public:
  explicit ForwardDirectFeedback(const FdfaSettings& settings)
      : RuleWith(settings, settings.direct, settings.estimate), learned_(settings.learned) {}

  void attach(const Network& network, std::int64_t seed) override {
    EstimatingRule::attach(network, seed);
    learned_.adopt(feedback_);
  }
  void after_update(Lesson&, Draws&) override { learned_.step(settings_.learned.lr, frozen()); }

  NamedTensors state() override {
    NamedTensors all = EstimatingRule::state();
    for (auto& entry : learned_.state()) all.push_back(entry);
    return all;
  }

 protected:
  int companions() const override { return EstimatingRule::companions() + learned_.companions(); }
  void put_in_order(std::size_t l, const Lesion&, const at::Tensor&) override { learned_.forget(l); }
  void align(Lesson& lesson, Draws& draws) override {
    estimate(lesson, draws);
    for (std::size_t l = 0; l < feedback_.size(); ++l)
      at::sub_out(learned_.gradients()[l], feedback_[l], estimate_[l]);
    lap(lesson.clock, Part::align);
  }

 private:
  LearnedFeedback learned_;
};

}  // namespace

std::unique_ptr<Rule> make_fdfa(const FdfaSettings& settings) {
  return std::make_unique<ForwardDirectFeedback>(settings);
}

}  // namespace grapevine
