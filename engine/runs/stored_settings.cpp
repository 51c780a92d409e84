#include "engine/runs/stored_settings.h"

#include <algorithm>

#include "engine/error.h"
#include "engine/experiment/experiment_json.h"
#include "engine/experiment/settings.h"
#include "engine/runs/stored_values.h"

namespace grapevine {

StoredSettings StoredSettings::of(const std::string& experiment) {
  return StoredSettings(parse_stored_json(experiment));
}

bool StoredSettings::take(const Binder& binder, const BoundSetting& bound) const {
  const nlohmann::json* stored = stored_under(binder.full_key(bound), experiment_);
  if (!stored) return false;
  const bool is_word = bound.setting->kind == Kind::text || bound.setting->kind == Kind::choice;
  try {
    bound.write(is_word && stored->is_string() ? Value(stored->get<std::string>())
                                               : read_leaf(*bound.setting, *stored));
  } catch (const InputError&) {
    return false;
  }
  return true;
}

const nlohmann::json* stored_under(const std::string& key, const nlohmann::json& experiment) {
  const nlohmann::json* value = &experiment;
  for (std::size_t begin = 0; begin < key.size();) {
    const std::size_t end = std::min(key.find('.', begin), key.size());
    if (!value->is_object()) return nullptr;
    const auto member = value->find(key.substr(begin, end - begin));
    if (member == value->end()) return nullptr;
    value = &*member;
    begin = end + 1;
  }
  return value;
}

}  // namespace grapevine
