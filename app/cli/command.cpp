// Commands without options, and what several commands take.
#include "app/cli/command.h"

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

Parameter& add_run(Usage& usage, std::string& id) {
  return usage.add("ID", &id, "A run's id, or the beginning of its uuid")
      .completed_by(Completes::run)
      .must_be_given();
}

Parameter& add_runs(Usage& usage, std::vector<std::string>& ids) {
  return usage.add("ID", &ids, "Ids of runs, or the beginnings of their uuids")
      .completed_by(Completes::run)
      .must_be_given();
}

}  // namespace grapevine::cli
