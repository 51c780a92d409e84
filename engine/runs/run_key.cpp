// Names of what a run has.
#include "engine/runs/run_key.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "engine/error.h"
#include "engine/experiment/nearest.h"
#include "engine/experiment/other_names.h"
#include "engine/experiment/registry.h"
#include "engine/experiment/settings.h"

namespace grapevine {
namespace {

constexpr Statistic statistics[] = {Statistic::last, Statistic::best, Statistic::mean};

/// A known name like `text`: a setting by its last part or another program's word for it, a measure where the
/// slip is in "best_test_acuracy", else the nearest of all. "" = none.
std::string likely_key(std::string_view text) {
  const std::string word = in_lower_case(text);
  if (const std::string meant = key_meant(word); !meant.empty()) return meant;
  const std::vector<std::string> known = known_run_keys();
  for (const std::string& key : known)
    if (key.ends_with("." + word)) return key;
  for (const std::string_view prefix : {"best_", "final_"}) {
    if (word == prefix.substr(0, prefix.size() - 1))
      return std::string(prefix) + scores(Phase::test).front()->key;
    if (text.starts_with(prefix)) {
      std::vector<std::string> all;
      for (const MeasureDescriptor& measure : measures()) all.push_back(measure.key);
      const auto near = nearest_words(text.substr(prefix.size()), all, 1);
      if (!near.empty()) return std::string(prefix) + near.front();
    }
  }
  const std::vector<std::string> near = nearest_words(text, known, 1);
  return near.empty() ? "" : near.front();
}

[[noreturn]] void refuse(std::string_view text) {
  const std::string likely = likely_key(text);
  throw InputError("no run has '" + std::string(text) + "'" +
                   (likely.empty()
                        ? "; keys are settings (optimizer.lr), measures (test_accuracy:best), and columns as "
                          "status, tags, rule, epochs"
                        : "; did you mean " + likely + "?"));
}

/// "cos_b_j[2]" → 2; -1 where no point is named.
int take_point(std::string_view& name, std::string_view whole) {
  if (!name.ends_with(']')) return -1;
  const std::size_t bracket = name.find('[');
  int point = -1;
  if (bracket == std::string_view::npos) refuse(whole);
  const std::string_view digits = name.substr(bracket + 1, name.size() - bracket - 2);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), point);
  if (error != std::errc() || end != digits.data() + digits.size() || point < 0 || point > 65535)
    throw InputError("'" + std::string(whole) +
                     "': the brackets hold the number of a feedback point, from 1");
  name = name.substr(0, bracket);
  return point;
}

bool take_prefix(std::string_view& name, std::string_view prefix) {
  if (!name.starts_with(prefix)) return false;
  name.remove_prefix(prefix.size());
  return true;
}

/// The measure that `text` asks for; false when it names none.
bool read_measure(std::string_view text, RunKey& key) {
  std::string_view name = text;
  key.statistic = Statistic::last;
  if (const std::size_t colon = name.find(':'); colon != std::string_view::npos) {
    const std::string_view word = name.substr(colon + 1);
    const auto known = std::find_if(std::begin(statistics), std::end(statistics),
                                    [&](Statistic one) { return to_text(one) == word; });
    if (known == std::end(statistics))
      throw InputError("'" + std::string(text) + "': after a measure comes last, best or mean");
    key.statistic = *known;
    name = name.substr(0, colon);
  }
  key.point = take_point(name, text);
  if (!find_measure(name)) {
    if (take_prefix(name, "best_"))
      key.statistic = Statistic::best;
    else if (!take_prefix(name, "final_"))
      return false;
  }
  key.kind = RunKey::Kind::measure;
  key.name = name;
  return find_measure(name) != nullptr;
}

}  // namespace

const char* to_text(Statistic statistic) {
  switch (statistic) {
    case Statistic::last:
      return "last";
    case Statistic::best:
      return "best";
    case Statistic::mean:
      return "mean";
  }
  return "";
}

