#include "engine/rules/drtp.h"

#include "engine/rules/direct.h"

namespace grapevine {
namespace {

class TargetProjection : public RuleWith<DrtpSettings, DirectRule> {
 public:
  explicit TargetProjection(const DrtpSettings& settings) : RuleWith(settings, settings.direct) {}

  at::Tensor carrier(Lesson& lesson) override {
    at::Tensor& target = workspace(target_, lesson.e.sizes(), lesson.e).zero_();
    return target.scatter_(1, lesson.y.unsqueeze(1), 1.0 / static_cast<double>(lesson.e.size(0)));
  }
  std::vector<StepPhase> phases() const override {
    return {{PhaseKind::forward, "", "", {}},
            signal_phase({PhaseKind::direct_signal,
                          "δ_l = (1/N)·onehot(y) B_l",
                          "The label alone, not the error, is carried to the layer by a fixed random matrix.",
                          {}}),
            {PhaseKind::gradient, "", "", {}},
            {PhaseKind::update, "", "", {}}};
  }
  double alignment_sign() const override { return drtp_alignment_sign; }

 private:
  at::Tensor target_;  ///< onehot(y)/N, N×C
};

}  // namespace

std::unique_ptr<Rule> make_drtp(const DrtpSettings& settings) {
  return std::make_unique<TargetProjection>(settings);
}

}  // namespace grapevine
