#include "engine/experiment/experiment_json.h"

#include <algorithm>

#include "engine/error.h"
#include "engine/experiment/entry_keys.h"
#include "engine/experiment/registry.h"
#include "engine/experiment/shown.h"
#include "engine/files/whole_numbers.h"

namespace grapevine {
namespace {

using Json = nlohmann::json;

/// "optimizer" of "optimizer.lr": a key that holds settings and is none itself.
bool is_group(std::string_view key) {
  if (key == "rule") return true;
  const std::string begin = std::string(key) + ".";
  return std::any_of(experiment_settings().begin(), experiment_settings().end(),
                     [&](const Setting& setting) { return setting.key.starts_with(begin); });
}

/// {"rule": {"name": "dfa"}} for "rule": "dfa"; a group without a name shows its first setting.
std::string group_example(const std::string& group, const Json& value) {
  std::string first = "name";
  if (!find_setting(group + ".name", ""))
    for (const Setting& setting : experiment_settings())
      if (setting.key.starts_with(group + ".")) {
        first = setting.key.substr(group.size() + 1);
        break;
      }
  const bool is_name = value.is_string() && first == "name";
  return "{\"" + group + "\": {\"" + first + "\": " + (is_name ? value.dump() : "…") + "}}";
}

void flatten(const Json& json, const std::string& prefix, Leaves& leaves) {
  for (const auto& [key, value] : json.items()) {
    const std::string path = prefix.empty() ? key : prefix + "." + key;
    if (value.is_object() && (!value.empty() || is_group(path))) {
      flatten(value, path, leaves);
    } else if (is_group(path)) {
      throw InputError(path + "=" + shown(value.dump()) +
                       " is not allowed: expected an object of settings, as " + group_example(path, value));
    } else {
      leaves.emplace_back(path, value);
    }
  }
}

[[noreturn]] void wrong_type(const Setting& setting, const Json& json) {
  throw InputError(setting.key + "=" + shown(json.dump()) + " is not allowed: expected " + setting.allowed());
}

Value read_list(const Setting& setting, const Json& json) {
  // On a command line it is a,b,c.
  if (!json.is_array())
    throw InputError(setting.key + "=" + shown(json.dump()) +
                     " is not allowed: in a file a list is written in brackets, " +
                     (setting.kind == Kind::text_list ? "[\"a\", \"b\"]" : "[256, 128]"));
  IntegerList numbers;
  TextList words;
  for (const auto& entry : json) {
    if (setting.kind == Kind::text_list) {
      if (!entry.is_string()) wrong_type(setting, json);
      words.push_back(entry.get<std::string>());
      continue;
    }
    if (!is_whole(entry)) wrong_type(setting, json);
    numbers.push_back(entry.get<std::int64_t>());
  }
  return setting.kind == Kind::text_list ? Value(words) : Value(numbers);
}

}  // namespace

Leaves leaves_of(const Json& json) {
  if (!json.is_object()) throw InputError("an experiment must be one JSON object, {…}");
  Leaves leaves;
  flatten(json, "", leaves);
  return leaves;
}

Value read_leaf(const Setting& setting, const Json& json) {
  bool right_type = false;
  switch (setting.kind) {
    case Kind::boolean:
      right_type = json.is_boolean();
      break;
    case Kind::integer:
    case Kind::number:
    case Kind::count_or_share:
      right_type = json.is_number();
      break;
    case Kind::text:
    case Kind::choice:
      right_type = json.is_string();
      break;
    case Kind::integer_or_auto:
      right_type = json.is_number() || json == "auto";
      break;
    case Kind::integer_list:
    case Kind::text_list:
      return read_list(setting, json);
    case Kind::number_list:
      right_type = json.is_array() &&
                   std::all_of(json.begin(), json.end(), [](const Json& entry) { return entry.is_number(); });
      break;
    case Kind::segments:
      right_type = json.is_array();
      break;
  }
  if (!right_type) wrong_type(setting, json);
  return json.is_string() ? Value(json.get<std::string>()) : parse_value(setting, json.dump());
}

std::string rule_of(const Leaves& leaves) {
  std::string rule;
  for (const auto& [key, value] : leaves)
    if (key == "rule.name") rule = std::get<std::string>(read_leaf(known_setting(key, ""), value));
  return rule;
}

Experiment experiment_from(const Leaves& leaves) {
  Experiment experiment;
  // The rule comes first: it decides which other keys there are.
  const std::string rule = rule_of(leaves);
  if (!rule.empty()) experiment.set("rule.name", rule);
  // Who lists layers means them.
  const auto value_of = [&](const char* key) {
    const auto found =
        std::find_if(leaves.begin(), leaves.end(), [&](const auto& leaf) { return leaf.first == key; });
    return found == leaves.end() ? Json() : found->second;
  };
  if (!value_of("model.segments").empty() && value_of("model.name").is_null())
    experiment.set("model.name", std::string(model_keys::custom));
  for (const auto& [key, value] : leaves)
    if (key != "rule.name") experiment.set(key, read_leaf(known_setting(key, experiment.rule()), value));
  return experiment;
}

std::string advice_for(std::string_view key, std::string_view rule_key) {
  const std::string near = nearest_key(key, rule_key);
  return near.empty() ? "; `grapevine-cli settings` lists them all" : "; did you mean " + near + "?";
}

Setting known_setting(std::string_view key, std::string_view rule_key) {
  if (const Setting* setting = find_setting(key, rule_key)) {
    Setting named = *setting;
    named.key = std::string(key);  // a rule's own settings are listed without "rule."
    return named;
  }
  std::string message = "there is no setting '" + shown(key) + "'";
  const RuleDescriptor* rule = find_rule(rule_key);
  if (key.starts_with("rule.") && rule) {
    std::string own;
    for (const Setting& setting : rule->settings) own += (own.empty() ? "" : ", ") + setting.key;
    message += " for rule " + rule->key + ", which has " + (own.empty() ? "no settings" : own);
  }
  throw InputError(message + advice_for(key, rule_key));
}

}  // namespace grapevine
