// The commands of grapevine-cli, a function each; they return the exit status and throw grapevine::Error.
// Main thread only.
#pragma once

#include <vector>

#include "app/cli/options.h"

namespace grapevine::cli {

int train_command(const Options& options);
int race_command(const Options& options);
int sweep_command(const Options& options);
int resume_command(const Options& options);
int list_command(const Options& options);
int show_command(const Options& options);
int compare_command(const Options& options);
int export_command(const Options& options);
int verify_command(const Options& options);
int bench_command(const Options& options);
/// `bench table5`, which bench_command hands on.
int bench_table5(const Options& options);
int theory_command(const Options& options);
int datasets_command(const Options& options);
/// datasets get NAME
int get_data_command(const Options& options);
int settings_command(const Options& options);
int presets_command(const Options& options);
int doctor_command(const Options& options);
int database_command(const Options& options);

/// What a command takes beside the options that all have.
enum class Positional {
  none,
  experiment,
  grid,
  one_id,
  ids,
  files,
  key,
  study,
  preset,
  data_action,
  database_action
};

struct Command {
  const char* name;
  const char* help;
  Positional positional;
  int (*run)(const Options&);
};

/// In the order of the help text. The parser, the dispatch and the messages are made from this list.
const std::vector<Command>& commands();

}  // namespace grapevine::cli
