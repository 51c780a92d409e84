// Names where there is little room.
#include "ui/plot/names.h"

namespace grapevine {

std::string without_keys(std::string_view name) {
  std::string kept;
  std::size_t key = std::string::npos;  // where a word within parentheses began
  for (const char c : name) {
    if (c == '=' && key != std::string::npos) {
      kept.resize(key);
      key = std::string::npos;
      continue;
    }
    kept += c;
    if (c == '(' || (c == ' ' && kept.find('(') != std::string::npos)) key = kept.size();
  }
  return kept;
}

namespace {

/// What a name begins with, and the settings that tell it from others of its kind; those may be empty.
struct Parts {
  std::string kind, settings;
};

Parts parts_of(const std::string& name) {
  const std::size_t bracket = name.find(" (");
  if (bracket != std::string::npos && name.ends_with(')'))
    return {name.substr(0, bracket), name.substr(bracket + 2, name.size() - bracket - 3)};
  static constexpr std::string_view dot = " · ";
  const std::size_t found = name.find(dot);
  if (found == std::string::npos) return {name, ""};
  return {name.substr(0, found), name.substr(found + dot.size())};
}

/// "0.01" of the one setting "lr 0.01"; a seed is a number among numbers, which says nothing alone.
std::string value_alone(const std::string& settings) {
  const std::size_t blank = settings.find(' ');
  const bool one = blank != std::string::npos && settings.find(", ") == std::string::npos;
  return one && settings.substr(0, blank) != "seed" ? settings.substr(blank + 1) : "";
}

void drop_last_character(std::string& utf8) {
  while (!utf8.empty() && (static_cast<unsigned char>(utf8.back()) & 0xc0) == 0x80) utf8.pop_back();
  if (!utf8.empty()) utf8.pop_back();
}

}  // namespace

std::string short_name(Painter& painter, std::string_view utf8, TextSize size, double width) {
  const auto fits = [&](const std::string& text) { return painter.measure(text, size).width <= width; };
  const std::string whole(utf8), name = without_keys(utf8);
  auto [kind, settings] = parts_of(name);
  for (const std::string& tried : {whole, name, kind + " " + settings})
    if (fits(tried)) return tried;
  if (settings.empty()) return shortened(painter, utf8, size, width);
  if (const std::string value = value_alone(settings); !value.empty()) {
    if (const std::string tried = kind + " " + value; fits(tried)) return tried;
    if (!fits(settings)) settings = value;
  }
  // The kind is recognized by its color too.
  for (drop_last_character(kind); !kind.empty(); drop_last_character(kind))
    if (const std::string tried = kind + "… " + settings; fits(tried)) return tried;
  if (fits(settings)) return settings;
  // Of settings that do not fit either the end is lost, and not what the racer is.
  return shortened(painter, parts_of(name).kind + " " + settings, size, width);
}

}  // namespace grapevine
