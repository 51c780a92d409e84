#include "engine/rules/dfa.h"

#include "engine/rules/direct.h"

namespace grapevine {

std::unique_ptr<Rule> make_dfa(const DfaSettings& settings) {
  return std::make_unique<RuleWith<DfaSettings, DirectRule>>(settings, settings.direct);
}

}  // namespace grapevine
