// An experiment's JSON as a flat list of dotted keys, which is how single files and races of overrides are
// read. Pure functions, any thread may call.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/experiment/experiment.h"
#include "engine/experiment/settings.h"

namespace grapevine {

/// (dotted key, value), in the order of the document.
using Leaves = std::vector<std::pair<std::string, nlohmann::json>>;

/// Throws InputError when `json` is not an object, or has a value where a group of settings belongs.
Leaves leaves_of(const nlohmann::json& json);
/// A leaf as this setting's value. A file is strict about types: a number in quotes is not a number. Throws
/// InputError.
Value read_leaf(const Setting& setting, const nlohmann::json& json);
/// The rule that the leaves name, or "".
std::string rule_of(const Leaves& leaves);
/// All leaves, each of which must be a setting of the experiment. Throws InputError.
Experiment experiment_from(const Leaves& leaves);

/// The setting behind `key` with that key as its own name, for messages. Throws InputError for an unknown
/// one.
Setting known_setting(std::string_view key, std::string_view rule_key);
/// "; did you mean …?", or where to look.
std::string advice_for(std::string_view key, std::string_view rule_key);

}  // namespace grapevine
