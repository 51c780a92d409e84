// Events in words.
#include "ui/scope/event_text.h"

#include <nlohmann/json.hpp>

#include "engine/runs/stored_values.h"
#include "ui/plot/axis.h"
#include "ui/plot/figure_words.h"

namespace grapevine {
namespace {

using nlohmann::json;

std::string value_text(const json& value) {
  if (value.is_number_integer()) return std::to_string(value.get<long long>());
  if (value.is_number()) return format_number(value.get<double>(), 3);
  if (value.is_string()) return value.get<std::string>();
  if (value.is_null()) return "—";
  if (value.is_array() || value.is_object()) {
    std::string text;
    for (const auto& entry : value.items()) {
      if (!text.empty()) text += ", ";
      text += value.is_object() ? entry.key() + " " + value_text(entry.value()) : value_text(entry.value());
    }
    return text;
  }
  return value.dump();
}

std::string words(std::string key) {
  for (char& c : key) {
    if (c == '_') c = ' ';
  }
  return key;
}

/// "loss_before" and "loss_after" belong on one line.
std::string stem_before(const std::string& key) {
  constexpr std::string_view ending = "_before";
  return key.ends_with(ending) ? key.substr(0, key.size() - ending.size()) : std::string();
}

void add_pair(const std::string& name, const json& before, const json& after,
              std::vector<std::string>& lines) {
  const bool by_layer =
      (before.is_array() || before.is_object()) && before.size() == after.size() && !before.empty();
  if (!by_layer) {
    lines.push_back(name + "  " + value_text(before) + " → " + value_text(after));
    return;
  }
  std::string text;
  std::size_t shown = 0;
  auto other = after.begin();
  for (auto it = before.begin(); it != before.end(); ++it, ++other, ++shown) {
    if (shown == 6) {
      text += " …";
      break;
    }
    text += (shown > 0 ? ",  " : "") + value_text(*it) + " → " + value_text(*other);
  }
  lines.push_back(name + "  " + text);
}

}  // namespace

EventShape shape_of(EventKind kind) {
  switch (kind) {
    case EventKind::calibration:
      return EventShape::calibration;
    case EventKind::setting:
    case EventKind::command:
      return EventShape::setting;
    case EventKind::lesion:
    case EventKind::freeze:
    case EventKind::undo:
      return EventShape::intervention;
    case EventKind::note:
    case EventKind::alert:
      return EventShape::remark;
    case EventKind::warning:
      return EventShape::warning;
    case EventKind::checkpoint:
      return EventShape::checkpoint;
    case EventKind::started:
    case EventKind::resumed:
      return EventShape::beginning;
    case EventKind::finished:
    case EventKind::stopped:
      return EventShape::end;
    case EventKind::failed:
      return EventShape::failure;
    case EventKind::epoch:
    case EventKind::replay:
    case EventKind::other:
      return EventShape::other;
  }
  return EventShape::other;
}

std::vector<std::string> event_lines(const Event& event, const std::string& label) {
  std::vector<std::string> lines;
  lines.push_back(
      figure_words("%1 · %2 at step %3", label, words(event.kind.text()), std::to_string(event.step)));
  if (!event.cause.empty()) lines.push_back(event.cause);
  const json data = parse_stored_json(event.data);
  if (!data.is_object()) return lines;
  for (const auto& entry : data.items()) {
    if (lines.size() >= 9) break;
    const std::string stem = stem_before(entry.key());
    if (!stem.empty() && data.contains(stem + "_after")) {
      add_pair(words(stem), entry.value(), data.at(stem + "_after"), lines);
    } else if (!(entry.key().ends_with("_after") &&
                 data.contains(entry.key().substr(0, entry.key().size() - 6) + "_before"))) {
      lines.push_back(words(entry.key()) + "  " + value_text(entry.value()));
    }
  }
  return lines;
}

}  // namespace grapevine
