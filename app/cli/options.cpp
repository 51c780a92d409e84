// Reading the command line. CLI11 does the splitting; what it can't say well (unknown words, with the nearest
// known one) is said here.
#include "app/cli/options.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>

#include "app/cli/commands.h"
#include "engine/data/paths.h"
#include "engine/door/theory_table.h"
#include "engine/error.h"
#include "engine/experiment/nearest.h"
#include "engine/files/home.h"
#include "engine/plans/plan.h"

namespace grapevine::cli {
namespace {

constexpr const char* program = "grapevine-cli";

std::string join(const std::vector<std::string>& words, const char* between) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : between) + word;
  return text;
}

bool computes(const Command& command) {
  return command.positional == Positional::experiment || command.positional == Positional::grid ||
         command.positional == Positional::study;
}

void add_positional(CLI::App& app, const Command& command, Options& options) {
  switch (command.positional) {
    case Positional::none:
      break;
    case Positional::experiment:
      app.add_option(
          "EXPERIMENT.json", options.experiment,
          "An experiment file (JSON, comments allowed) or a preset's name, as table1-mnist-mlp, or "
          "one of its racers, as table1-mnist-mlp:grape; without one the defaults");
      break;
    case Positional::grid:
      app.add_option("GRID.json", options.experiment,
                     "A sweep: {\"experiment\": {…} or a preset's name, \"grid\": {\"rule.name\": [\"dfa\", "
                     "\"grape\"], \"seed\": [0, 1, 2]}}. The same file again continues where it stopped")
          ->required();
      break;
    case Positional::one_id:
      app.add_option("ID", options.names, "A run's id, or the beginning of its uuid")
          ->required()
          ->expected(1)
          ->allow_extra_args(false);
      break;
    case Positional::ids:
      app.add_option("ID", options.names, "Ids of runs, or the beginnings of their uuids")->required();
      break;
    case Positional::files:
      app.add_option("FILE", options.names, "Files of worked numbers (JSON)")->required();
      break;
    case Positional::study: {
      std::string studies;
      for (const TheoryStudy& study : theory_studies())
        studies += (studies.empty() ? "" : "\n") + std::string(study.key) + ": " + study.help;
      app.add_option("STUDY", options.names, studies)->required()->expected(1)->allow_extra_args(false);
      break;
    }
    case Positional::preset:
      app.add_option("PRESET", options.names, "Print this preset as an experiment file")
          ->expected(1)
          ->allow_extra_args(false);
      break;
    case Positional::data_action:
      app.add_option(
          "ACTION", options.action,
          "get: fetch, check and unpack a data set; without an action: which are there, and where");
      app.add_option("NAME", options.names, "get: the data set (data.name)")
          ->expected(1)
          ->allow_extra_args(false);
      break;
    case Positional::database_action:
      app.add_option(
             "ACTION", options.action,
             "check: say what is wrong and what can still be read (status 1 when something is wrong)\n"
             "backup: copy the database, also while runs are going on, to FILE\n"
             "vacuum: give the disk back what deleted rows took\n"
             "merge: take in the runs of the databases FILE, with their checkpoints; those that are "
             "known by their uuid stay as they are")
          ->required();
      app.add_option("FILE", options.names, "backup: the copy; merge: other databases");
      break;
    case Positional::key:
      app.add_option("KEY", options.names, "Only this setting, or this group or rule")
          ->expected(1)
          ->allow_extra_args(false);
      break;
  }
}

