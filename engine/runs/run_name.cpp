#include "engine/runs/run_name.h"

#include "engine/experiment/registry.h"

namespace grapevine {

std::string automatic_name(const std::string& rule, const std::string& model, const std::string& data) {
  const RuleDescriptor* known = find_rule(rule);
  return (known ? known->name : rule) + ", " + model + ", " + data;
}

}  // namespace grapevine
