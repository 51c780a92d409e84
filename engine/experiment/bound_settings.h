// Settings as the members of a struct. The struct's bind() says of each member, once, its key, what it may
// be, what it is for and whether it may change while a run is in progress; its default is the member's own.
// From it follow what forms and help show, reading an experiment, and a live change:
//
//   struct StepSettings {
//     double rate = 0.1;
//     void bind(Binder& to) { to.number(rate, "rate", above(0), "learning rate").live(); }
//   };
//
// Plain C++. A Binder and the struct that is bound to it belong to one thread.
#pragma once

#include <deque>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "engine/experiment/value.h"

namespace grapevine {

class Experiment;
// settings.h, for code that uses them: what binds settings does not depend on how they are described.
struct Setting;
enum class Scope;

/// Which numbers may be given, as at_least(0).below(1).
struct Range {
  double low = -std::numeric_limits<double>::infinity(), high = std::numeric_limits<double>::infinity();
  bool open_low = false, open_high = false;

  constexpr Range at_most(double value) const { return {low, value, open_low, false}; }
  constexpr Range below(double value) const { return {low, value, open_low, true}; }
};
constexpr Range at_least(double value) {
  return {value, std::numeric_limits<double>::infinity(), false, false};
}
constexpr Range above(double value) {
  return {value, std::numeric_limits<double>::infinity(), true, false};
}
constexpr double largest_count = static_cast<double>(std::int64_t{1} << 40);  ///< of steps, records …

/// The values of a choice and the words that they have in files and on the command line, in the order of
/// forms.
template <class T>
using WordsOf = std::vector<std::pair<std::string_view, T>>;

template <class T>
std::string word_of(const WordsOf<T>& words, const T& value) {
  for (const auto& [word, meaning] : words)
    if (meaning == value) return std::string(word);
  return "";
}

/// "Where that setting has one of these values."
struct Condition {
  std::string key;
  std::vector<std::string> words;
};

/// A member and its setting.
struct BoundSetting {
  /// `key` without its group; the default is what the member held when it was bound.
  std::unique_ptr<Setting> setting;
  std::function<Value()> read;
  std::function<void(const Value&)> write;
  const void* member = nullptr;  ///< what it is bound to; nothing where that is several

  BoundSetting(Setting described, std::function<Value()> reader, std::function<void(const Value&)> writer);
  ~BoundSetting();

  const std::string& key() const;
  BoundSetting& live();
  /// What people read in a form, where the key's last part in words would not do.
  BoundSetting& labelled(std::string label);
  BoundSetting& in_scope(Scope scope);
  /// What people read for a choice, where its word would not do.
  BoundSetting& choice_named(std::string_view choice, std::string name, std::string help = {});
  /// An empty list stands for what is usual.
  BoundSetting& empty_is_usual();
  BoundSetting& may_change_in_fork();
  /// The setting means something only there.
  BoundSetting& only_where(Condition where);
};

/// A bound choice, on whose values others may depend.
template <class T>
class BoundChoice {
 public:
  BoundChoice(BoundSetting& bound, std::string full_key, WordsOf<T> words)
      : bound_(bound), full_key_(std::move(full_key)), words_(std::move(words)) {}
  BoundChoice& live() {
    bound_.live();
    return *this;
  }
  BoundChoice& only_where(Condition where) {
    bound_.only_where(std::move(where));
    return *this;
  }
  BoundChoice& labelled(std::string label) {
    bound_.labelled(std::move(label));
    return *this;
  }
  BoundChoice& in_scope(Scope scope) {
    bound_.in_scope(scope);
    return *this;
  }
  BoundChoice& may_change_in_fork() {
    bound_.may_change_in_fork();
    return *this;
  }
  BoundChoice& choice_named(const T& choice, std::string name, std::string help = {}) {
    bound_.choice_named(word_of<T>(words_, choice), std::move(name), std::move(help));
    return *this;
  }
  Condition is(const std::vector<T>& values) const {
    Condition condition{full_key_, {}};
    for (const auto& value : values) condition.words.push_back(word_of<T>(words_, value));
    return condition;
  }

 private:
  BoundSetting& bound_;
  std::string full_key_;
  WordsOf<T> words_;
};

class Binder {
 public:
  /// `group` goes before every key: "rule.", "optimizer."; "" where keys have no prefix.
  explicit Binder(std::string group) : group_(std::move(group)) {}
  Binder(const Binder&) = delete;

