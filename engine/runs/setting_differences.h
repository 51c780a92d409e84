// In which settings stored experiments differ, as far as the settings mean something to their runs. Pure; any
// thread.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace grapevine {

/// Settings in which the stored experiments differ: key, then one value per run; null where it means nothing
/// to the run, as a setting of another rule, or one that counts only with another choice.
struct SettingDifference {
  std::string key;
  std::vector<nlohmann::json> values;

  /// Do two runs that have the setting differ in it? What only some rules have is said by the rule's name.
  bool where_known() const;
  /// Is it the rule's own, and the same in all runs of a rule? Then the rule's name says it. `rules`: one a
  /// run.
  bool follows_from(const std::vector<std::string>& rules) const;
  /// Does it say something about the runs? Not what one is called, where it is computed or when its state is
  /// kept, nor what the rule's name says. `rules`: one a run.
  bool tells_apart(const std::vector<std::string>& rules) const;
  bool is_the_rule() const;
  bool is_the_seed() const;
  /// "lr 0.01", of the run with this number; "" where it means nothing to it.
  std::string words_of(std::size_t run) const;
};

/// The key of the choice with which alone the setting `key` of a run of `rule` counts: schedule.name for
/// schedule.decay; "" where it always does.
std::string deciding_choice(std::string_view key, std::string_view rule);
/// Does it, where that choice is `choice`?
bool counts_beside(std::string_view key, std::string_view rule, std::string_view choice);
/// Does it in a stored experiment?
bool counts_in(std::string_view key, std::string_view rule, const nlohmann::json& experiment);

std::vector<SettingDifference> setting_differences(const std::vector<std::string>& experiments);

}  // namespace grapevine
