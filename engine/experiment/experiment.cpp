#include "engine/experiment/experiment.h"

#include "engine/error.h"
#include "engine/experiment/experiment_json.h"
#include "engine/experiment/registry.h"
#include "engine/experiment/settings.h"

namespace grapevine {

using Json = nlohmann::json;

Experiment::Experiment(std::string_view rule_key) {
  for (const Setting& setting : experiment_settings()) values_[setting.key] = setting.fallback;
  set("rule.name", std::string(rule_key));
}

Experiment Experiment::from_json(const Json& json) {
  return experiment_from(leaves_of(json));
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
    if (setting && setting->kind == Kind::segments)
      leaf = text(key).empty() ? Json::array() : Json::parse(text(key));
    if (setting && setting->kind == Kind::number_list) leaf = numbers_in(text(key));
  }
  return document;
}

void Experiment::set(std::string_view key, const Value& value) {
  check_value(known_setting(key, rule_or_default()), value);
  if (key == "rule.name") {
    for (auto it = values_.begin(); it != values_.end();)
      it = it->first.starts_with("rule.") && it->first != "rule.name" ? values_.erase(it) : std::next(it);
    for (const Setting& own : find_rule(std::get<std::string>(value))->settings)
      values_["rule." + own.key] = own.fallback;
  }
  values_[std::string(key)] = value;
}

void Experiment::set_text(std::string_view key, std::string_view text) {
  set(key, parse_value(known_setting(key, rule_or_default()), text));
}

std::string Experiment::rule_or_default() const {
  const auto found = values_.find("rule.name");
  return found == values_.end() ? "" : std::get<std::string>(found->second);
}

bool Experiment::has(std::string_view key) const {
  return values_.find(key) != values_.end();
}

const Value& Experiment::value(std::string_view key) const {
  const auto found = values_.find(key);
  if (found != values_.end()) return found->second;
  known_setting(key, rule_or_default());  // throws, with advice
  throw InputError("setting '" + std::string(key) + "' has no value");
}

bool Experiment::boolean(std::string_view key) const {
  return std::get<bool>(value(key));
}

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

const std::string& Experiment::text(std::string_view key) const {
  return std::get<std::string>(value(key));
}
const IntegerList& Experiment::integers(std::string_view key) const {
  return std::get<IntegerList>(value(key));
}
const TextList& Experiment::texts(std::string_view key) const {
  return std::get<TextList>(value(key));
}

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
  for (const auto& [key, value] : entries()) {
    if (key == "rule.name" || value == plain.value(key)) continue;
    std::string text = to_text(value);
    // A text that itself begins with a quotation mark would be read as JSON: say it in JSON.
    if (text.starts_with('"')) text = Json(text).dump();
    all.push_back(key + "=" + text);
  }
  return all;
}

void Experiment::check() const {
  const auto all = complaints();
  if (!all.empty()) throw InputError(all.front().message);
}

}  // namespace grapevine
