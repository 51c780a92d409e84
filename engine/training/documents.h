// JSON documents of settings before they are an Experiment: read, with one clear message for what is broken,
// and laid over each other. Private to training/; pure functions, any thread.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "engine/training/experiment.h"

namespace grapevine {

/// The text of a file; `noun` ("experiment") and `hint` (what the file should be) go into messages. Throws
/// InputError for a folder, an unreadable or an empty file.
std::string read_document(const std::string& path, const std::string& noun, const std::string& hint);
/// Whether brackets stand inside each other deeper than what reads JSON level by level has stack for.
bool is_too_deep(std::string_view json);
/// JSON with comments. Throws InputError with the place of a mistake, for a key that stands twice and for
/// what is_too_deep().
nlohmann::json parse_document(std::string_view document, std::string_view source);
/// {"optimizer.lr": 1} becomes {"optimizer": {"lr": 1}}, so that two documents can be laid over each other.
nlohmann::json nested_document(const nlohmann::json& flat);
/// "" where the document names no rule, or names it wrongly: that is said where it is read.
std::string rule_named_in(const nlohmann::json& document);
/// Overrides laid over a common document. That may hold settings of one rule ("rule": {"name": "grape",
/// "align_rate": …}); an override with another rule takes only those that its rule has.
nlohmann::json merged_documents(const nlohmann::json& common, const nlohmann::json& overrides);

/// The --set of a command line, applied to every racer that has the setting (experiment.h: make_plan).
void apply_sets(const std::vector<std::string>& sets, ExperimentPlan& plan);

}  // namespace grapevine
