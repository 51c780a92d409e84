// Reading the command line. CLI11 does the splitting; what it can't say well (unknown words, with the nearest
// known one) is said here.
#include "app/cli/command_line.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>

#include "app/cli/commands.h"
#include "app/cli/foreign_text.h"
#include "app/usage/declare.h"
#include "engine/experiment/bound_settings.h"
#include "engine/experiment/nearest.h"
#include "engine/experiment/other_names.h"
#include "engine/experiment/registry.h"
#include "engine/experiment/settings.h"
#include "engine/experiment/shown.h"

namespace grapevine::cli {
namespace {

constexpr const char* program = "grapevine-cli";

std::string join(const std::vector<std::string>& words, const char* between) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : between) + word;
  return text;
}

/// A command in CLI11's terms; what it runs is made when it is described.
Run add_command(CLI::App& app, const Command& command, Options& options) {
  const About& about = command.about;
  CLI::App* sub = app.add_subcommand(about.name, about.help);
  sub->allow_extras();
  sub->group("Commands");
  sub->footer(about.details);
  Usage own;
  Run run = command.describe(own);
  declare(*sub, own, "Options");
  declare(*sub, common_usage(options, about.shows), "Common options");
  return run;
}

std::vector<Run> build(CLI::App& app, Options& options, bool& wants_manual) {
  app.set_version_flag("--version", std::string(program) + " " + GRAPEVINE_VERSION);
  app.add_flag("--manual", wants_manual, "Print the man page")->group("");
  app.require_subcommand(0, 1);
  app.get_formatter()->label("SUBCOMMAND", "COMMAND");
  app.get_formatter()->label("TEXT", "");
  app.footer(
      "Options may come before or after the command; grapevine-cli COMMAND --help lists a command's own.\n"
      "Exit status: 0 done, 1 failed while running, 2 wrong input, 130 stopped by Ctrl-C.");
  std::vector<Run> runs;
  for (const Command& command : commands()) runs.push_back(add_command(app, command, options));
  return runs;
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

/// In one line; what was typed is quoted in it.
ParsedCommandLine wrong(std::string_view text) {
  return {std::nullopt, {}, clean(text), 2};
}

ParsedCommandLine finished(std::string text) {
  return {std::nullopt, {}, std::move(text), 0};
}

std::string suggestion(const std::string& word, const std::vector<std::string>& candidates) {
  const std::string near = nearest(word, candidates);
  return near.empty() ? "" : "; did you mean " + near + "?";
}

ParsedCommandLine unknown_command(const std::string& word) {
  std::vector<std::string> names;
  for (const Command& command : commands()) names.push_back(command.about.name);
  const std::string near = suggestion(word, names);
  return wrong("unknown command '" + shown(word) + "'" +
               (near.empty() ? "; the commands are " + join(names, ", ") : near));
}

/// "--set optimizer.lr=VALUE" for --lr: settings whose last part, or whose group of named things, an option's
/// name is; several joined by "or". "" where there are none.
std::string settings_behind(const std::string& option) {
  std::string word = in_lower_case(option.substr(std::min(option.size(), option.find_first_not_of('-'))));
  std::replace(word.begin(), word.end(), '-', '_');
  if (const std::string meant = key_meant(word); !meant.empty()) return "--set " + meant + "=VALUE";
  std::vector<std::string> keys;
  for (const Setting& setting : experiment_settings()) keys.push_back(setting.key);
  for (const RuleDescriptor& rule : rules())
    for (const Setting& setting : rule.settings)
      if (const std::string key = rule_group + setting.key;
          std::find(keys.begin(), keys.end(), key) == keys.end())
        keys.push_back(key);
  std::string text;
  for (const std::string& key : keys) {
    const bool is_meant = key == word || key.substr(key.rfind('.') + 1) == word || key == word + ".name";
    if (is_meant) text += (text.empty() ? "--set " : " or --set ") + key + "=VALUE";
  }
  return text;
}

bool takes_settings(const std::string& command) {
  return std::any_of(commands().begin(), commands().end(), [&](const Command& known) {
    return known.about.name == command && known.about.shows == Shows::settings;
  });
}

/// "; --rules is an option of race and bench" where other commands have what this one hasn't.
std::string owners_of(const std::string& option, CLI::App& app) {
  std::vector<std::string> owners;
  for (CLI::App* command : app.get_subcommands({})) {
    const std::vector<std::string> names = option_names({command}, false);
    if (std::find(names.begin(), names.end(), option) != names.end()) owners.push_back(command->get_name());
  }
  if (owners.empty()) return "";
  const std::string last = owners.back();
  owners.pop_back();
  return "; " + option + " is an option of " + join(owners, ", ") + (owners.empty() ? "" : " and ") + last;
}

ParsedCommandLine unexpected(CLI::App& app, CLI::App& sub, const std::vector<std::string>& words) {
  const std::string command = sub.get_name();
  const std::string hint = "; " + std::string(program) + " " + command + " --help lists what it takes";
  for (const std::string& word : words) {
    if (word.size() < 2 || word[0] != '-') continue;
    const std::string name = word.substr(0, word.find('='));
    const std::string unknown = "unknown option '" + shown(name) + "' for " + command;
    const std::vector<std::string> own = option_names({&sub}, false);
    if (std::find(own.begin(), own.end(), name + "s") != own.end())
      return wrong(unknown + "; did you mean " + name + "s?");
    if (const std::string settings = takes_settings(command) ? settings_behind(name) : ""; !settings.empty())
      return wrong(unknown + "; a setting is given as " + settings);
    std::string near = suggestion(name, own);
    if (near.empty()) near = owners_of(name, app);
    return wrong(unknown + (near.empty() ? hint : near));
  }
  return wrong("unexpected argument '" + shown(words.front()) + "' for " + command + hint);
}

}  // namespace

