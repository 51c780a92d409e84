#include "engine/experiment/bound_settings.h"

#include <algorithm>

#include "engine/experiment/experiment.h"

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

BoundSetting& Binder::add(Setting setting, std::function<Value()> read,
                          std::function<void(const Value&)> write) {
  setting.fallback = read();
  all_.push_back({std::move(setting), std::move(read), std::move(write)});
  return all_.back();
}

BoundSetting& Binder::named(std::string key, TextList choices, std::string help,
                            std::function<std::string()> read,
                            std::function<void(const std::string&)> write) {
  Setting setting = described(Kind::choice, std::move(key), std::move(help));
  setting.choices = std::move(choices);
  return add(
      std::move(setting), [read = std::move(read)] { return Value(read()); },
      [write = std::move(write)](const Value& value) { write(std::get<std::string>(value)); });
}

BoundSetting& Binder::number(double& member, std::string key, Range range, std::string help) {
  return add(described(Kind::number, std::move(key), std::move(help), range), reader(member),
             number_writer(member));
}

BoundSetting& Binder::integer(std::int64_t& member, std::string key, Range range, std::string help) {
  return add(described(Kind::integer, std::move(key), std::move(help), range), reader(member),
             writer(member));
}

BoundChoice<bool> Binder::toggle(bool& member, std::string key, std::string help) {
  BoundSetting& bound =
      add(described(Kind::boolean, std::move(key), std::move(help)), reader(member), writer(member));
  return {bound, group_ + bound.setting.key, {{"false", false}, {"true", true}}};
}

BoundSetting& Binder::text(std::string& member, std::string key, std::string help) {
  return add(described(Kind::text, std::move(key), std::move(help)), reader(member), writer(member));
}

BoundSetting& Binder::integers(IntegerList& member, std::string key, Range range, std::string help) {
  return add(described(Kind::integer_list, std::move(key), std::move(help), range), reader(member),
             writer(member));
}

BoundSetting& Binder::numbers(std::vector<double>& member, std::string key, Range range, std::string help) {
  return add(
      described(Kind::number_list, std::move(key), std::move(help), range),
      [&member] { return Value(numbers_text(member)); },
      [&member](const Value& value) { member = numbers_in(std::get<std::string>(value)); });
}

BoundSetting& Binder::integer_or_auto(std::optional<std::int64_t>& member, std::string key, Range range,
                                      std::string help) {
  return add(
      described(Kind::integer_or_auto, std::move(key), std::move(help), range),
      [&member] { return Value(member ? std::to_string(*member) : std::string(automatic)); },
      [&member](const Value& value) {
        const auto& given = std::get<std::string>(value);
        member = given == automatic ? std::nullopt : std::optional(std::int64_t{std::stoll(given)});
      });
}

BoundSetting& Binder::count_or_share(double& member, std::string key, std::string help) {
  return add(described(Kind::count_or_share, std::move(key), std::move(help), at_least(0)), reader(member),
             number_writer(member));
}

BoundSetting& Binder::segments(std::string& member, std::string key, std::string help) {
  return add(described(Kind::segments, std::move(key), std::move(help)), reader(member), writer(member));
}

BoundChoice<std::string> Binder::word(std::string& member, std::string key, const TextList& choices,
                                      std::string help) {
  BoundSetting& bound = named(
      std::move(key), choices, std::move(help), [&member] { return member; },
      [&member](const std::string& given) { member = given; });
  WordsOf<std::string> words;
  for (const std::string& choice : bound.setting.choices) words.emplace_back(choice, choice);
  return {bound, group_ + bound.setting.key, std::move(words)};
}

BoundSetting& Binder::words(TextList& member, std::string key, TextList choices, std::string help) {
  Setting setting = described(Kind::text_list, std::move(key), std::move(help));
  setting.choices = std::move(choices);
  return add(std::move(setting), reader(member), writer(member));
}

BoundSetting& Binder::flags(const WordsOf<bool*>& members, std::string key, std::string help) {
  Setting setting = described(Kind::text_list, std::move(key), std::move(help));
  for (const auto& [word, member] : members) setting.choices.emplace_back(word);
  return add(
      std::move(setting),
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

std::vector<Setting> Binder::bare_settings() const {
  std::vector<Setting> settings;
  for (const BoundSetting& bound : all_) settings.push_back(bound.setting);
  return settings;
}

std::vector<Setting> Binder::settings() const {
  std::vector<Setting> settings = bare_settings();
  for (Setting& setting : settings) setting.key = group_ + setting.key;
  return settings;
}

void Binder::read(const Experiment& experiment) {
  for (const BoundSetting& bound : all_) bound.write(experiment.value(group_ + bound.setting.key));
}

void Binder::read_what_is_there(const Experiment& experiment) {
  for (const BoundSetting& bound : all_)
    if (const std::string key = group_ + bound.setting.key; experiment.has(key))
      bound.write(experiment.value(key));
}

bool Binder::change(std::string_view key, const Value& value) {
  for (const BoundSetting& bound : all_) {
    if (bound.setting.key != key || !bound.setting.live) continue;
    bound.write(value);
    return true;
  }
  return false;
}

}  // namespace grapevine
