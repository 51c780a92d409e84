#include "engine/plans/documents.h"

#include "engine/error.h"
#include "engine/experiment/registry.h"
#include "engine/experiment/settings.h"
#include "engine/experiment/shown.h"

namespace grapevine {

using Json = nlohmann::json;

namespace {

[[noreturn]] void refuse_twice(const std::string& key) {
  throw InputError("the setting " + shown(key) + " appears twice, as {\"" +
                   shown(key.substr(0, key.find('.'))) + "\": …} and with a dotted key; keep one of the two");
}

/// `value` at `place`, whose path is `key`: groups flow together, and nothing takes another's place.
void lay_into(Json& place, const Json& value, const std::string& key);

/// A member of `group`, whose path is `key` ("" for the whole), under a plain or a dotted name.
void lay_member(Json& group, std::string_view name, const Json& value, const std::string& key) {
  const std::size_t dot = name.find('.');
  const std::string head(name.substr(0, dot)), path = key.empty() ? head : key + "." + head;
  if (!group.is_object()) refuse_twice(key);
  if (dot == std::string_view::npos) return lay_into(group[head], value, path);
  Json& below = group[head];
  if (below.is_null()) below = Json::object();
  lay_member(below, name.substr(dot + 1), value, path);
}

void lay_into(Json& place, const Json& value, const std::string& key) {
  const bool is_new = place.is_null();
  if (!is_new && !(place.is_object() && value.is_object())) refuse_twice(key);
  if (!value.is_object()) {
    place = value;
    return;
  }
  if (is_new) place = Json::object();
  for (const auto& [name, member] : value.items()) lay_member(place, name, member, key);
}

}  // namespace

void refuse_other_kinds(const Json& document, std::string_view source) {
  struct Kind {
    const char* key;
    const char* words;
  };
  for (const Kind& kind :
       {Kind{"grid",
             "it is a sweep: grapevine-cli sweep trains it, its experiment alone is under \"experiment\""},
        Kind{"lesson", "it is a lesson: grapevine-cli lessons run trains its experiments"},
        Kind{"runs", "it holds results of runs: the experiment of each is there under \"experiment\""},
        Kind{"experiment", "it holds results of a run: its experiment is there under \"experiment\""}})
    if (document.contains(kind.key))
      throw InputError(std::string(source) + ": this is not an experiment; " + kind.words);
}

Json nested_document(const Json& flat) {
  Json result = Json::object();
  for (const auto& [name, value] : flat.items()) lay_member(result, name, value, "");
  return result;
}

std::string rule_named_in(const Json& document) {
  const auto rule = document.find("rule");
  if (rule == document.end() || !rule->is_object()) return "";
  const auto name = rule->find("name");
  return name != rule->end() && name->is_string() ? name->get<std::string>() : "";
}

Json merged_documents(const Json& common, const Json& overrides) {
  Json result = common;
  const std::string rule = rule_named_in(overrides), named = rule_named_in(common);
  const std::string before = named.empty() ? Experiment().rule() : named;
  if (!rule.empty() && rule != before && result.contains("rule") && result["rule"].is_object()) {
    Json kept = Json::object();
    for (const auto& [key, value] : result["rule"].items())
      if (key != "name" && find_setting("rule." + key, rule)) kept[key] = value;
    result["rule"] = kept;
  }
  result.merge_patch(overrides);
  return result;
}

}  // namespace grapevine
