#include "engine/plans/documents.h"

#include "engine/experiment/registry.h"
#include "engine/experiment/settings.h"

namespace grapevine {

using Json = nlohmann::json;

Json nested_document(const Json& flat) {
  Json result = Json::object();
  for (const auto& [key, value] : flat.items()) {
    Json* place = &result;
    std::size_t begin = 0;
    for (std::size_t dot = key.find('.'); dot != std::string::npos; dot = key.find('.', begin)) {
      place = &(*place)[key.substr(begin, dot - begin)];
      if (!place->is_object()) *place = Json::object();
      begin = dot + 1;
    }
    Json& leaf = (*place)[key.substr(begin)];
    if (value.is_object() && leaf.is_object())
      leaf.merge_patch(nested_document(value));
    else
      leaf = value.is_object() ? nested_document(value) : value;
  }
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