/// Every command takes these; the help of one that computes nothing doesn't show what would change nothing.
void add_common(CLI::App& app, const Command& command, Options& options) {
  const std::string name = command.name;
  const bool uses_device = computes(command) || name == "resume" || name == "verify" || name == "doctor";
  const char* settings = computes(command) ? "Settings" : "";
  app.add_option("--set", options.sets, "Change a setting; may be given several times")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false)
      ->group(settings);
  app.add_option("--seed", options.seed, "Short for --set seed=N")
      ->type_name("N")
      ->take_last()
      ->group(settings);
  app.add_option("--device", options.device, "auto, cpu, cuda, cuda:0 …")
      ->type_name("D")
      ->take_last()
      ->group(uses_device ? "Settings" : "");
  app.add_option("--threads", options.threads, "Cores to use (default: all)")
      ->type_name("N")
      ->take_last()
      ->group(computes(command) || name == "resume" ? "Settings" : "");
  app.add_option("--db", options.database, "The database (default: grapevine.db in the data folder)")
      ->type_name("FILE")
      ->take_last()
      ->group("Options");
  app.add_option("--data-dir", options.data_dir, "The program's data folder (database, downloads)")
      ->type_name("DIR")
      ->take_last()
      ->group("Options");
  app.add_flag("--json", options.json, "One JSON document on standard output, all else on standard error")
      ->group("Options");
  app.add_flag("--quiet", options.quiet, "No progress, only the result")->group("Options");
}

void add_special(CLI::App& app, const std::string& name, Options& options) {
  if (name == "theory") {
    app.add_option("--draws", options.draws, "Monte Carlo draws, or networks")
        ->type_name("N")
        ->capture_default_str()
        ->check(CLI::Range(2, 1000000))
        ->group("Settings");
  }
  if (name == "race" || name == "bench" || name == "theory") {
    app.add_option("--rules", options.rules, "Learning rules, one racer each")
        ->type_name("A,B,…")
        ->delimiter(',')
        ->allow_extra_args(false)
        ->group("Settings");
  }
  if (name == "sweep") {
    app.add_flag("--dry-run", options.dry_run, "List the cells and what is done of them; train nothing")
        ->group("Options");
  }
  if (name == "bench") {
    app.add_option("--steps", options.steps, "Timed steps of each rule")
        ->type_name("N")
        ->capture_default_str()
        ->check(CLI::Range(1, 1000000))
        ->group("Settings");
  }
  if (name == "export") {
    app.add_option("--format", options.format, "csv, json or checkpoint (default: by the file's ending)")
        ->take_last()
        ->group("Options");
    app.add_option("-o,--output", options.output, "The file to write; - is standard output (default)")
        ->type_name("FILE")
        ->take_last()
        ->group("Options");
  }
  if (name == "datasets") {
    app.add_option("--from", options.from, "get: fetch the files from this folder of a mirror instead")
        ->type_name("URL")
        ->take_last()
        ->group("Options");
  }
  if (name == "doctor") {
    app.add_flag("--self-test", options.self_test, "Check the identities of layers and rules on the device")
        ->group("Options");
  }
}

void build(CLI::App& app, Options& options) {
  app.set_version_flag("--version", std::string(program) + " " + GRAPEVINE_VERSION);
  app.require_subcommand(0, 1);
  app.get_formatter()->label("SUBCOMMAND", "COMMAND");
  app.get_formatter()->label("TEXT", "");
  app.footer(
      "Options may stand before or after the command; grapevine-cli COMMAND --help lists a command's own.\n"
      "Exit status: 0 done, 1 failed while running, 2 wrong input, 130 stopped by Ctrl-C.");
  for (const Command& command : commands()) {
    CLI::App* sub = app.add_subcommand(command.name, command.help);
    sub->allow_extras();
    sub->group("Commands");
    add_positional(*sub, command, options);
    add_special(*sub, command.name, options);
    add_common(*sub, command, options);
  }
}

std::vector<std::string> names_of(const CLI::Option& option) {
  std::vector<std::string> names;
  for (const std::string& name : option.get_lnames()) names.push_back("--" + name);
  for (const std::string& name : option.get_snames()) names.push_back("-" + name);
  return names;
}

/// All options that any of `apps` has; `with_value` keeps those that are followed by a value.
std::vector<std::string> option_names(const std::vector<CLI::App*>& apps, bool with_value) {
  std::vector<std::string> all;
  for (CLI::App* app : apps) {
    for (const CLI::Option* option : app->get_options()) {
      if (with_value && option->get_items_expected_max() == 0) continue;
      for (std::string& name : names_of(*option)) all.push_back(std::move(name));
    }
  }
  return all;
}