std::string RunKey::text() const {
  if (kind != Kind::measure) return name;
  return name + (point < 0 ? "" : "[" + std::to_string(point) + "]") + ":" + to_text(statistic);
}

RunKey parse_run_key(std::string_view text) {
  RunKey key;
  key.name = text;
  if (find_run_column(text)) return key;
  key.kind = RunKey::Kind::setting;
  if (find_setting_of_any_rule(text)) return key;
  if (read_measure(text, key)) return key;
  refuse(text);
}

std::vector<std::string> known_run_keys() {
  std::vector<std::string> known;
  const auto add = [&](const std::string& key) {
    if (std::find(known.begin(), known.end(), key) == known.end()) known.push_back(key);
  };
  for (const RunColumn& column : run_columns()) add(column.name);
  for (const MeasureDescriptor& measure : measures()) add(measure.key);
  for (const Setting& setting : experiment_settings()) add(setting.key);
  for (const RuleDescriptor& rule : rules())
    for (const Setting& setting : rule.settings) add("rule." + setting.key);
  return known;
}

std::vector<std::string> best_score_keys() {
  std::vector<std::string> keys;
  for (const Phase phase : {Phase::validation, Phase::test})
    for (const MeasureDescriptor* score : scores(phase)) keys.push_back("best_" + score->key);
  return keys;
}

std::vector<RunKey> parse_run_keys(const std::vector<std::string>& lists) {
  std::vector<RunKey> keys;
  for (const std::string& list : lists) {
    for (std::size_t begin = 0; begin <= list.size();) {
      const std::size_t end = std::min(list.find(',', begin), list.size());
      if (end > begin) keys.push_back(parse_run_key(std::string_view(list).substr(begin, end - begin)));
      begin = end + 1;
    }
  }
  return keys;
}

namespace {

bool holds_a_number(const Setting& setting) {
  return setting.kind == Kind::integer || setting.kind == Kind::number ||
         setting.kind == Kind::count_or_share;
}

}  // namespace

bool holds_numbers(const RunKey& key) {
  if (key.kind == RunKey::Kind::measure) return true;
  if (key.kind == RunKey::Kind::column) {
    const RunColumn* column = find_run_column(key.name);
    return column && column->holds_numbers;
  }
  if (const Setting* setting = find_setting(key.name, "")) return holds_a_number(*setting);
  bool found = false;
  for (const RuleDescriptor& rule : rules()) {
    const Setting* setting = find_setting(key.name, rule.key);
    if (setting && !holds_a_number(*setting)) return false;
    found = found || setting;
  }
  return found;
}

bool is_empty(const RunCell& cell) {
  return std::holds_alternative<std::monostate>(cell);
}

std::string to_text(const RunCell& cell) {
  if (const auto* text = std::get_if<std::string>(&cell)) return *text;
  const auto* number = std::get_if<double>(&cell);
  if (!number) return "";
  char digits[32];
  return {digits, std::to_chars(digits, digits + sizeof digits, *number).ptr};
}

bool read_number(std::string_view text, double& number) {
  if (text.starts_with('+')) text.remove_prefix(1);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return !text.empty() && error == std::errc() && end == text.data() + text.size() && std::isfinite(number);
}

int compare(const RunCell& one, const RunCell& other) {
  const auto rank = [](const RunCell& cell) { return (cell.index() + 2) % 3; };  // number, text, nothing
  if (rank(one) != rank(other)) return rank(one) < rank(other) ? -1 : 1;
  return one < other ? -1 : other < one ? 1 : 0;
}

std::vector<std::string> tags_in(std::string_view tags) {
  std::vector<std::string> all;
  constexpr std::string_view between = ", \t\n";
  while (!tags.empty()) {
    const std::size_t begin = tags.find_first_not_of(between);
    if (begin == std::string_view::npos) break;
    const std::size_t end = std::min(tags.find_first_of(between, begin), tags.size());
    all.emplace_back(tags.substr(begin, end - begin));
    tags.remove_prefix(end);
  }
  return all;
}

}  // namespace grapevine
