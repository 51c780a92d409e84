#include "engine/rules/fa.h"

#include "engine/feedback/matrices.h"
#include "engine/rules/sequential.h"

namespace grapevine {
namespace {

class FeedbackAlignment : public SequentialRule {
 public:
  std::vector<StepPhase> phases() const override {
    return {{PhaseKind::forward, "", "", {}},
            {PhaseKind::carried_signal, "", "", {}},
            {PhaseKind::gradient, "", "", {}},
            {PhaseKind::update, "", "", {}}};
  }

 protected:
  void begin(at::Tensor& transport, const ParameterInfo& weight, RandomKey key) const override {
    fill_xavier(transport, weight, key);
  }
};

}  // namespace

std::unique_ptr<Rule> make_fa() {
  return std::make_unique<FeedbackAlignment>();
}

}  // namespace grapevine
