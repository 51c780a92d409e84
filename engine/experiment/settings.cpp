#include "engine/experiment/settings.h"
#include "engine/experiment/number_hint.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

#include "engine/error.h"
#include "engine/experiment/json_text.h"
#include "engine/experiment/nearest.h"
#include "engine/experiment/other_names.h"
#include "engine/experiment/own_network.h"
#include "engine/experiment/registry.h"
#include "engine/experiment/shown.h"

namespace grapevine {
namespace {

using Json = nlohmann::json;

std::string number_text(double value) {
  char buffer[32];
  const auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, value);
  return error == std::errc() ? std::string(buffer, end) : std::to_string(value);
}

// A limit is read by people: 1000000, not 1e+06.
std::string limit_text(double value) {
  const bool whole = std::floor(value) == value && std::abs(value) < 1e15;
  return whole ? std::to_string(static_cast<std::int64_t>(value)) : number_text(value);
}

std::string joined(const TextList& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

std::string range_text(const Setting& setting, const char* noun) {
  const bool low = std::isfinite(setting.low), high = std::isfinite(setting.high);
  std::string text = noun;
  if (low) text += (setting.open_low ? " above " : " of at least ") + limit_text(setting.low);
  if (low && high) text += " and";
  if (high) text += (setting.open_high ? " below " : " at most ") + limit_text(setting.high);
  return text;
}

/// "; did you mean mnist?" for the first of the words that the setting doesn't know.
std::string suggestion(const Setting& setting, const TextList& words) {
  for (const std::string& word : words) {
    if (std::find(setting.choices.begin(), setting.choices.end(), word) != setting.choices.end()) continue;
    const TextList near = nearest_words(word, setting.choices, 1);
    return near.empty() ? "" : "; did you mean " + near.front() + "?";
  }
  return "";
}

[[noreturn]] void refuse(const Setting& setting, std::string_view value, const TextList& words = {}) {
  const bool is_number = setting.kind == Kind::number || setting.kind == Kind::integer ||
                         setting.kind == Kind::count_or_share || setting.kind == Kind::integer_or_auto;
  const std::string hint = is_number ? number_hint(value) : "";
  throw InputError(setting.key + "=" + shown(value) + " is not allowed: expected " + setting.allowed() +
                   (hint.empty() ? suggestion(setting, words) : "; " + hint));
}

/// The words of a value of words.
TextList words_in(const Value& value) {
  if (const auto* word = std::get_if<std::string>(&value)) return {*word};
  const auto* words = std::get_if<TextList>(&value);
  return words ? *words : TextList{};
}

bool in_range(const Setting& setting, double value) {
  if (std::isnan(value)) return false;
  const bool above = setting.open_low ? value > setting.low : value >= setting.low;
  const bool below = setting.open_high ? value < setting.high : value <= setting.high;
  return above && below;
}

// Words of a,b,c or of a JSON list.
TextList split_list(const Setting& setting, std::string_view text) {
  TextList words;
  if (!text.empty() && text.front() == '[') {
    const Json json = Json::parse(text, nullptr, false);
    if (!json.is_array()) refuse(setting, text);
    for (const auto& entry : json)
      words.push_back(entry.is_string() ? entry.get<std::string>() : entry.dump());
    return words;
  }
  std::size_t begin = 0;
  while (begin < text.size()) {
    std::size_t end = text.find(',', begin);
    if (end == std::string_view::npos) end = text.size();
    std::string_view word = text.substr(begin, end - begin);
    while (!word.empty() && word.front() == ' ') word.remove_prefix(1);
    while (!word.empty() && word.back() == ' ') word.remove_suffix(1);
    words.emplace_back(word);
    begin = end + 1;
  }
  return words;
}

template <class Number>
bool read_number(std::string_view text, Number& out) {
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size();
}

// A whole number, also written as 1e3 or 100.0.
bool read_integer(std::string_view text, std::int64_t& out) {
  if (read_number(text, out)) return true;
  double real = 0;
  if (!read_number(text, real) || std::floor(real) != real || std::abs(real) > 9e15) return false;
  out = static_cast<std::int64_t>(real);
  return true;
}

/// Numbers that are allowed, in the form in which equal lists are the same text.
bool is_number_list(const Setting& setting, const std::string& text) {
  const std::vector<double> numbers = numbers_in(text);
  return numbers_text(numbers) == text && std::all_of(numbers.begin(), numbers.end(), [&](double number) {
           return std::isfinite(number) && in_range(setting, number);
         });
}

bool is_utf8(const std::string& text) {
  try {
    (void)Json(text).dump();
    return true;
  } catch (const Json::type_error&) {
    return false;
  }
}

}  // namespace

std::string Setting::allowed() const {
  switch (kind) {
    case Kind::boolean:
      return "true or false";
    case Kind::integer:
      return range_text(*this, "a whole number");
    case Kind::number:
      return range_text(*this, "a number");
    case Kind::text:
      return "text";
    case Kind::choice:
      return "one of " + joined(choices);
    case Kind::integer_list:
      return range_text(*this, "a list of whole numbers (a,b,c), each");
    case Kind::number_list:
      return range_text(*this, "a list of numbers (a,b,c), each");
    case Kind::text_list:
      return choices.empty() ? "an empty list (there is nothing to choose from yet)"
                             : "a list (a,b,c) from " + joined(choices);
    case Kind::integer_or_auto:
      return "auto or " + range_text(*this, "a whole number");
    case Kind::count_or_share:
      return "a whole number (a count) or a fraction of at least 0 and below 1";
    case Kind::segments:
      return "a list of segments, each a list of layers, as [[{\"type\": \"flatten\"}, {\"type\": "
             "\"linear\", "
             "\"out\": 128}], …]";
  }
  return "";
}

Value parse_value(const Setting& setting, std::string_view given) {
  std::string_view text = given;
  std::string unquoted;
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
    const Json json = Json::parse(text, nullptr, false);
    if (json.is_string()) unquoted = json.get<std::string>(), text = unquoted;
  }
  if (is_too_deep(text)) refuse(setting, std::string(text.substr(0, 12)) + "…");
  Value value;
  switch (setting.kind) {
    case Kind::boolean: {
      static const TextList yes{"true", "on", "yes", "1"}, no{"false", "off", "no", "0"};
      const std::string word = in_lower_case(text);  // Python's True, too
      const bool is_yes = std::find(yes.begin(), yes.end(), word) != yes.end();
      if (!is_yes && std::find(no.begin(), no.end(), word) == no.end()) refuse(setting, given);
      value = is_yes;
      break;
    }
    case Kind::integer: {
      std::int64_t number = 0;
      if (!read_integer(text, number)) refuse(setting, given);
      value = number;
      break;
    }
    case Kind::number:
    case Kind::count_or_share: {
      double number = 0;
      if (!read_number(text, number)) refuse(setting, given);
      value = number;
      break;
    }
    case Kind::text:
    case Kind::choice:
      value = std::string(text);
      break;
    case Kind::integer_or_auto: {
      std::int64_t number = 0;
      const std::string low = in_lower_case(text);
      value = read_integer(text, number) ? std::to_string(number) : low == "auto" ? low : std::string(text);
      break;
    }
    case Kind::integer_list: {
      IntegerList numbers;
      for (const auto& word : split_list(setting, text)) {
        std::int64_t number = 0;
        if (!read_integer(word, number)) refuse(setting, given);
        numbers.push_back(number);
      }
      value = numbers;
      break;
    }
    case Kind::number_list: {
      std::vector<double> numbers;
      for (const auto& word : split_list(setting, text))
        if (!read_number(word, numbers.emplace_back())) refuse(setting, given);
      value = numbers_text(numbers);
      break;
    }
    case Kind::text_list:
      value = split_list(setting, text);
      break;
    case Kind::segments:
      value = write_segments(read_segments(text));
      break;
  }
  check_value(setting, value);
  return value;
}