Usage common_usage(Options& options, Shows shows) {
  const bool settings = shows == Shows::settings;
  const bool threads = settings || shows == Shows::device_and_threads;
  const bool device = threads || shows == Shows::device;
  Usage usage;
  usage.add("--set", &options.sets, "Change a setting; may be given several times")
      .shown_as("KEY=VALUE", Completes::setting)
      .hidden = !settings;
  usage.add("--seed", &options.seed, "Short for --set seed=N").shown_as("N").hidden = !settings;
  usage.add("--device", &options.device, "auto, cpu, cuda, cuda:0 …").shown_as("D").hidden = !device;
  usage
      .add("--threads", &options.threads,
           "Threads to compute with (default: OMP_NUM_THREADS, else all cores that may be used)")
      .shown_as("N")
      .hidden = !threads;
  usage.add("--db", &options.database, "The database (default: grapevine.db in the data folder)")
      .shown_as("FILE", Completes::file);
  usage.add("--data-dir", &options.data_dir, "The program's data folder (database, downloads)")
      .shown_as("DIR", Completes::folder);
  usage.add("--json", &options.json, "One JSON document on standard output, all else on standard error");
  usage.add("--quiet", &options.quiet, "No progress, only the result");
  return usage;
}

ParsedCommandLine parse_command_line(const std::vector<std::string>& arguments) {
  CLI::App app("Train networks with feedback-alignment learning rules, and read the stored runs.", program);
  Options options;
  bool wants_manual = false;
  const std::vector<Run> runs = build(app, options, wants_manual);

  // CLI11 wants a command's options after its name: the name goes first.
  std::vector<std::string> words = arguments;
  std::size_t place = find_command(app, words);
  if (place < words.size() && words[place] == "help") {  // as git and others have it
    words.erase(words.begin() + static_cast<std::ptrdiff_t>(place));
    words.push_back("--help");
    place = find_command(app, words);
  }
  CLI::App* sub = nullptr;
  Run run;
  if (place < words.size()) {
    const auto known = std::find_if(commands().begin(), commands().end(), [&](const Command& command) {
      return command.about.name == words[place];
    });
    if (known == commands().end()) return unknown_command(words[place]);
    sub = app.get_subcommand(words[place]);
    run = runs[static_cast<std::size_t>(known - commands().begin())];
    std::rotate(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(place),
                words.begin() + static_cast<std::ptrdiff_t>(place) + 1);
  }
  try {
    std::reverse(words.begin(), words.end());  // as CLI11 takes a vector
    app.parse(words);
  } catch (const CLI::CallForHelp&) {
    return finished((sub ? sub : &app)->help(sub ? program : ""));
  } catch (const CLI::CallForVersion& version) {
    return finished(std::string(version.what()) + "\n");
  } catch (const CLI::ParseError& error) {
    const std::string command = sub ? sub->get_name() + " " : "";
    return wrong((sub ? sub->get_name() + ": " : "") + shown_in(error.what(), arguments) + "; " + program +
                 " " + command + "--help lists what it takes");
  }
  if (wants_manual) return finished(manual());
  if (!sub) return {std::nullopt, {}, "which command?\n\n" + app.help(), 2};
  if (const auto rest = sub->remaining(); !rest.empty()) return unexpected(app, *sub, rest);
  return {std::move(options), std::move(run), "", 0};
}

}  // namespace grapevine::cli
