// What tests of the presets share: a preset as a plan, the papers' tables, a racer of a rule.
#pragma once

#include <cstring>
#include <nlohmann/json.hpp>
#include <string>

#include "engine/plans/plan.h"
#include "engine/plans/presets.h"
#include "engine/plans/resource_files.h"

namespace grapevine {

using Json = nlohmann::json;

inline ExperimentPlan plan_of(const std::string& word, const Overrides& overrides = {}) {
  return make_plan(preset_document(word), "preset " + word, overrides);
}

inline Json tables() {
  return Json::parse(read_resource("papers/results.json"));
}

inline const Experiment* racer(const ExperimentPlan& plan, const std::string& rule) {
  for (const Experiment& each : plan.racers)
    if (each.rule() == rule) return &each;
  return nullptr;
}

}  // namespace grapevine
