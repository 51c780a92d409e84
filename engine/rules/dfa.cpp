#include "engine/rules/dfa.h"

#include "engine/rules/direct.h"

namespace grapevine {

std::unique_ptr<Rule> make_dfa(const Experiment& experiment) {
  const DfaSettings settings = DfaSettings::of(experiment);
  return std::make_unique<RuleWith<DfaSettings, DirectRule>>(settings, settings.direct);
}

}  // namespace grapevine
