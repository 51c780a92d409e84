#include "engine/experiment/groups/rule_name.h"

#include "engine/experiment/registry.h"

namespace grapevine {

void RuleName::bind(Binder& to) {
  TextList keys;
  for (const RuleDescriptor& rule : rules()) keys.push_back(rule.key);
  to.word(name, "name", keys, "the learning rule");
}

}  // namespace grapevine
