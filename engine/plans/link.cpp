#include "engine/plans/link.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "engine/error.h"
#include "engine/experiment/settings.h"
#include "engine/plans/view.h"

namespace grapevine {
namespace {

constexpr std::string_view scheme = "grapevine:";
constexpr std::string_view racer_word = "racer", view_word = "view";
constexpr std::size_t longest = 16384, most_racers = 64;

using Pair = std::pair<std::string, std::string>;

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(blanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
         c == '-' || c == ',' || c == ':';
}

std::string encoded(std::string_view text) {
  constexpr const char* digits = "0123456789ABCDEF";
  std::string result;
  for (const char c : text) {
    if (is_plain(c)) {
      result += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    result += {'%', digits[byte >> 4], digits[byte & 15]};
  }
  return result;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

std::string decoded(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
      const int low = high >= 0 ? hex_digit(text[i + 2]) : -1;
      if (low < 0)
        throw InputError("the link is damaged: '%' is not followed by two hexadecimal digits; copy it again");
      c = static_cast<char>(high * 16 + low);
      i += 2;
    }
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      throw InputError("the link holds a control character, which no setting has; copy it again");
    result += c;
  }
  return result;
}

/// The query's parts in order; a part without '=' has an empty value.
std::vector<Pair> parts_of(std::string_view query) {
  std::vector<Pair> parts;
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view part = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    if (part.empty()) continue;
    const std::size_t equals = part.find('=');
    if (equals == std::string_view::npos)
      parts.emplace_back(decoded(part), "");
    else
      parts.emplace_back(decoded(part.substr(0, equals)), decoded(part.substr(equals + 1)));
  }
  return parts;
}

/// What differs from the defaults of the racer's rule and may travel, the rule first.
std::vector<Pair> differences_of(const Experiment& racer) {
  std::vector<Pair> found;
  const Experiment plain(racer.rule());
  found.emplace_back("rule.name", racer.rule());
  for (const auto& [key, value] : racer.entries()) {
    if (key == "rule.name" || plain.value(key) == value) continue;
    const Setting* setting = find_setting(key, racer.rule());
    if (setting && may_travel(*setting)) found.emplace_back(key, to_text(value));
  }
  return found;
}

void put(const Experiment& racer_before, Experiment& racer, const Pair& part) {
  const Setting* setting = find_setting(part.first, racer_before.rule());
  if (setting && !may_travel(*setting))
    throw InputError("the link sets " + part.first +
                     ", which a link must not: it says where something lies or is computed");
  racer.set_text(part.first, part.second);
}

Experiment racer_of(const std::vector<Pair>& common, const std::vector<Pair>& own) {
  std::vector<Pair> all = common;
  all.insert(all.end(), own.begin(), own.end());
  Experiment racer;
  for (const Pair& part : all)
    if (part.first == "rule.name") racer.set_text(part.first, part.second);
  for (const Pair& part : all)
    if (part.first != "rule.name") put(racer, racer, part);
  return racer;
}

/// A link comes from anybody: a lesson is named in it, never a file.
std::string checked_view(const std::string& text) {
  ViewChoice choice;
  try {
    choice = read_view(text, &ViewEntry::in_link);
  } catch (const InputError& error) {
    throw InputError(std::string("the link's view ") + error.what());
  }
  const bool is_name = std::all_of(choice.lesson.begin(), choice.lesson.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
  if (!is_name) throw InputError("the link's view " + text + " is not valid: it is not the name of a lesson");
  return text;
}

}  // namespace

bool may_travel(const Setting& setting) {
  if (setting.scope == Scope::machine) return false;
  return setting.kind != Kind::text || setting.key == "name";
}

std::string key_that_may_not_travel(const ExperimentPlan& plan) {
  for (const Experiment& racer : plan.racers) {
    const Experiment plain(racer.rule());
    for (const auto& [key, value] : racer.entries()) {
      const Setting* setting = find_setting(key, racer.rule());
      if (setting && !may_travel(*setting) && plain.value(key) != value) return key;
    }
  }
  return "";
}

bool is_link(std::string_view text) {
  return trimmed(text).starts_with(scheme);
}

std::string link_to(const ExperimentPlan& plan, std::string_view view) {
  std::vector<std::vector<Pair>> racers;
  for (const Experiment& racer : plan.racers) racers.push_back(differences_of(racer));
  std::vector<Pair> common;
  if (racers.size() == 1) {
    common = std::exchange(racers.front(), {});
  } else {
    for (const Pair& part : racers.front()) {
      const auto has = [&](const std::vector<Pair>& other) {
        return std::find(other.begin(), other.end(), part) != other.end();
      };
      if (!part.first.starts_with("rule.") && std::all_of(racers.begin(), racers.end(), has))
        common.push_back(part);
    }
    for (auto& racer : racers)
      std::erase_if(racer, [&](const Pair& part) {
        return std::find(common.begin(), common.end(), part) != common.end();
      });
  }
  std::string query;
  const auto add = [&](const Pair& part) {
    query += (query.empty() ? "" : "&") + encoded(part.first) + "=" + encoded(part.second);
  };
  for (const Pair& part : common) add(part);
  if (plan.is_race)
    for (const auto& racer : racers) {
      query += (query.empty() ? "" : "&") + std::string(racer_word);
      for (const Pair& part : racer) add(part);
    }
  if (!view.empty()) add({std::string(view_word), std::string(view)});
  return std::string(scheme) + "?" + query;
}

Link read_link(std::string_view text) {
  std::string_view rest = trimmed(text);
  if (rest.size() > longest)
    throw InputError("the link is longer than " + std::to_string(longest) +
                     " characters: send the experiment as a file");
  if (!rest.starts_with(scheme))
    throw InputError("this is not a link of Grapevine: links begin with grapevine:");
  rest.remove_prefix(scheme.size());
  // Browsers make "grapevine://?…" of it.
  while (rest.starts_with('/')) rest.remove_prefix(1);
  if (rest.starts_with('?')) rest.remove_prefix(1);
  Link link;
  std::vector<Pair> common;
  std::vector<std::vector<Pair>> racers;
  for (Pair& part : parts_of(rest)) {
    if (part.first == racer_word && part.second.empty()) {
      racers.emplace_back();
      if (racers.size() > most_racers)
        throw InputError("the link names more than " + std::to_string(most_racers) + " racers");
    } else if (part.first == view_word) {
      link.view = checked_view(part.second);
    } else {
      (racers.empty() ? common : racers.back()).push_back(std::move(part));
    }
  }
  link.plan.is_race = !racers.empty();
  if (racers.empty()) racers.emplace_back();
  for (const auto& own : racers) link.plan.racers.push_back(racer_of(common, own));
  // As a file would be checked: what racers must share, and combinations that can't work.
  link.plan = make_plan(plan_to_json(link.plan).dump(), "the link", {});
  return link;
}

}  // namespace grapevine
