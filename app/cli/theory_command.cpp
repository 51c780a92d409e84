// theory: the papers' bounds and figures, computed here.
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "app/cli/command.h"
#include "app/cli/console.h"
#include "app/cli/stop_requests.h"
#include "app/cli/table.h"
#include "app/cli/work_progress.h"
#include "engine/door/engine_api.h"
#include "engine/door/theory_studies.h"
#include "engine/error.h"
#include "engine/experiment/entry_keys.h"
#include "engine/experiment/groups/rule_name.h"
#include "engine/experiment/registry.h"
#include "engine/plans/plan.h"

namespace grapevine::cli {
namespace {

nlohmann::json document_of(const TheoryTable& table) {
  nlohmann::json rows = nlohmann::json::array();
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    nlohmann::json row = nlohmann::json::object();
    if (!table.row_names[i].empty()) row["name"] = table.row_names[i];
    for (std::size_t c = 0; c < table.columns.size(); ++c) row[table.columns[c]] = table.rows[i][c];
    rows.push_back(row);
  }
  return {{"study", table.study}, {"title", table.title}, {"rows", rows}, {"notes", table.notes}};
}

bool is_whole(double value) {
  return value >= 0 && value < 1e6 && value == std::floor(value);
}

/// Digits after the point, the same in the whole column.
int digits_of(const TheoryTable& data, std::size_t column) {
  for (const auto& row : data.rows)
    if (!is_whole(row[column])) return 4;
  return 0;
}

void print_table(const TheoryTable& data) {
  std::vector<std::string> headings{""};
  const TheoryStudy* study = find_study(data.study);
  for (const std::string& column : data.columns)
    headings.push_back(column_title(study ? study->columns : std::vector<StudyColumn>{}, column));
  std::vector<Align> alignment(headings.size(), Align::right);
  alignment.front() = Align::left;
  Table table(headings, alignment);
  for (std::size_t i = 0; i < data.rows.size(); ++i) {
    std::vector<std::string> cells{data.row_names[i]};
    for (std::size_t c = 0; c < data.rows[i].size(); ++c)
      cells.push_back(fixed(data.rows[i][c], digits_of(data, c)));
    table.add(std::move(cells));
  }
  std::string text = data.title + "\n\n" + table.text() + "\n";
  for (const std::string& note : data.notes) {
    const char* mark = "- ";
    for (const std::string& line : wrapped(note, 98)) {
      text += mark + line + "\n";
      mark = "  ";
    }
  }
  print(text);
}

struct TheoryOptions {
  std::string study;
  std::vector<std::string> rules;
  int draws = 200;
  bool progress = false;
};

/// Where rules are compared --set rule.name=dfa is --rules dfa: there is no other one that it could replace.
void take_rule_that_is_set(Overrides& overrides) {
  const std::string assigned = rule_name_key() + "=";
  const auto is_rule = [&](const std::string& set) { return set.starts_with(assigned); };
  const auto last = std::find_if(overrides.sets.rbegin(), overrides.sets.rend(), is_rule);
  if (last == overrides.sets.rend()) return;
  overrides.rules = {last->substr(assigned.size())};
  std::erase_if(overrides.sets, is_rule);
}

/// Of a study that compares rules all that run on the model, unless some are named.
ExperimentPlan plan_of(const Options& options, const TheoryOptions& own) {
  Overrides overrides = options.overrides(own.rules);
  const bool compares = find_study(own.study)->compares_rules;
  if (!compares && own.rules.size() > 1)
    throw InputError("--rules: " + own.study + " does not compare rules: name one, or none");
  if (compares && own.rules.empty()) take_rule_that_is_set(overrides);
  if (!compares || !overrides.rules.empty()) return load_plan("", overrides);
  std::vector<std::string> fitting;
  for (const RuleDescriptor& rule : rules()) {
    overrides.rules = {rule.key};
    try {
      load_plan("", overrides);
      fitting.push_back(rule.key);
    } catch (const InputError&) {  // this rule doesn't; what is wrong for all is reported below
    }
  }
  overrides.rules = fitting.empty() ? std::vector<std::string>{rule_keys::bp} : fitting;
  return load_plan("", overrides);
}

int study(const Options& options, const TheoryOptions& own) {
  if (!find_study(own.study)) {
    std::vector<std::string> keys;
    std::string all;
    for (const TheoryStudy& study : theory_studies()) {
      keys.push_back(study.key);
      all += (all.empty() ? "" : ", ") + study.key;
    }
    const std::string near = nearest(own.study, keys);
    throw InputError("there is no study '" + own.study + "'" +
                     (near.empty() ? "" : "; did you mean " + near + "?") + "; there are " + all);
  }
  const ExperimentPlan plan = plan_of(options, own);
  const EngineApi& engine = load_engine();
  WorkProgress progress(options, own.progress);
  const TheoryTable table = engine.theory(own.study, plan.racers, own.draws, [&](int done, int of) {
    progress.tell("studying", 0, 1, done, of);
  });
  progress.end();
  if (options.json)
    print_json(document_of(table));
  else
    print_table(table);
  return 0;
}

int run(const Options& options, const TheoryOptions& own) {
  return stoppable(options, "nothing of a study is stored", [&] { return study(options, own); });
}

void describe(Usage& usage, TheoryOptions& own) {
  std::vector<Word> studies;
  for (const TheoryStudy& study : theory_studies()) studies.push_back({study.key, "", study.help});
  usage.add("STUDY", &own.study, "").one_of(std::move(studies)).must_be_given();
  usage.add("--draws", &own.draws, "Monte Carlo draws, or networks").shown_as("N").between(2, 1000000);
  add_rules(usage, own.rules);
  add_progress(usage, own.progress);
}

}  // namespace

Command theory_command() {
  return make_command<TheoryOptions>(
      {"theory", "Study the papers' theory by Monte Carlo and arithmetic on a network of choice", "",
       Shows::settings},
      describe, run);
}

}  // namespace grapevine::cli
