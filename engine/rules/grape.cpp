#include "engine/rules/grape.h"

#include "engine/feedback/cosine_step.h"
#include "engine/rules/estimating.h"

namespace grapevine {
namespace {

class Grape : public RuleWith<GrapeSettings, EstimatingRule> {
 public:
  explicit Grape(const GrapeSettings& settings)
      : RuleWith(settings, settings.direct, settings.estimate, settings.average) {}

  void attach(const Network& network, std::int64_t seed) override {
    EstimatingRule::attach(network, seed);
    for (auto& b : feedback_) {
      normalise_columns(b);
      momentum_.push_back(at::zeros_like(b));
      scale_.push_back(at::zeros({1, b.size(1)}, b.options()));
    }
  }

  // The rule's own norm again, and no momentum of old turns.
  void refit(const std::function<void(std::vector<at::Tensor>&)>& change) override {
    std::vector<at::Tensor> sizes;
    for (std::size_t l = 0; l < feedback_.size(); ++l) sizes.push_back(structures_[l].norm(feedback_[l]));
    change(feedback_);
    for (std::size_t l = 0; l < feedback_.size(); ++l)
      if (!is_frozen_at(l)) renormalise(l, sizes[l]);
  }

  NamedTensors state() override {
    NamedTensors all = EstimatingRule::state();
    for (std::size_t l = 0; l < feedback_.size(); ++l) {
      const std::string point = std::to_string(l + 1);
      all.emplace_back("feedback_momentum/" + point, momentum_[l]);
      all.emplace_back("feedback_scale/" + point, scale_[l]);
    }
    return all;
  }

 protected:
  int companions() const override { return EstimatingRule::companions() + 1; }
  void put_in_order(std::size_t l, const Lesion& lesion, const at::Tensor& old_norm) override {
    if (lesion.kind == LesionKind::randomise) normalise_columns(feedback_[l]);  // as it started
    renormalise(l, old_norm);
  }
  std::vector<StepPhase> align_phases() const override {
    return {{PhaseKind::tangent, "", "", {}},
            {PhaseKind::estimate, "", "", {}},
            {PhaseKind::cosine_step,
             "",
             "",
             {{"η", settings_.step.rate},
              {"μ", settings_.step.momentum},
              {"mean", settings_.step.mean ? 1 : 0},
              {"unit columns", settings_.step.norm == ColumnNorm::column ? 1 : 0},
              {"steps", static_cast<double>(settings_.step.steps)},
              {"average", average_estimate() ? 1 : 0}}}};
  }
  void align(Lesson& lesson, Draws& draws) override {
    const std::vector<at::Tensor>& target = estimate(lesson, draws);
    for (std::size_t l = 0; l < feedback_.size(); ++l)
      for (std::int64_t step = 0; step < (is_frozen_at(l) ? 0 : settings_.step.steps); ++step)
        cosine_step(feedback_[l], momentum_[l], scale_[l], target[l], settings_.step, structures_[l]);
    lap(lesson.clock, Part::align);
  }

 private:
  void renormalise(std::size_t l, const at::Tensor& old_norm) {
    at::Tensor& b = feedback_[l];
    if (settings_.step.norm == ColumnNorm::column || settings_.step.norm == ColumnNorm::jacobian)
      normalise_columns(b);
    // Before the first step no ‖ĵ_k‖ is known: unit columns till then.
    if (settings_.step.norm == ColumnNorm::jacobian)
      b.mul_(at::where(scale_[l].gt(0), scale_[l], at::ones_like(scale_[l])));
    if (settings_.step.norm == ColumnNorm::frobenius) b.mul_(old_norm / structures_[l].norm(b));
    momentum_[l].zero_();
  }

  std::vector<at::Tensor> momentum_, scale_;
};

}  // namespace

std::unique_ptr<Rule> make_grape(const GrapeSettings& settings) {
  return std::make_unique<Grape>(settings);
}

}  // namespace grapevine
