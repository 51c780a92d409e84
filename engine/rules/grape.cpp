#include "engine/rules/grape.h"

#include "engine/error.h"
#include "engine/feedback/cosine_step.h"
#include "engine/feedback/estimate.h"
#include "engine/rules/direct.h"

namespace grapevine {
namespace {

ColumnNorm norm_named(const std::string& name) {
  if (name == "frobenius") return ColumnNorm::frobenius;
  if (name == "jacobian") return ColumnNorm::jacobian;
  if (name == "none") return ColumnNorm::none;
  return ColumnNorm::column;
}

class Grape : public DirectRule {
 public:
  explicit Grape(const Experiment& experiment)
      : DirectRule(experiment.text("rule.init"), false), estimator_(EstimateSettings::of(experiment)) {
    if (experiment.text("rule.init") == "zero")
      throw InputError(
          "rule.init: GrAPE turns its matrices' columns, and a zero column has no direction; "
          "use normal, uniform, kaiming or xavier");
    step_.rate = experiment.number("rule.align_rate");
    step_.momentum = experiment.number("rule.align_momentum");
    step_.mean = experiment.text("rule.reduction") == "mean";
    step_.norm = norm_named(experiment.text("rule.norm"));
  }

  void attach(const Network& network, std::int64_t seed) override {
    DirectRule::attach(network, seed);
    estimator_.attach(network);
    for (auto& b : feedback_) {
      normalise_columns(b);
      momentum_.push_back(at::zeros_like(b));
      estimate_.push_back(at::zeros_like(b));
      scale_.push_back(at::zeros({1, b.size(1)}, b.options()));
    }
  }

  const std::vector<at::Tensor>* jacobian_estimate() const override { return &estimate_; }
  void keep_traces() override { estimator_.keep_traces(); }
  const std::vector<KeptTrace>* traces() const override { return &estimator_.kept(); }

  NamedTensors state() override {
    NamedTensors all = DirectRule::state();
    for (std::size_t l = 0; l < feedback_.size(); ++l) {
      const std::string point = std::to_string(l + 1);
      all.emplace_back("feedback_momentum/" + point, momentum_[l]);
      all.emplace_back("jacobian_estimate/" + point, estimate_[l]);
      all.emplace_back("feedback_scale/" + point, scale_[l]);
    }
    return all;
  }

  bool set(std::string_view key, double value) override {
    if (key == "align_rate")
      step_.rate = value;
    else if (key == "align_momentum")
      step_.momentum = value;
    else
      return false;
    return true;
  }

  double multiply_adds(const NetworkCost& cost, double n) const override {
    return DirectRule::multiply_adds(cost, n) + estimator_.multiply_adds(cost, n);
  }

 protected:
  void align(Lesson& lesson, Draws& draws) override {
    const double weight = 1.0 / (static_cast<double>(lesson.e.size(0)) * estimator_.settings().directions);
    std::vector<bool> begun(feedback_.size(), false);
    estimator_.run(lesson, draws, [&](const Trace& trace) {
      for (std::size_t i = 0; i < trace.points.size(); ++i) {
        const auto l = static_cast<std::size_t>(trace.points[i] - 1);
        at::addmm_out(estimate_[l], estimate_[l], trace.z_dot.t(), *trace.perturbations[i], begun[l] ? 1 : 0,
                      weight);
        begun[l] = true;
      }
    });
    for (std::size_t l = 0; l < feedback_.size(); ++l)
      cosine_step(feedback_[l], momentum_[l], scale_[l], estimate_[l], step_);
    lap(lesson.clock, Part::align);
  }

 private:
  JacobianEstimator estimator_;
  CosineStep step_;
  std::vector<at::Tensor> momentum_, estimate_, scale_;
};

}  // namespace

std::unique_ptr<Rule> make_grape(const Experiment& experiment) {
  return std::make_unique<Grape>(experiment);
}

}  // namespace grapevine
