#include "engine/rules/grape2025.h"

#include "engine/rules/estimating.h"

namespace grapevine {
namespace {

class Grape2025 : public RuleWith<Grape2025Settings, EstimatingRule> {
 public:
  explicit Grape2025(const Grape2025Settings& settings)
      : RuleWith(settings, settings.direct, settings.estimate, settings.average) {}

  void attach(const Network& network, std::int64_t seed) override {
    EstimatingRule::attach(network, seed);
    for (auto& b : feedback_) normalise_columns(b);
  }

 protected:
  void put_in_order(std::size_t l, const Lesion& lesion, const at::Tensor& old_norm) override {
    at::Tensor& b = feedback_[l];
    if (lesion.kind == LesionKind::randomise)
      normalise_columns(b);  // as it started
    else
      b.mul_(old_norm / structures_[l].norm(b));
  }
  // B ← B − η(1 − cos)B, then the norm that it had. A zero matrix stays.
  void align(Lesson& lesson, Draws& draws) override {
    const std::vector<at::Tensor>& target = estimate(lesson, draws);
    for (std::size_t l = 0; l < feedback_.size(); ++l)
      for (std::int64_t step = 0; step < (is_frozen_at(l) ? 0 : settings_.steps); ++step)
        rescale(feedback_[l], target[l], structures_[l]);
    lap(lesson.clock, Part::align);
  }

 private:
  void rescale(at::Tensor& b, const at::Tensor& target, const FeedbackStructure& form) const {
    const at::Tensor norm = form.norm(b);
    const at::Tensor norms = norm * form.norm(target);
    const at::Tensor cosine = form.inner(b, target) / at::where(norms.eq(0), at::ones_like(norms), norms);
    b.mul_(1 - settings_.align_rate * (1 - cosine));
    const at::Tensor after = form.norm(b);
    b.mul_(norm / at::where(after.eq(0), at::ones_like(after), after));
  }
};

}  // namespace

std::unique_ptr<Rule> make_grape2025(const Grape2025Settings& settings) {
  return std::make_unique<Grape2025>(settings);
}

}  // namespace grapevine
