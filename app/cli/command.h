// What a command of grapevine-cli is. One file per command: <name>_command.cpp with a function
// <name>_command() that describes it, and a line in commands.def. Main thread only.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "app/cli/options.h"
#include "app/usage/usage.h"

namespace grapevine::cli {

/// Which of the options that all commands accept have a meaning for this one; its help shows no others.
enum class Shows { files, device, device_and_threads, settings };

struct About {
  std::string name;
  std::string help;  ///< one line, in the list of commands
  std::string
      details;  ///< more, for the command's own help and the man page; a line break begins a paragraph
  Shows shows = Shows::files;
};

/// Carries a command out and returns the exit status; throws grapevine::Error.
using Run = std::function<int(const Options&)>;

struct Command {
  About about;
  /// Adds what only this command takes, and returns what runs on the values that parsing leaves there.
  std::function<Run(Usage&)> describe;

  /// What it takes besides the options of all commands.
  Usage usage() const;
};

/// A command with options of its own: a struct, and what describes its members.
template <class Own>
Command make_command(About about, void (*describe)(Usage&, Own&), int (*run)(const Options&, const Own&)) {
  return {std::move(about), [describe, run](Usage& usage) -> Run {
            const auto own = std::make_shared<Own>();
            describe(usage, *own);
            return [own, run](const Options& options) { return run(options, *own); };
          }};
}
/// One without.
Command make_command(About about, int (*run)(const Options&));

// What several commands take.
Parameter& add_experiment(Usage& usage, std::string& experiment);
Parameter& add_rules(Usage& usage, std::vector<std::string>& rules);
/// --at STEP:COMMAND (engine/launch/timed_commands.h), with the commands there are.
Parameter& add_timed_commands(Usage& usage, std::vector<std::string>& at);
Parameter& add_run(Usage& usage, std::string& id);
Parameter& add_runs(Usage& usage, std::vector<std::string>& ids);
/// The same, where there need not be any.
Parameter& add_some_runs(Usage& usage, std::vector<std::string>& ids);
/// --filter EXPRESSION (engine/runs/run_filter.h), and what its expressions look like.
Parameter& add_filter(Usage& usage, std::string& filter);
std::string filter_help();

}  // namespace grapevine::cli
