#include "engine/experiment/bound_settings.h"

#include <algorithm>
#include <stdexcept>

#include "engine/experiment/experiment.h"
#include "engine/experiment/settings.h"

namespace grapevine {
namespace {

Setting described(Kind kind, std::string key, std::string help, Range range = {}) {
  Setting setting;
  setting.kind = kind;
  setting.key = std::move(key);
  setting.help = std::move(help);
  setting.low = range.low;
  setting.high = range.high;
  setting.open_low = range.open_low;
  setting.open_high = range.open_high;
  return setting;
}

// A whole number is a number too, as Experiment::number has it.
double number_in(const Value& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
  return std::get<double>(value);
}

/// A member that holds one of a Value's own types.
template <class T>
std::function<Value()> reader(T& member) {
  return [&member] { return Value(member); };
}
template <class T>
std::function<void(const Value&)> writer(T& member) {
  return [&member](const Value& value) { member = std::get<T>(value); };
}
std::function<void(const Value&)> number_writer(double& member) {
  return [&member](const Value& value) { member = number_in(value); };
}

constexpr const char* automatic = "auto";

}  // namespace

BoundSetting::BoundSetting(Setting described, std::function<Value()> reader,
                           std::function<void(const Value&)> writer)
    : setting(std::make_unique<Setting>(std::move(described))),
      read(std::move(reader)),
      write(std::move(writer)) {
  setting->fallback = read();
}

BoundSetting::~BoundSetting() = default;

const std::string& BoundSetting::key() const {
  return setting->key;
}

BoundSetting& BoundSetting::live() {
  setting->live = true;
  return *this;
}

BoundSetting& BoundSetting::labelled(std::string label) {
  setting->label = std::move(label);
  return *this;
}

BoundSetting& BoundSetting::in_scope(Scope scope) {
  setting->scope = scope;
  return *this;
}

BoundSetting& BoundSetting::choice_named(std::string_view choice, std::string name, std::string help) {
  const TextList& choices = setting->choices;
  if (std::find(choices.begin(), choices.end(), choice) == choices.end())
    throw std::logic_error(setting->key + " has no choice " + std::string(choice));
  setting->choice_words[std::string(choice)] = {std::move(name), std::move(help)};
  return *this;
}

BoundSetting& BoundSetting::empty_is_usual() {
  setting->empty_is_usual = true;
  return *this;
}

BoundSetting& BoundSetting::may_change_in_fork() {
  setting->forks = true;
  return *this;
}

BoundSetting& BoundSetting::only_where(Condition where) {
  setting->depends_on = std::move(where.key);
  setting->depends_values = std::move(where.words);
  return *this;
}

BoundSetting& Binder::add(const Setting& setting, std::function<Value()> read,
                          std::function<void(const Value&)> write) {
  return all_.emplace_back(setting, std::move(read), std::move(write));
}

BoundSetting& Binder::add(const Setting& setting, const void* member, std::function<Value()> read,
                          std::function<void(const Value&)> write) {
  BoundSetting& bound = add(setting, std::move(read), std::move(write));
  bound.member = member;
  return bound;
}

const BoundSetting& Binder::bound_to(const void* member) const {
  const auto found = std::find_if(all_.begin(), all_.end(),
                                  [&](const BoundSetting& bound) { return bound.member == member; });
  if (found == all_.end()) throw std::logic_error("no setting of " + group_ + "* is bound to this member");
  return *found;
}

BoundSetting& Binder::named(std::string key, TextList choices, std::string help,
                            std::function<std::string()> read,
                            std::function<void(const std::string&)> write) {
  Setting setting = described(Kind::choice, std::move(key), std::move(help));
  setting.choices = std::move(choices);
  return add(
      setting, [read = std::move(read)] { return Value(read()); },
      [write = std::move(write)](const Value& value) { write(std::get<std::string>(value)); });
}

BoundSetting& Binder::number(double& member, std::string key, Range range, std::string help) {
  return add(described(Kind::number, std::move(key), std::move(help), range), &member, reader(member),
             number_writer(member));
}

BoundSetting& Binder::integer(std::int64_t& member, std::string key, Range range, std::string help) {
  return add(described(Kind::integer, std::move(key), std::move(help), range), &member, reader(member),
             writer(member));
}

BoundChoice<bool> Binder::toggle(bool& member, std::string key, std::string help) {
  BoundSetting& bound =
      add(described(Kind::boolean, std::move(key), std::move(help)), &member, reader(member), writer(member));
  return {bound, group_ + bound.key(), {{"false", false}, {"true", true}}};
}

BoundSetting& Binder::text(std::string& member, std::string key, std::string help) {
  return add(described(Kind::text, std::move(key), std::move(help)), &member, reader(member), writer(member));
}

BoundSetting& Binder::integers(IntegerList& member, std::string key, Range range, std::string help) {
  return add(described(Kind::integer_list, std::move(key), std::move(help), range), &member, reader(member),
             writer(member));
}

BoundSetting& Binder::numbers(std::vector<double>& member, std::string key, Range range, std::string help) {
  return add(
      described(Kind::number_list, std::move(key), std::move(help), range), &member,
      [&member] { return Value(numbers_text(member)); },
      [&member](const Value& value) { member = numbers_in(std::get<std::string>(value)); });
}

BoundSetting& Binder::integer_or_auto(std::optional<std::int64_t>& member, std::string key, Range range,
                                      std::string help) {
  return add(
      described(Kind::integer_or_auto, std::move(key), std::move(help), range), &member,
      [&member] { return Value(member ? std::to_string(*member) : std::string(automatic)); },
      [&member](const Value& value) {
        const auto& given = std::get<std::string>(value);
        member = given == automatic ? std::nullopt : std::optional(std::int64_t{std::stoll(given)});
      });
}

BoundSetting& Binder::count_or_share(double& member, std::string key, std::string help) {
  return add(described(Kind::count_or_share, std::move(key), std::move(help), at_least(0)), &member,
             reader(member), number_writer(member));
}

BoundSetting& Binder::segments(std::string& member, std::string key, std::string help) {
  return add(described(Kind::segments, std::move(key), std::move(help)), &member, reader(member),
             writer(member));
}

BoundChoice<std::string> Binder::word(std::string& member, std::string key, const TextList& choices,
                                      std::string help) {
  BoundSetting& bound = named(
      std::move(key), choices, std::move(help), [&member] { return member; },
      [&member](const std::string& given) { member = given; });
  bound.member = &member;
  WordsOf<std::string> words;
  for (const std::string& choice : bound.setting->choices) words.emplace_back(choice, choice);
  return {bound, group_ + bound.key(), std::move(words)};
}

BoundSetting& Binder::words(TextList& member, std::string key, TextList choices, std::string help) {
  Setting setting = described(Kind::text_list, std::move(key), std::move(help));
  setting.choices = std::move(choices);
  return add(setting, &member, reader(member), writer(member));
}

BoundSetting& Binder::flags(const WordsOf<bool*>& members, std::string key, std::string help) {
  Setting setting = described(Kind::text_list, std::move(key), std::move(help));
  for (const auto& [word, member] : members) setting.choices.emplace_back(word);
  return add(
      setting,
      [members] {
        TextList given;
        for (const auto& [word, member] : members)
          if (*member) given.emplace_back(word);
        return Value(given);
      },
      [members](const Value& value) {
        const auto& given = std::get<TextList>(value);
        for (const auto& [word, member] : members)
          *member = std::find(given.begin(), given.end(), word) != given.end();
      });
}

void Binder::list_of_rule(std::vector<Setting>& list) const {
  const std::size_t before = list.size();
  list_bare(list);
  for (std::size_t i = before; i < list.size(); ++i) list[i].forks = true;
}

void Binder::list_bare(std::vector<Setting>& list) const {
  for (const BoundSetting& bound : all_) list.push_back(*bound.setting);
}

void Binder::list(std::vector<Setting>& list) const {
  const std::size_t before = list.size();
  list_bare(list);
  for (std::size_t i = before; i < list.size(); ++i) list[i].key = group_ + list[i].key;
}

void Binder::read(const Experiment& experiment) {
  for (const BoundSetting& bound : all_) bound.write(experiment.value(group_ + bound.key()));
}

void Binder::read_what_is_there(const Experiment& experiment) {
  for (const BoundSetting& bound : all_)
    if (const std::string key = group_ + bound.key(); experiment.has(key)) bound.write(experiment.value(key));
}

bool Binder::change(std::string_view key, const Value& value) {
  for (const BoundSetting& bound : all_) {
    if (bound.key() != key || !bound.setting->live) continue;
    bound.write(value);
    return true;
  }
  return false;
}

}  // namespace grapevine