  BoundSetting& number(double& member, std::string key, Range range, std::string help);
  BoundSetting& integer(std::int64_t& member, std::string key, Range range, std::string help);
  BoundChoice<bool> toggle(bool& member, std::string key, std::string help);
  BoundSetting& text(std::string& member, std::string key, std::string help);
  BoundSetting& integers(IntegerList& member, std::string key, Range range, std::string help);
  BoundSetting& numbers(std::vector<double>& member, std::string key, Range range, std::string help);
  /// A whole number, or the word auto: no number.
  BoundSetting& integer_or_auto(std::optional<std::int64_t>& member, std::string key, Range range,
                                std::string help);
  /// A count, or below 1 a share.
  BoundSetting& count_or_share(double& member, std::string key, std::string help);
  /// Layers as a file lists them (own_network.h), "" = none.
  BoundSetting& segments(std::string& member, std::string key, std::string help);
  /// One word, or several, of a list that isn't known to the compiler.
  BoundChoice<std::string> word(std::string& member, std::string key, const TextList& choices,
                                std::string help);
  BoundSetting& words(TextList& member, std::string key, TextList choices, std::string help);
  /// A list that may contain each of these words.
  BoundSetting& flags(const WordsOf<bool*>& members, std::string key, std::string help);
  template <class T>
  BoundChoice<T> choice(T& member, std::string key, std::type_identity_t<WordsOf<T>> words,
                        std::string help) {
    TextList choices;
    for (const auto& [word, value] : words) choices.emplace_back(word);
    BoundSetting& bound = named(
        std::move(key), std::move(choices), std::move(help),
        [&member, words] { return word_of<T>(words, member); },
        [&member, words](const std::string& given) {
          for (const auto& [word, value] : words)
            if (word == given) member = value;
        });
    bound.member = &member;
    return {bound, group_ + bound.key(), std::move(words)};
  }

  /// In the order in which they were bound.
  const std::deque<BoundSetting>& all() const { return all_; }
  /// The setting that is bound to this member. Throws std::logic_error where none is.
  const BoundSetting& bound_to(const void* member) const;
  std::string full_key(const BoundSetting& bound) const { return group_ + bound.key(); }
  /// Adds them to a list of descriptors, with their group before their keys.
  void list(std::vector<Setting>& list) const;
  /// A rule's own, all of which a fork may change.
  void list_of_rule(std::vector<Setting>& list) const;

  /// Fills every member. Throws InputError where the experiment has no such setting.
  void read(const Experiment& experiment);
  /// Only those that the experiment has.
  void read_what_is_there(const Experiment& experiment);
  /// Changes the member behind a bare key; false where there is none, or it may not change while a run goes
  /// on.
  bool change(std::string_view key, const Value& value);

 private:
  BoundSetting& add(const Setting& setting, std::function<Value()> read,
                    std::function<void(const Value&)> write);
  BoundSetting& add(const Setting& setting, const void* member, std::function<Value()> read,
                    std::function<void(const Value&)> write);
  BoundSetting& named(std::string key, TextList choices, std::string help, std::function<std::string()> read,
                      std::function<void(const std::string&)> write);
  void list_bare(std::vector<Setting>& list) const;

  std::string group_;
  std::deque<BoundSetting> all_;
};

/// A struct of settings as an experiment has them, and what is described of them. `group` precedes their
/// keys.
template <class Settings>
Settings settings_from(const Experiment& experiment, const char* group = Settings::group) {
  Settings settings;
  Binder binder(group);
  settings.bind(binder);
  binder.read(experiment);
  return settings;
}
/// `List` is left as it is: a place where Setting is known.
template <class Settings, class List = std::vector<Setting>>
List settings_of() {
  Settings settings;
  Binder binder(Settings::group);
  settings.bind(binder);
  List list;
  binder.list(list);
  return list;
}

/// The key of a member's setting, for those who handle settings as such: key_of(&RunSettings::seed).
template <class Settings, class Member>
std::string key_of(Member Settings::*member) {
  Settings settings;
  Binder binder(Settings::group);
  settings.bind(binder);
  return binder.full_key(binder.bound_to(&(settings.*member)));
}

/// A rule's own settings have the prefix "rule."; its descriptor lists them without.
inline constexpr const char* rule_group = "rule.";
template <class Settings>
Settings rule_settings_from(const Experiment& experiment) {
  return settings_from<Settings>(experiment, rule_group);
}
template <class Settings>
void list_rule_settings(std::vector<Setting>& list) {
  Settings settings;
  Binder binder(rule_group);
  settings.bind(binder);
  binder.list_of_rule(list);
}

}  // namespace grapevine
