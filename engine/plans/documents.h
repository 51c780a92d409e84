// JSON documents of settings before they are an Experiment, laid over each other. Private to plans/; pure
// functions, any thread.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "engine/experiment/json_text.h"
#include "engine/plans/plan.h"

namespace grapevine {

/// Throws InputError for documents of ours that are not experiments, recognized by a key that no experiment
/// has.
void refuse_other_kinds(const nlohmann::json& document, std::string_view source);
/// {"optimizer.lr": 1} becomes {"optimizer": {"lr": 1}}, so that two documents can be laid over each other.
/// Throws InputError for a setting that is given in both ways.
nlohmann::json nested_document(const nlohmann::json& flat);
/// "" where the document names no rule, or names it wrongly: that is said where it is read.
std::string rule_named_in(const nlohmann::json& document);
/// Overrides laid over a common document. That may hold settings of one rule ("rule": {"name": "grape",
/// "align_rate": …}); an override with another rule takes only those that its rule has.
nlohmann::json merged_documents(const nlohmann::json& common, const nlohmann::json& overrides);

/// The --set of a command line, applied to every racer that has the setting (experiment.h: make_plan).
void apply_sets(const std::vector<std::string>& sets, ExperimentPlan& plan);

}  // namespace grapevine
