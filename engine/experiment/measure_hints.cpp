// Why a rule's runs have no series of a measure: what the rule lacks, in words. Any thread.
#include <algorithm>

#include "engine/experiment/registry.h"
#include "engine/experiment/settings.h"

namespace grapevine {
namespace {

/// What `rule` lacks of a need, as the end of "BP …"; "" where it has it or the probe makes it.
std::string lacking(const RuleDescriptor& rule, Need need) {
  switch (need) {
    case Need::feedback:
      return rule.has_feedback ? "" : "has no feedback matrices B";
    case Need::estimating_rule:
    case Need::estimate:
    case Need::traces:
      return rule.has_estimate ? "" : "makes no estimate of the Jacobian";
    case Need::average:
      return std::any_of(rule.settings.begin(), rule.settings.end(),
                         [](const Setting& setting) { return setting.key == "estimate_average"; })
                 ? ""
                 : "follows no mean of its estimates";
    case Need::transport:
      return rule.has_transport ? "" : "carries no errors back through weights of their own";
    case Need::own_signals:
      return rule.has_signals ? "" : "gives the layers no signal that could point anywhere";
    case Need::jacobian:
    case Need::whole_jacobian:
    case Need::rehearsal:
    case Need::bp_signals:
    case Need::bp_gradients:
    case Need::moved:
    case Need::past:
      return "";
  }
  return "";
}

}  // namespace

std::string why_undefined(const ProbeDescriptor& probe, const RuleDescriptor& rule) {
  for (const Need need : probe.needs)
    if (const std::string what = lacking(rule, need); !what.empty()) return rule.name + " " + what;
  return "";
}

}  // namespace grapevine
