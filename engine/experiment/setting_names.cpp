// Settings by their names: known, in words, misspelt.
#include <algorithm>
#include <map>

#include "engine/experiment/nearest.h"
#include "engine/experiment/other_names.h"
#include "engine/experiment/registry.h"
#include "engine/experiment/settings.h"

namespace grapevine {

const Setting* find_setting(std::string_view key, std::string_view rule_key) {
  for (const Setting& setting : experiment_settings())
    if (setting.key == key) return &setting;
  if (!key.starts_with("rule.")) return nullptr;
  const RuleDescriptor* rule = find_rule(rule_key);
  if (!rule) return nullptr;
  for (const Setting& setting : rule->settings)
    if (setting.key == key.substr(5)) return &setting;
  return nullptr;
}

const Setting* find_setting_of_any_rule(std::string_view key) {
  if (const Setting* setting = find_setting(key, "")) return setting;
  if (!key.starts_with("rule.")) return nullptr;
  for (const RuleDescriptor& rule : rules())
    if (const Setting* own = find_setting(key, rule.key)) return own;
  return nullptr;
}

const ChoiceWords* words_of_choice(std::string_view key, const std::string& choice) {
  const Setting* setting = find_setting_of_any_rule(key);
  if (!setting) return nullptr;
  const auto found = setting->choice_words.find(choice);
  return found == setting->choice_words.end() ? nullptr : &found->second;
}

std::string changeable_in_forks() {
  const auto group_of = [](const Setting& setting) {
    return setting.key.substr(0, setting.key.find('.') + 1);  // "" where there is no dot
  };
  const std::vector<Setting>& all = experiment_settings();
  std::string text, last;
  for (const Setting& setting : all) {
    if (!setting.may_change_in_fork()) continue;
    const std::string group = group_of(setting);
    const bool is_whole = !group.empty() && std::all_of(all.begin(), all.end(), [&](const Setting& other) {
      return group_of(other) != group || other.may_change_in_fork();
    });
    const std::string words = is_whole ? group + "*" : setting.key;
    if (words != last) text += (text.empty() ? "" : ", ") + words;
    last = words;
  }
  return text;
}

std::string label_of(std::string_view key) {
  if (const Setting* setting = find_setting(key, ""); setting && !setting->label.empty())
    return setting->label;
  // Words that keys shorten; everything else reads well by itself.
  static const std::map<std::string_view, std::string> spelled_out{
      {"lr", "learning rate"}, {"dir", "folder"},      {"init", "initial values"}, {"jvp", "JVP"},
      {"gpu", "GPU"},          {"align", "alignment"}, {"beta1", "beta 1"},        {"beta2", "beta 2"},
  };
  std::string_view rest = key.substr(key.rfind('.') + 1);  // the whole where there is no dot
  std::string text;
  while (!rest.empty()) {
    const std::string_view word = rest.substr(0, rest.find('_'));
    rest.remove_prefix(std::min(word.size() + 1, rest.size()));
    const auto known = spelled_out.find(word);
    text += (text.empty() ? "" : " ") + (known == spelled_out.end() ? std::string(word) : known->second);
  }
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

std::string nearest_key(std::string_view given, std::string_view rule_key) {
  if (std::string meant = key_meant(given); !meant.empty()) return meant;
  if (const std::size_t dot = given.rfind('.'); dot != std::string_view::npos) {
    std::string meant = key_meant(given.substr(dot + 1));  // of optimizer.learning_rate
    if (meant.starts_with(given.substr(0, dot + 1))) return meant;
  }
  const std::string key = in_lower_case(given);
  std::string best;
  std::size_t least = std::max<std::size_t>(2, key.size() / 3) + 1;
  const auto consider = [&](const std::string& known) {
    std::size_t d = edit_distance(key, known, least);
    // "lr" for "optimizer.lr": the part after the last dot counts too.
    const std::size_t dot = known.rfind('.');
    if (dot != std::string::npos && key.find('.') == std::string::npos)
      d = std::min(d, edit_distance(key, std::string_view(known).substr(dot + 1), least) + 1);
    if (d < least) least = d, best = known;
  };
  for (const Setting& setting : experiment_settings()) consider(setting.key);
  if (const RuleDescriptor* rule = find_rule(rule_key))
    for (const Setting& setting : rule->settings) consider("rule." + setting.key);
  return best;
}

}  // namespace grapevine
