#include "engine/rules/grape2025.h"

#include "engine/rules/estimating.h"

namespace grapevine {
namespace {

class Grape2025 : public EstimatingRule {
 public:
  explicit Grape2025(const Experiment& experiment)
      : EstimatingRule(experiment), rate_(experiment.number("rule.align_rate")) {}

  void attach(const Network& network, std::int64_t seed) override {
    EstimatingRule::attach(network, seed);
    for (auto& b : feedback_) normalise_columns(b);
  }
  bool set(std::string_view key, double value) override {
    if (key != "align_rate") return false;
    rate_ = value;
    return true;
  }

 protected:
  // B ← B − η(1 − cos)B, then the norm that it had. A zero matrix stays.
  void align(Lesson& lesson, Draws& draws) override {
    estimate(lesson, draws);
    for (std::size_t l = 0; l < feedback_.size(); ++l) {
      at::Tensor& b = feedback_[l];
      const FeedbackStructure& form = structures_[l];
      const at::Tensor norm = form.norm(b);
      const at::Tensor norms = norm * form.norm(estimate_[l]);
      const at::Tensor cosine =
          form.inner(b, estimate_[l]) / at::where(norms.eq(0), at::ones_like(norms), norms);
      b.mul_(1 - rate_ * (1 - cosine));
      const at::Tensor after = form.norm(b);
      b.mul_(norm / at::where(after.eq(0), at::ones_like(after), after));
    }
    lap(lesson.clock, Part::align);
  }

 private:
  double rate_;
};

}  // namespace

std::unique_ptr<Rule> make_grape2025(const Experiment& experiment) {
  return std::make_unique<Grape2025>(experiment);
}

}  // namespace grapevine
