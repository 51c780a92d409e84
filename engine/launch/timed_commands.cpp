#include "engine/launch/timed_commands.h"

#include <charconv>

#include "engine/error.h"
#include "engine/experiment/nearest.h"
#include "engine/experiment/registry.h"
#include "engine/experiment/shell_word.h"

namespace grapevine {
namespace {

template <class Number>
bool is_number(std::string_view text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() && number >= 0;
}

int find_racer(const std::string& name, const ExperimentPlan& plan) {
  if (!plan.is_race) throw InputError("'" + name + "/' names a racer, and this is one run: leave it out");
  const std::vector<std::string> labels = racer_labels(plan.racers);
  const std::string asked = in_lower_case(name);
  int found = -1;
  std::vector<std::string> names = labels;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (in_lower_case(labels[i]) == asked) return static_cast<int>(i);
    names.push_back(plan.racers[i].rule());
    if (plan.racers[i].rule() != asked) continue;
    if (found >= 0)
      throw InputError("several racers have the rule " + asked +
                       ": give the number of the one that is meant, " + std::to_string(found + 1) + " or " +
                       std::to_string(i + 1));
    found = static_cast<int>(i);
  }
  if (found >= 0) return found;
  if (int number = 0; is_number(name, number) && number >= 1 && number <= static_cast<int>(labels.size()))
    return number - 1;
  const std::vector<std::string> near = nearest_words(name, names, 1);
  std::string all;
  for (std::size_t i = 0; i < labels.size(); ++i)
    all += (i == 0 ? "" : ", ") + std::to_string(i + 1) + " " + labels[i];
  throw InputError("there is no racer '" + name + "'" +
                   (near.empty() ? "" : "; did you mean " + near.front() + "?") + " The racers are " + all);
}

/// Of those who are meant nobody can do it.
void check_rules(const LiveChange& change, const ExperimentPlan& plan) {
  std::string why;
  for (std::size_t i = 0; i < plan.racers.size(); ++i) {
    if (change.racer >= 0 && static_cast<std::size_t>(change.racer) != i) continue;
    const std::string refused = refusal(change, *find_rule(plan.racers[i].rule()));
    if (refused.empty()) return;
    if (why.empty()) why = refused;
  }
  throw InputError(why);
}

CommandRecord read_one(const std::string& given, const ExperimentPlan& plan) {
  const std::size_t colon = given.find(':');
  std::int64_t step = 0;
  if (colon == std::string::npos || !is_number(std::string_view(given).substr(0, colon), step))
    throw InputError("expected STEP:COMMAND, as 100:lesion:2:randomise");
  std::string command = given.substr(colon + 1);
  int racer = -1;
  // What is before the first colon or equals sign may name a racer: /data in a value doesn't.
  if (const std::size_t slash = command.find('/'); slash < command.find_first_of(":=")) {
    racer = find_racer(command.substr(0, slash), plan);
    command = command.substr(slash + 1);
  }
  LiveChange change = parse_change(command);
  change.racer = racer;
  check_rules(change, plan);
  return record_of(change, step);
}

}  // namespace

std::vector<CommandRecord> read_timed(const std::vector<std::string>& given, const ExperimentPlan& plan) {
  std::vector<CommandRecord> all;
  for (const std::string& one : given) try {
      all.push_back(read_one(one, plan));
    } catch (const InputError& error) {
      throw InputError("--at " + one + ": " + error.what());
    }
  return all;
}

std::string timed_text(const CommandRecord& record, int alone) {
  const std::optional<LiveChange> change = change_of(record);
  if (!change || (alone >= 0 && change->racer >= 0 && change->racer != alone)) return "";
  const std::string racer = alone >= 0 || change->racer < 0 ? "" : std::to_string(change->racer + 1) + "/";
  return std::to_string(record.step) + ":" + racer + to_text(*change);
}

std::string at_options(const std::vector<CommandRecord>& records, int alone) {
  std::string text;
  for (const CommandRecord& record : records)
    if (const std::string timed = timed_text(record, alone); !timed.empty())
      text += " --at " + shell_quoted(timed);
  return text;
}

}  // namespace grapevine
