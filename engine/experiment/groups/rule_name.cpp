#include "engine/experiment/groups/rule_name.h"

#include "engine/experiment/registry.h"

namespace grapevine {

void RuleName::bind(Binder& to) {
  TextList keys;
  for (const RuleDescriptor& rule : rules()) keys.push_back(rule.key);
  auto rule_name = to.word(name, "name", keys, "the learning rule");
  for (const RuleDescriptor& rule : rules()) rule_name.choice_named(rule.key, rule.name, rule.help);
}

const std::string& rule_name_key() {
  static const std::string key = key_of(&RuleName::name);
  return key;
}

}  // namespace grapevine
