#include "engine/experiment/alert.h"

#include <charconv>
#include <cmath>

#include "engine/error.h"
#include "engine/experiment/nearest.h"
#include "engine/experiment/registry.h"

namespace grapevine {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

[[noreturn]] void refuse(std::string_view part, const std::string& why) {
  throw InputError("alerts: '" + std::string(part) + "' " + why);
}

template <class Number>
bool is_number(std::string_view text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

/// "cos_b_j[2]" → "cos_b_j", and 2 into `point`.
std::string_view take_point(std::string_view measure, std::string_view part, int& point) {
  const std::size_t bracket = measure.find('[');
  if (bracket == std::string_view::npos) return measure;
  if (!measure.ends_with(']') ||
      !is_number(measure.substr(bracket + 1, measure.size() - bracket - 2), point) || point < 1)
    refuse(part, "has no layer's number from 1 between the brackets, as in cos_b_j[2]<0.2");
  return measure.substr(0, bracket);
}

int index_of(std::string_view measure, std::string_view part) {
  const int index = measure_index(std::string(measure));
  if (index >= 0) return index;
  std::vector<std::string> known;
  for (const MeasureDescriptor& one : measures()) known.push_back(one.key);
  const std::vector<std::string> near = nearest_words(std::string(measure), known, 1);
  refuse(part, "names no measure" + (near.empty() ? "; docs and `grapevine-cli settings measures` list them"
                                                  : "; did you mean " + near.front() + "?"));
}

Alert parse_alert(std::string_view part) {
  const std::size_t sign = part.find_first_of("<>");
  if (sign == std::string_view::npos)
    refuse(part, "says no line: a measure, < or >, and a number, as cos_b_j[2]<0.2");
  Alert alert;
  alert.above = part[sign] == '>';
  const std::string_view name = take_point(trimmed(part.substr(0, sign)), part, alert.point);
  alert.measure = index_of(name, part);
  if (alert.point > 0 && !measures()[static_cast<std::size_t>(alert.measure)].per_point)
    refuse(part, "names a layer, and " + std::string(name) + " is of the whole run");
  if (!is_number(trimmed(part.substr(sign + 1)), alert.line) || !std::isfinite(alert.line))
    refuse(part, "has no number behind the sign, as in cos_b_j[2]<0.2");
  return alert;
}

}  // namespace

std::vector<Alert> parse_alerts(std::string_view text) {
  std::vector<Alert> alerts;
  while (!trimmed(text).empty()) {
    const std::size_t comma = text.find(',');
    alerts.push_back(parse_alert(trimmed(text.substr(0, comma))));
    if (comma == std::string_view::npos) break;
    text.remove_prefix(comma + 1);
  }
  return alerts;
}

}  // namespace grapevine
