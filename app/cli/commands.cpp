// The list of commands.
#include "app/cli/commands.h"

namespace grapevine::cli {

const std::vector<Command>& commands() {
  static const std::vector<Command> list = {
      {"train", "Train one network with one learning rule", Positional::experiment, train_command},
      {"race", "Train several rules in lockstep on the same weights and batches", Positional::experiment,
       race_command},
      {"sweep", "Train over a grid of settings and seeds, one cell after the other", Positional::grid,
       sweep_command},
      {"resume", "Go on with a stopped or interrupted run", Positional::one_id, resume_command},
      {"list", "List the stored runs, newest first", Positional::none, list_command},
      {"show", "Show one stored run", Positional::one_id, show_command},
      {"compare", "Put runs side by side", Positional::ids, compare_command},
      {"export", "Write a run's data as CSV or JSON, or its last checkpoint", Positional::one_id,
       export_command},
      {"db", "Look after the database: check, backup FILE, vacuum, merge FILE…", Positional::database_action,
       database_command},
      {"verify", "Check learning rules against files of worked numbers", Positional::files, verify_command},
      {"bench", "Time a training step of each rule, part by part", Positional::experiment, bench_command},
      {"theory", "Study the papers' theory by Monte Carlo and arithmetic on a network of choice",
       Positional::study, theory_command},
      {"datasets", "Say which data sets are there, and where; get NAME: fetch one", Positional::data_action,
       datasets_command},
      {"presets", "List the experiments that come with the program: the papers' tables and lessons",
       Positional::preset, presets_command},
      {"settings", "List all settings with types, ranges, defaults and help", Positional::key,
       settings_command},
      {"doctor", "Look at this machine: engine, devices, database, data", Positional::none, doctor_command},
  };
  return list;
}

}  // namespace grapevine::cli
