// A value of a lesson's document with its place, which refuses what it can't be in one sentence that names
// file, line and key. Private to lessons/.
#pragma once

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "engine/error.h"
#include "engine/experiment/json_text.h"
#include "engine/experiment/nearest.h"
#include "engine/lessons/line_map.h"

namespace grapevine {

inline constexpr std::size_t longest_lesson_text = 4000, most_lesson_entries = 100;

/// The file that is being read: for messages.
struct LessonSource {
  std::string name;
  LineMap lines;
};

/// A value of the document with its place. Each reading function refuses what it can't be.
class LessonPart {
 public:
  LessonPart(const nlohmann::json& json, const LessonSource& source, std::string path = {},
             std::string words = {})
      : json_(&json), source_(&source), path_(std::move(path)), words_(std::move(words)) {}

  [[noreturn]] void refuse(const std::string& what) const {
    const auto line = source_->lines.find(path_);
    std::string place = source_->name;
    if (line != source_->lines.end()) place += ": line " + std::to_string(line->second);
    throw InputError(place + (words_.empty() ? "" : ": " + words_) + ": " + what);
  }
  /// An object with these keys and no others.
  void allow(const std::vector<std::string>& keys) const {
    if (!json_->is_object()) refuse("expected an object in braces");
    for (const auto& [key, unused] : json_->items()) {
      if (std::find(keys.begin(), keys.end(), key) != keys.end()) continue;
      const auto near = nearest_words(key, keys, 1);
      at(key).refuse("there is no such key here" +
                     (near.empty() ? "" : "; did you mean " + near.front() + "?"));
    }
  }
  bool has(const char* key) const { return json_->is_object() && json_->contains(key); }
  LessonPart at(const std::string& key) const {
    return LessonPart((*json_)[key], *source_, path_ + "/" + key, words_.empty() ? key : words_ + "." + key);
  }
  LessonPart need(const char* key) const {
    if (!has(key)) refuse(std::string("the key ") + key + " is missing");
    return at(key);
  }
  std::vector<LessonPart> list() const {
    if (!json_->is_array() || json_->empty()) refuse("expected a list in brackets with at least one entry");
    if (json_->size() > most_lesson_entries)
      refuse("a list has at most " + std::to_string(most_lesson_entries) + " entries");
    std::vector<LessonPart> parts;
    for (std::size_t i = 0; i < json_->size(); ++i)
      parts.emplace_back((*json_)[i], *source_, path_ + "/" + std::to_string(i),
                         words_ + "[" + std::to_string(i + 1) + "]");
    return parts;
  }
  /// A list, or the one entry that means a list of one.
  std::vector<LessonPart> one_or_list() const {
    return json_->is_array() ? list() : std::vector<LessonPart>{*this};
  }
  std::string text() const {
    if (!json_->is_string()) refuse("expected text in quotes");
    const std::string text = json_->get<std::string>();
    if (text.size() > longest_lesson_text)
      refuse("a text has at most " + std::to_string(longest_lesson_text) + " bytes");
    for (const char c : text)
      if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) refuse("the text holds a control character");
    return text;
  }
  std::int64_t integer(std::int64_t low, std::int64_t high) const {
    if (!json_->is_number_integer() || json_->get<std::int64_t>() < low || json_->get<std::int64_t>() > high)
      refuse("expected a whole number from " + std::to_string(low) + " to " + std::to_string(high));
    return json_->get<std::int64_t>();
  }
  double number() const {
    if (!json_->is_number() || !std::isfinite(json_->get<double>())) refuse("expected a number");
    return json_->get<double>();
  }
  bool truth() const {
    if (!json_->is_boolean()) refuse("expected true or false");
    return json_->get<bool>();
  }
  bool is_number() const { return json_->is_number(); }
  const nlohmann::json& json() const { return *json_; }

  /// What `read` makes of the text, its complaint with this place before it.
  template <typename Read>
  auto placed(const Read& read) const {
    try {
      return read();
    } catch (const InputError& error) {
      refuse(error.what());
    }
  }

 private:
  const nlohmann::json* json_;
  const LessonSource* source_;
  std::string path_, words_;
};

}  // namespace grapevine
