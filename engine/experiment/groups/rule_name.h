// The setting rule.name: what decides which further keys "rule." has. Plain C++, a value.
#pragma once

#include <string>

#include "engine/experiment/bound_settings.h"
#include "engine/experiment/entry_keys.h"

namespace grapevine {

struct RuleName {
  std::string name = rule_keys::grape;

  static constexpr const char* group = rule_group;
  void bind(Binder& to);
};

/// "rule.name".
const std::string& rule_name_key();

}  // namespace grapevine
