#include "engine/rules/residual.h"

#include "engine/feedback/estimate.h"
#include "engine/rules/direct.h"

namespace grapevine {
namespace {

class ResidualAlignment : public RuleWith<ResidualSettings, DirectRule> {
 public:
  explicit ResidualAlignment(const ResidualSettings& settings)
      : RuleWith(settings, settings.direct), estimator_(settings.estimate) {}

  void attach(const Network& network, std::int64_t seed) override {
    DirectRule::attach(network, seed);
    estimator_.attach(network);
    for (auto& b : feedback_) both_.push_back(at::zeros({2 * b.size(0), b.size(1)}, b.options()));
    for (auto& both : both_) estimate_.push_back(both.narrow(0, 0, both.size(0) / 2));
  }

  const std::vector<at::Tensor>* jacobian_estimate() const override { return &estimate_; }
  const EstimateSettings* estimate_settings() const override { return &settings_.estimate; }
  void keep_traces(bool keep) override { estimator_.keep_traces(keep); }
  const std::vector<KeptTrace>* traces() const override { return &estimator_.kept(); }

  NamedTensors state() override {
    NamedTensors all = DirectRule::state();
    for (std::size_t l = 0; l < feedback_.size(); ++l)
      all.emplace_back("jacobian_estimate/" + std::to_string(l + 1), estimate_[l]);
    return all;
  }

  double multiply_adds(const NetworkCost& cost, double n) const override {
    // The prediction p Bᵀ, and both halves of [ż r]ᵀ p.
    return DirectRule::multiply_adds(cost, n) + estimator_.multiply_adds(cost, n) +
           n * static_cast<double>(settings_.estimate.directions) * 3 * products(cost);
  }

 protected:
  int companions() const override { return 2; }
  std::vector<StepPhase> align_phases() const override {
    return {{PhaseKind::tangent, "", "", {}},
            {PhaseKind::residual_step, "", "", {{"η", settings_.align_rate}, {"track", settings_.track}}}};
  }
  // Every r comes from the old B, so the steps wait until all traces are in.
  void align(Lesson& lesson, Draws& draws) override {
    const double samples = static_cast<double>(lesson.e.size(0));
    const double weight = 1.0 / (samples * static_cast<double>(settings_.estimate.directions));
    std::vector<bool> begun(feedback_.size(), false);
    estimator_.run(lesson, draws, [&](const Trace& trace) { absorb(trace, weight, begun); });
    for (std::size_t l = 0; l < feedback_.size(); ++l)
      if (!is_frozen_at(l)) move(l, samples);
    lap(lesson.clock, Part::align);
  }

 private:
  // Ĵ and mean rᵀp of a point come from one product, [ż r]ᵀ p.
  void absorb(const Trace& trace, double weight, std::vector<bool>& begun) {
    const std::int64_t classes = trace.z_dot.size(1);
    at::Tensor& pair = workspace(pair_, {trace.z_dot.size(0), 2 * classes}, trace.z_dot);
    at::Tensor residual = pair.narrow(1, classes, classes);
    pair.narrow(1, 0, classes).copy_(trace.z_dot);
    residual.copy_(trace.z_dot);
    std::vector<at::Tensor> seen;
    for (std::size_t i = 0; i < trace.points.size(); ++i) {
      const auto l = static_cast<std::size_t>(trace.points[i] - 1);
      seen.push_back(structures_[l].features_seen(*trace.perturbations[i]));
      structures_[l].take_off_prediction(residual, seen[i], feedback_[l]);
    }
    const at::Tensor stacked = pair.view({-1, classes});  // rows ż_1, r_1, ż_2 …
    for (std::size_t i = 0; i < trace.points.size(); ++i) {
      const auto l = static_cast<std::size_t>(trace.points[i] - 1);
      const at::Tensor pair_seen = structures_[l].classes_seen(stacked).view({pair.size(0), -1});
      at::addmm_out(both_[l], both_[l], pair_seen.t(), seen[i], begun[l] ? 1 : 0, weight);
      begun[l] = true;
    }
  }

  // B ← B + (η/P) · 2N/(N + n + 1) · mean rᵀp, or with `track` β: B ← βB + (1−β)Ĵ (from B = 0 the first step
  // takes Ĵ whole).
  void move(std::size_t l, double samples) {
    at::Tensor& b = feedback_[l];
    if (settings_.track > 0) {
      b.copy_(
          at::where(b.any(), b.mul(settings_.track).add_(estimate_[l], 1 - settings_.track), estimate_[l]));
      return;
    }
    const double sharers = settings_.estimate.shared_trace ? static_cast<double>(feedback_.size()) : 1;
    const double n = static_cast<double>(b.size(1));
    const double rate = settings_.align_rate / sharers * 2 * samples / (samples + n + 1);
    b.add_(both_[l].narrow(0, b.size(0), b.size(0)), rate);
  }

  JacobianEstimator estimator_;
  std::vector<at::Tensor> both_, estimate_;  ///< values of [Ĵ; mean rᵀp] one above the other, and of Ĵ
  at::Tensor pair_;                          ///< [ż r], N×2C
};

}  // namespace

std::unique_ptr<Rule> make_residual(const ResidualSettings& settings) {
  return std::make_unique<ResidualAlignment>(settings);
}

}  // namespace grapevine