void check_value(const Setting& setting, const Value& value) {
  const auto holds = [&](auto sample) { return std::holds_alternative<decltype(sample)>(value); };
  bool fine = false;
  switch (setting.kind) {
    case Kind::boolean:
      fine = holds(false);
      break;
    case Kind::integer:
      fine = holds(std::int64_t{}) && in_range(setting, static_cast<double>(std::get<std::int64_t>(value)));
      break;
    case Kind::number:
      fine = holds(double{}) && std::isfinite(std::get<double>(value)) &&
             in_range(setting, std::get<double>(value));
      break;
    case Kind::count_or_share: {
      const double number = holds(double{}) ? std::get<double>(value) : -1;
      fine = number >= 0 && (number < 1 || std::floor(number) == number) && std::isfinite(number);
      break;
    }
    case Kind::text:
      if (holds(std::string{}) && !is_utf8(std::get<std::string>(value)))
        throw InputError(setting.key +
                         " is not allowed: expected text in UTF-8, as JSON and the database hold it");
      fine = holds(std::string{});
      break;
    case Kind::choice:
      fine = holds(std::string{}) && std::find(setting.choices.begin(), setting.choices.end(),
                                               std::get<std::string>(value)) != setting.choices.end();
      break;
    case Kind::integer_or_auto: {
      std::int64_t number = 0;
      fine = holds(std::string{}) &&
             (std::get<std::string>(value) == "auto" || (read_number(std::get<std::string>(value), number) &&
                                                         in_range(setting, static_cast<double>(number))));
      break;
    }
    case Kind::integer_list:
      fine = holds(IntegerList{});
      if (fine)
        for (auto number : std::get<IntegerList>(value))
          fine = fine && in_range(setting, static_cast<double>(number));
      break;
    case Kind::number_list:
      fine = holds(std::string{}) && is_number_list(setting, std::get<std::string>(value));
      break;
    case Kind::text_list:
      fine = holds(TextList{});
      if (fine)
        for (const auto& word : std::get<TextList>(value))
          fine = fine &&
                 std::find(setting.choices.begin(), setting.choices.end(), word) != setting.choices.end();
      break;
    case Kind::segments:
      // One network has one text, so that equal experiments compare equal.
      fine = holds(std::string{}) &&
             write_segments(read_segments(std::get<std::string>(value))) == std::get<std::string>(value);
      break;
  }
  if (!fine) refuse(setting, to_text(value), words_in(value));
}

std::string to_text(const Value& value) {
  struct Writer {
    std::string operator()(bool v) const { return v ? "true" : "false"; }
    std::string operator()(std::int64_t v) const { return std::to_string(v); }
    std::string operator()(double v) const { return number_text(v); }
    std::string operator()(const std::string& v) const { return v; }
    std::string operator()(const IntegerList& v) const {
      std::string text;
      for (auto number : v) text += (text.empty() ? "" : ",") + std::to_string(number);
      return text;
    }
    std::string operator()(const TextList& v) const {
      std::string text;
      for (const auto& word : v) text += (text.empty() ? "" : ",") + word;
      return text;
    }
  };
  return std::visit(Writer{}, value);
}

std::vector<double> numbers_in(std::string_view text) {
  std::vector<double> numbers;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    double number = std::numeric_limits<double>::quiet_NaN();
    read_number(text.substr(0, comma), number);
    numbers.push_back(number);
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return numbers;
}

std::string numbers_text(const std::vector<double>& numbers) {
  std::string text;
  for (const double number : numbers) text += (text.empty() ? "" : ",") + number_text(number);
  return text;
}

}  // namespace grapevine
