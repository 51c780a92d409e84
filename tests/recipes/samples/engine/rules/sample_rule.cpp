#include "engine/rules/sample_rule.h"

#include "engine/rules/direct.h"

namespace grapevine {
namespace {

class SampleRule : public RuleWith<SampleRuleSettings, DirectRule> {
 public:
  explicit SampleRule(const SampleRuleSettings& settings) : RuleWith(settings, settings.direct) {}

  at::Tensor carrier(Lesson& lesson) override { return lesson.e * settings_.gain; }
};

}  // namespace

std::unique_ptr<Rule> make_sample_rule(const SampleRuleSettings& settings) {
  return std::make_unique<SampleRule>(settings);
}

}  // namespace grapevine
