#include "engine/rules/fg_activity.h"

#include "engine/feedback/estimate.h"
#include "engine/rules/critical_path.h"
#include "engine/rules/rule.h"

namespace grapevine {
namespace {

// The last step's perturbations where they fit, else new ones of the same key: a probe batch may have another
// size.
class RepeatedDraws : public Draws {
 public:
  RepeatedDraws(RandomKey key, const std::vector<at::Tensor>& last) : key_(key), last_(last) {}
  RandomKey key(Stream) const override { return key_; }
  bool perturbation(int point, int, at::Tensor& out) override {
    const at::Tensor& p = last_[static_cast<std::size_t>(point - 1)];
    if (!p.defined() || p.sizes() != out.sizes()) return false;
    out.copy_(p);
    return true;
  }

 private:
  RandomKey key_;
  const std::vector<at::Tensor>& last_;
};

class ActivityForwardGradient : public RuleWith<FgActivitySettings> {
 public:
  explicit ActivityForwardGradient(const FgActivitySettings& settings)
      : RuleWith(settings), estimator_(settings.estimate) {}

  void attach(const Network& network, std::int64_t) override {
    estimator_.attach(network);
    last_.resize(static_cast<std::size_t>(network.points()));
    products_.resize(last_.size());
  }
  void learn(Lesson& lesson, Draws& draws) override {
    key_ = draws.key(Stream::perturbation);
    perturb(lesson, draws, step_signals_, &last_);
    local_adjoints(lesson, step_signals_);
  }
  bool rehearse(Lesson& lesson, Signals& signals) override {
    RepeatedDraws draws(key_, last_);
    perturb(lesson, draws, signals, nullptr);
    local_adjoints(lesson, signals);
    return true;
  }
  double multiply_adds(const NetworkCost& cost, double n) const override {
    return n * (2 * cost.forward_total() + cost.above_first());
  }
  CriticalPath critical_path(const NetworkCost& cost) const override {
    return {cost.forward_total() + cost.above_first(), slowest_segment(cost)};
  }

 private:
  // ⟨e_n, ż_n⟩ of each row's sample, R×1: a token moves the whole text that it is in.
  static at::Tensor slopes(const Lesson& lesson, const at::Tensor& z_dot) {
    const std::int64_t samples = lesson.tape.input.size(0), rows = z_dot.size(0) / samples;
    const at::Tensor own = (lesson.e * z_dot).view({samples, -1}).sum(1, true);
    return own.expand({samples, rows}).reshape({-1, 1});
  }

  // δ_{l,n} = ⟨e_n, ż_n⟩ p_{l,n}.
  void perturb(Lesson& lesson, Draws& draws, Signals& signals, std::vector<at::Tensor>* keep) {
    signals.resize(static_cast<std::size_t>(lesson.network.points()));
    estimator_.run(lesson, draws, [&](const Trace& trace) {
      const at::Tensor slope = slopes(lesson, trace.z_dot);
      for (std::size_t i = 0; i < trace.points.size(); ++i) {
        const auto l = static_cast<std::size_t>(trace.points[i] - 1);
        const at::Tensor& p = *trace.perturbations[i];
        if (keep) workspace((*keep)[l], p.sizes(), p).copy_(p);
        at::Tensor buffer;
        at::Tensor product = keep ? workspace(products_[l], p.sizes(), p) : at::empty_like(p);
        at::mul_out(product, p, slope);
        signals[l] = lesson.network.state(trace.points[i], product, lesson.tape.outputs[l], buffer);
      }
    });
    lap(lesson.clock, Part::signal);
  }

  JacobianEstimator estimator_;
  RandomKey key_;
  std::vector<at::Tensor> last_, products_;  ///< p_l of the last step; δ_l
};

}  // namespace

std::unique_ptr<Rule> make_fg_activity(const FgActivitySettings& settings) {
  return std::make_unique<ActivityForwardGradient>(settings);
}

}  // namespace grapevine
