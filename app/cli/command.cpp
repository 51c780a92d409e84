// Commands without options, and what several commands take.
#include "app/cli/command.h"

#include "engine/runs/run_key.h"
#include "engine/session/live_change.h"

namespace grapevine::cli {

Usage Command::usage() const {
  Usage usage;
  describe(usage);  // its values belong to what is thrown away here: nothing may be parsed into them
  return usage;
}

Command make_command(About about, int (*run)(const Options&)) {
  return {std::move(about), [run](Usage&) -> Run { return run; }};
}

Parameter& add_experiment(Usage& usage, std::string& experiment) {
  return usage
      .add("EXPERIMENT.json", &experiment,
           "An experiment file (JSON, comments allowed) or a preset's name, as table1-mnist-mlp, or one of "
           "its "
           "racers, as table1-mnist-mlp:grape; without one the defaults")
      .completed_by(Completes::experiment);
}

Parameter& add_rules(Usage& usage, std::vector<std::string>& rules) {
  return usage.add("--rules", &rules, "Learning rules, one racer each")
      .shown_as("A,B,…", Completes::rule)
      .separated_by_commas();
}

Parameter& add_timed_commands(Usage& usage, std::vector<std::string>& at) {
  std::string help =
      "Carry out a command after step STEP, as 100:freeze:1; may be given several times. In a race a racer's "
      "rule, label or number may come before it: 100:dfa/freeze:1";
  for (const LiveCommand& command : live_commands())
    help += "\n" + command.word + (command.takes.empty() ? "" : ":" + command.takes) + ": " + command.help;
  for (const LesionDescriptor& lesion : lesions())
    help += "\n  " + lesion.word + (lesion.takes.empty() ? "" : "=" + lesion.takes) + ": " + lesion.help;
  return usage.add("--at", &at, help).shown_as("STEP:COMMAND");
}

Parameter& add_run(Usage& usage, std::string& id) {
  return usage.add("ID", &id, "A run's id, or the beginning of its uuid (of digits alone: at least eight)")
      .completed_by(Completes::run)
      .must_be_given();
}

Parameter& add_runs(Usage& usage, std::vector<std::string>& ids) {
  return usage.add("ID", &ids, "Ids of runs, or the beginnings of their uuids")
      .completed_by(Completes::run)
      .must_be_given();
}

Parameter& add_some_runs(Usage& usage, std::vector<std::string>& ids) {
  return usage.add("ID", &ids, "Ids of runs, or the beginnings of their uuids").completed_by(Completes::run);
}

Parameter& add_filter(Usage& usage, std::string& filter) {
  return usage
      .add("--filter", &filter, "Only the runs that fit, as \"rule=grape and best_test_accuracy>0.8\"")
      .shown_as("EXPRESSION");
}

std::string filter_help() {
  std::string columns;
  for (const RunColumn& column : run_columns())
    columns += (columns.empty() ? "" : ", ") + std::string(column.name);
  return "A filter compares keys with values by = != < > <= >= and ~ (contains), joined by and, or, not and "
         "parentheses; a text with blanks goes in quotes, and a word alone is looked for everywhere. Keys "
         "are "
         "settings (optimizer.lr), measures (test_accuracy:best, cos_b_j[2]:mean; last, best or mean, of one "
         "feedback "
         "point or over all), and the columns " +
         columns + ". What a run does not have fits nothing but !=.";
}

}  // namespace grapevine::cli
