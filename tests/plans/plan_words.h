// Plans from a document and the words of a command line, and what is said where they are refused.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/experiment/experiment.h"
#include "engine/plans/plan.h"
#include "tests/support/refusal.h"

namespace grapevine {

using Words = std::vector<std::string>;

inline ExperimentPlan plan(const std::string& document, Words sets = {}, Words rules = {}) {
  return make_plan(document, "a.json", {std::move(sets), std::move(rules)});
}

inline std::string refused(const std::string& document, Words sets = {}, Words rules = {}) {
  return refusal([&] { plan(document, sets, rules); });
}

inline Words rules_of(const ExperimentPlan& plan) {
  Words all;
  for (const Experiment& racer : plan.racers) all.push_back(racer.rule());
  return all;
}

}  // namespace grapevine