/// The place of the command's name: the first word that is neither an option nor an option's value.
std::size_t find_command(CLI::App& app, const std::vector<std::string>& arguments) {
  const std::vector<std::string> with_value = option_names(app.get_subcommands({}), true);
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& word = arguments[i];
    if (word.empty() || word[0] != '-') return i;
    if (std::find(with_value.begin(), with_value.end(), word) != with_value.end()) ++i;
  }
  return arguments.size();
}

ParsedCommandLine wrong(std::string text) {
  return {std::nullopt, std::move(text), 2};
}

std::string suggestion(const std::string& word, const std::vector<std::string>& candidates) {
  const std::string near = nearest(word, candidates);
  return near.empty() ? "" : "; did you mean " + near + "?";
}

ParsedCommandLine unknown_command(const std::string& word) {
  std::vector<std::string> names;
  for (const Command& command : commands()) names.emplace_back(command.name);
  const std::string near = suggestion(word, names);
  return wrong("unknown command '" + word + "'" +
               (near.empty() ? "; the commands are " + join(names, ", ") : near));
}

ParsedCommandLine unexpected(CLI::App& sub, const std::vector<std::string>& words) {
  const std::string command = sub.get_name();
  const std::string hint = "; " + std::string(program) + " " + command + " --help lists what it takes";
  for (const std::string& word : words) {
    if (word.size() < 2 || word[0] != '-') continue;
    const std::string name = word.substr(0, word.find('='));
    const std::string near = suggestion(name, option_names({&sub}, false));
    return wrong("unknown option '" + name + "' for " + command + (near.empty() ? hint : near));
  }
  return wrong("unexpected argument '" + words.front() + "' for " + command + hint);
}

}  // namespace

std::string nearest(const std::string& word, const std::vector<std::string>& candidates) {
  const std::vector<std::string> near = nearest_words(word, candidates, 1);
  return near.empty() ? "" : near.front();
}

ParsedCommandLine parse_command_line(const std::vector<std::string>& arguments) {
  CLI::App app("Train networks with feedback-alignment learning rules, and read the stored runs.", program);
  Options options;
  build(app, options);

  // CLI11 wants a command's options after its name: the name goes first.
  std::vector<std::string> words = arguments;
  const std::size_t place = find_command(app, words);
  CLI::App* sub = nullptr;
  if (place < words.size()) {
    const auto known = std::find_if(commands().begin(), commands().end(),
                                    [&](const Command& command) { return command.name == words[place]; });
    if (known == commands().end()) return unknown_command(words[place]);
    sub = app.get_subcommand(words[place]);
    options.command = words[place];
    std::rotate(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(place),
                words.begin() + static_cast<std::ptrdiff_t>(place) + 1);
  }
  try {
    std::reverse(words.begin(), words.end());  // as CLI11 takes a vector
    app.parse(words);
  } catch (const CLI::CallForHelp&) {
    return {std::nullopt, (sub ? sub : &app)->help(sub ? program : ""), 0};
  } catch (const CLI::CallForVersion& version) {
    return {std::nullopt, std::string(version.what()) + "\n", 0};
  } catch (const CLI::ParseError& error) {
    const std::string command = sub ? options.command + " " : "";
    return wrong((sub ? options.command + ": " : "") + error.what() + "; " + program + " " + command +
                 "--help lists what it takes");
  }
  if (!sub) return wrong("which command?\n\n" + app.help());
  if (const auto rest = sub->remaining(); !rest.empty()) return unexpected(*sub, rest);
  return {std::move(options), "", 0};
}

Overrides Options::overrides() const {
  Overrides overrides{sets, rules};
  if (seed) overrides.sets.push_back("seed=" + *seed);
  if (device) overrides.sets.push_back("device=" + *device);
  if (threads) overrides.sets.push_back("threads=" + *threads);
  return overrides;
}

std::string Options::database_path() const {
  return database.empty() ? Paths::choose(data_dir).database() : with_home(database);
}

}  // namespace grapevine::cli
