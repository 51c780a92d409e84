// What can be set, described once: the form, `--set`, validation, help and the stored JSON are all derived
// from here. Plain C++ without LibTorch and Qt. Everything here is immutable after start-up; any thread may
// call.
#pragma once

#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/experiment/value.h"

namespace grapevine {

enum class Kind {
  boolean,
  integer,          ///< whole number in [low, high]
  number,           ///< real number in [low, high]; open_low / open_high exclude the end itself
  text,             ///< free text
  choice,           ///< one of `choices`
  integer_list,     ///< whole numbers, each in [low, high]
  text_list,        ///< each one of `choices` when there are any
  integer_or_auto,  ///< a whole number in [low, high] or the word auto; held as text
  count_or_share,   ///< a whole number (a count) or a real number below 1 (a share); held as number
  segments,         ///< a network's segments and layers (own_network.h); held as text, the shortest JSON
  number_list,      ///< real numbers, each in [low, high]; held as text, a,b,c in the shortest form
};

/// Who may have a separate value; from many to one.
enum class Scope {
  run,      ///< every run, a race's racers too
  race,     ///< a race as a whole: its racers share the value
  machine,  ///< the same, and it says where and how to compute: it changes none of the numbers
};

/// What people read for a choice.
struct ChoiceWords {
  std::string name, help;
};

/// One setting. `key` is dotted as in an experiment file ("optimizer.lr"); a rule's own settings are listed
/// in the rule's descriptor without the "rule." in front.
struct Setting {
  std::string key;
  Kind kind = Kind::text;
  Value fallback;    ///< the default
  std::string help;  ///< one line
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  bool open_low = false;
  bool open_high = false;
  std::vector<std::string> choices;
  std::map<std::string, ChoiceWords> choice_words = {};  ///< of those whose word does not say it
  bool empty_is_usual = false;                           ///< of a list: empty = what is usual, not nothing
  bool live = false;                                     ///< may change while a run is in progress
  bool forks = false;  ///< a fork may have another value: its network and its batches stay what they are
  /// When not empty: the setting means something only where setting `depends_on` has one of `depends_values`
  /// (the form hides it elsewhere; giving it elsewhere is harmless).
  std::string depends_on;
  std::vector<std::string> depends_values;
  Scope scope = Scope::run;
  std::string label;  ///< what people read in a form; empty = the key's last part, in words (label_of)
  std::string group;  ///< the part of the form that it belongs to, "Learning rules"

  std::string allowed() const;  ///< "a number above 0 and at most 1", "one of sgd, adam"
  bool may_change_in_fork() const { return forks || scope == Scope::machine; }
};

/// Reads `text` (JSON or a bare word; lists also as a,b,c) as this setting's kind. Throws InputError that
/// names the key, the value and what is allowed.
Value parse_value(const Setting& setting, std::string_view text);
/// Throws InputError if the value is of the wrong kind or out of range.
void check_value(const Setting& setting, const Value& value);
/// As in JSON, without quotes round a word; numbers in the C locale, shortest form that reads back the same.
std::string to_text(const Value& value);

/// The numbers of a number_list's text, and back.
std::vector<double> numbers_in(std::string_view text);
std::string numbers_text(const std::vector<double>& numbers);

/// Keys that every experiment has, except the rule's own: in the order of forms and help.
const std::vector<Setting>& experiment_settings();
/// The setting behind "optimizer.lr", "rule.align_rate" (of rule `rule_key`) …; nullptr when there is none.
const Setting* find_setting(std::string_view key, std::string_view rule_key);
/// The same, of whichever rule has it.
const Setting* find_setting_of_any_rule(std::string_view key);
/// What its setting says of a choice; nullptr where the word says it.
const ChoiceWords* words_of_choice(std::string_view key, const std::string& choice);
/// "rule.*, train.epochs": what a fork may change, in the order of forms.
std::string changeable_in_forks();
/// What people read for a key: its setting's label, or its last part in words: "Weight decay".
std::string label_of(std::string_view key);
/// The known key that is nearest to a misspelt one (edit distance), "" when nothing is near.
std::string nearest_key(std::string_view key, std::string_view rule_key);

}  // namespace grapevine
