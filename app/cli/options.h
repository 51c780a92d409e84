// What was asked for on the command line, and how it is read (CLI11). Main thread only.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/experiment/experiment.h"
#include "engine/plans/plan.h"

namespace grapevine::cli {

/// The union of all commands' options; a command looks at those that it declared.
struct Options {
  std::string command;

  // Every command.
  std::vector<std::string> sets;
  std::optional<std::string> seed, device, threads;
  std::string database;  ///< --db, "" = in the data folder
  std::string data_dir;
  bool json = false;
  bool quiet = false;

  std::string experiment;          ///< train, race, bench: the file or preset, "" = none; sweep: its file
  std::vector<std::string> rules;  ///< race, bench
  std::vector<std::string> names;  ///< run ids, files, or a settings key
  bool dry_run = false;            ///< sweep
  int steps = 20;                  ///< bench
  int draws = 200;                 ///< theory
  std::string format, output;      ///< export
  std::string action;              ///< datasets: "" or get; db: check …
  std::string from;                ///< datasets get: a mirror, "" = the published places
  bool self_test = false;          ///< doctor

  /// --set, --rules and what is short for --set.
  Overrides overrides() const;
  /// The database file: --db, or the one in the data folder. Nothing is created.
  std::string database_path() const;
};

/// What reading the command line came to: options to act on, or a text to print and an exit status.
struct ParsedCommandLine {
  std::optional<Options> options;
  std::string text;  ///< help or version (status 0), or what is wrong (status 2)
  int status = 0;
};
ParsedCommandLine parse_command_line(const std::vector<std::string>& arguments);

/// The candidate that is nearest to a misspelt word, "" when none is near.
std::string nearest(const std::string& word, const std::vector<std::string>& candidates);

}  // namespace grapevine::cli
