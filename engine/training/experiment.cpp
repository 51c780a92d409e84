#include "engine/training/experiment.h"

#include <nlohmann/json.hpp>

#include "engine/error.h"
#include "engine/training/registry.h"

namespace grapevine {
namespace {

using Json = nlohmann::json;

[[noreturn]] void unknown_key(std::string_view key, std::string_view rule_key) {
  std::string message = "there is no setting '" + std::string(key) + "'";
  const RuleDescriptor* rule = find_rule(rule_key);
  if (key.starts_with("rule.") && rule) {
    message += " for rule " + rule->key + ", which has ";
    std::string own;
    for (const Setting& setting : rule->settings) own += (own.empty() ? "" : ", ") + setting.key;
    message += own.empty() ? "no settings" : own;
  }
  const std::string near = nearest_key(key, rule_key);
  if (!near.empty()) message += "; did you mean " + near + "?";
  if (near.empty()) message += "; `grapevine-cli settings` lists all";
  throw InputError(message);
}

const Setting& known_setting(std::string_view key, std::string_view rule_key) {
  const Setting* setting = find_setting(key, rule_key);
  if (!setting) unknown_key(key, rule_key);
  return *setting;
}

// A message that names the key as the experiment file has it.
Setting with_full_key(const Setting& setting, std::string_view key) {
  Setting named = setting;
  named.key = std::string(key);
  return named;
}

Value from_json_value(const Setting& setting, const Json& json) {
  const auto wrong_type = [&]() -> Value {
    throw InputError(setting.key + "=" + json.dump() + " is not allowed: expected " + setting.allowed());
  };
  switch (setting.kind) {
    case Kind::boolean:
      return json.is_boolean() ? Value(json.get<bool>()) : wrong_type();
    case Kind::integer:
    case Kind::number:
    case Kind::count_or_share:
      return json.is_number() ? parse_value(setting, json.dump()) : wrong_type();
    case Kind::text:
    case Kind::choice:
      return json.is_string() ? Value(json.get<std::string>()) : wrong_type();
    case Kind::integer_or_auto:
      if (json.is_number_integer()) return json.dump();
      return json.is_string() ? Value(json.get<std::string>()) : wrong_type();
    case Kind::integer_list: {
      if (!json.is_array()) return wrong_type();
      IntegerList numbers;
      for (const auto& entry : json) {
        if (!entry.is_number_integer()) return wrong_type();
        numbers.push_back(entry.get<std::int64_t>());
      }
      return numbers;
    }
    case Kind::text_list: {
      if (!json.is_array()) return wrong_type();
      TextList words;
      for (const auto& entry : json) {
        if (!entry.is_string()) return wrong_type();
        words.push_back(entry.get<std::string>());
      }
      return words;
    }
  }
  return wrong_type();
}

// The leaves of nested objects, by dotted key.
void flatten(const Json& json, const std::string& prefix, std::vector<std::pair<std::string, const Json*>>& leaves) {
  for (const auto& [key, value] : json.items()) {
    const std::string path = prefix.empty() ? key : prefix + "." + key;
    if (value.is_object())
      flatten(value, path, leaves);
    else
      leaves.emplace_back(path, &value);
  }
}

}  // namespace

Experiment::Experiment(std::string_view rule_key) {
  for (const Setting& setting : experiment_settings()) values_[setting.key] = setting.fallback;
  set("rule.name", std::string(rule_key));
}

Experiment Experiment::from_json(const Json& json) {
  if (!json.is_object()) throw InputError("an experiment must be a JSON object");
  std::vector<std::pair<std::string, const Json*>> leaves;
  flatten(json, "", leaves);
  Experiment experiment;
  // The rule comes first: it decides which other keys there are.
  for (const auto& [key, value] : leaves)
    if (key == "rule.name") experiment.set(key, from_json_value(known_setting(key, ""), *value));
  for (const auto& [key, value] : leaves) {
    if (key == "rule.name") continue;
    const Setting setting = with_full_key(known_setting(key, experiment.rule()), key);
    experiment.set(key, from_json_value(setting, *value));
  }
  return experiment;
}

Json Experiment::to_json() const {
  Json document = Json::object();
  for (const auto& [key, value] : entries()) {
    Json* place = &document;
    std::size_t begin = 0;
    for (std::size_t dot = key.find('.'); dot != std::string::npos; dot = key.find('.', begin)) {
      place = &(*place)[key.substr(begin, dot - begin)];
      begin = dot + 1;
    }
    Json& leaf = (*place)[key.substr(begin)];
    std::visit([&](const auto& v) { leaf = v; }, value);
    const Setting* setting = find_setting(key, rule());
    // "auto" stays a word, a step count becomes a number.
    if (setting && setting->kind == Kind::integer_or_auto && !is_auto(key)) leaf = integer(key);
  }
  return document;
}

void Experiment::set(std::string_view key, const Value& value) {
  const Setting setting = with_full_key(known_setting(key, rule_or_default()), key);
  check_value(setting, value);
  if (key == "rule.name") {
    for (auto it = values_.begin(); it != values_.end();)
      it = it->first.starts_with("rule.") && it->first != "rule.name" ? values_.erase(it) : std::next(it);
    for (const Setting& own : find_rule(std::get<std::string>(value))->settings)
      values_["rule." + own.key] = own.fallback;
  }
  values_[std::string(key)] = value;
}

void Experiment::set_text(std::string_view key, std::string_view text) {
  set(key, parse_value(with_full_key(known_setting(key, rule_or_default()), key), text));
}

std::string Experiment::rule_or_default() const {
  const auto found = values_.find("rule.name");
  return found == values_.end() ? "" : std::get<std::string>(found->second);
}

bool Experiment::has(std::string_view key) const { return values_.find(key) != values_.end(); }

const Value& Experiment::value(std::string_view key) const {
  const auto found = values_.find(key);
  if (found == values_.end()) unknown_key(key, rule_or_default());
  return found->second;
}

bool Experiment::boolean(std::string_view key) const { return std::get<bool>(value(key)); }

std::int64_t Experiment::integer(std::string_view key) const {
  const Value& v = value(key);
  if (const auto* text = std::get_if<std::string>(&v)) return std::stoll(*text);
  return std::get<std::int64_t>(v);
}

double Experiment::number(std::string_view key) const {
  const Value& v = value(key);
  if (const auto* whole = std::get_if<std::int64_t>(&v)) return static_cast<double>(*whole);
  return std::get<double>(v);
}

const std::string& Experiment::text(std::string_view key) const { return std::get<std::string>(value(key)); }
const IntegerList& Experiment::integers(std::string_view key) const { return std::get<IntegerList>(value(key)); }
const TextList& Experiment::texts(std::string_view key) const { return std::get<TextList>(value(key)); }

bool Experiment::is_auto(std::string_view key) const {
  const auto* text = std::get_if<std::string>(&value(key));
  return text && *text == "auto";
}

std::vector<std::pair<std::string, Value>> Experiment::entries() const {
  std::vector<std::pair<std::string, Value>> all;
  for (const Setting& setting : experiment_settings()) {
    all.emplace_back(setting.key, value(setting.key));
    if (setting.key != "rule.name") continue;
    for (const Setting& own : find_rule(rule())->settings) {
      const std::string key = "rule." + own.key;
      all.emplace_back(key, value(key));
    }
  }
  return all;
}

std::vector<std::string> Experiment::differences() const {
  const Experiment plain(rule());
  std::vector<std::string> all;
  if (rule() != Experiment().rule()) all.push_back("rule.name=" + rule());
  for (const auto& [key, value] : entries())
    if (key != "rule.name" && value != plain.value(key)) all.push_back(key + "=" + to_text(value));
  return all;
}

std::vector<Experiment::Complaint> Experiment::complaints() const {
  std::vector<Complaint> all;
  const RuleDescriptor* descriptor = find_rule(rule());
  if (rule() == "grape" && text("rule.init") == "zero")
    all.push_back({"rule.init", "rule.init=zero: GrAPE turns its matrices' columns, and a zero column has no direction; "
                                "use normal, uniform, kaiming or xavier"});
  if (has("rule.orthogonal") && boolean("rule.orthogonal") && text("model.name") == "mlp")
    for (std::int64_t width : integers("model.hidden"))
      if (integer("rule.directions") > width) {
        all.push_back({"rule.directions", "rule.directions=" + std::to_string(integer("rule.directions")) +
                                              ": a layer of " + std::to_string(width) +
                                              " features has room for no more orthogonal directions than that"});
        break;
      }
  if (text("calibration.when") != "never" && descriptor && !descriptor->calibrates)
    all.push_back({"calibration.when", "calibration.when=" + text("calibration.when") + ": rule " + rule() +
                                           " has no direct feedback to calibrate; set it to never"});
  const DataDescriptor* data = find_data(text("data.name"));
  const double held_out = number("data.validation");
  const std::int64_t limit = integer("data.train_limit");
  const double available = limit > 0 ? static_cast<double>(limit) : data ? static_cast<double>(data->train_count) : 0;
  if (held_out >= 1 && available > 0 && held_out >= available)
    all.push_back({"data.validation", "data.validation=" + to_text(value("data.validation")) +
                                          " would leave no training data; use less than " +
                                          std::to_string(static_cast<std::int64_t>(available))});
  const std::string& device = text("device");
  const bool cuda_number = device.starts_with("cuda:") && device.size() > 5 &&
                           device.find_first_not_of("0123456789", 5) == std::string::npos;
  if (device != "auto" && device != "cpu" && device != "cuda" && !cuda_number)
    all.push_back({"device", "device=" + device + ": expected auto, cpu, cuda or cuda:<number>"});
  if (text("model.feedback_points") == "micro")
    all.push_back({"model.feedback_points", "model.feedback_points=micro: model " + text("model.name") +
                                                " has no blocks; use macro"});
  return all;
}

void Experiment::check() const {
  const auto all = complaints();
  if (!all.empty()) throw InputError(all.front().message);
}

}  // namespace grapevine
