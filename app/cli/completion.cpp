// Words that are known when the script is made are in it; ids of runs are asked for when they are needed.
#include "app/cli/completion.h"

#include <algorithm>
#include <map>
#include <set>

#include "app/cli/command_line.h"
#include "app/cli/commands.h"
#include "engine/experiment/groups/rule_name.h"
#include "engine/experiment/registry.h"
#include "engine/experiment/settings.h"
#include "engine/experiment/shell_word.h"
#include "engine/launch/paper_cells.h"
#include "engine/lessons/lesson_files.h"
#include "engine/plans/presets.h"
#include "engine/plans/sweep_presets.h"
#include "engine/runs/run_key.h"

namespace grapevine::cli {
namespace {

using Words = std::vector<std::string>;

constexpr const char* ids_of_runs =
    "grapevine-cli query 'SELECT id FROM runs WHERE deleted = 0 ORDER BY id DESC LIMIT 200' 2>/dev/null | "
    "tail -n +2";

std::string joined(const Words& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

Words keys_of_settings() {
  Words keys;
  for (const Setting& setting : experiment_settings()) keys.push_back(setting.key);
  for (const RuleDescriptor& rule : rules())
    for (const Setting& setting : rule.settings) keys.push_back("rule." + setting.key);
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

Words names_of_presets() {
  Words names;
  for (const Preset& preset : presets()) names.push_back(preset.name);
  return names;
}

Words names_of_sweeps() {
  Words names;
  for (const SweepPreset& sweep : sweep_presets()) names.push_back(sweep.name);
  return names;
}

Words names_of_lessons() {
  Words names;
  for (const LessonPlan& lesson : lessons()) names.push_back(lesson.name);
  return names;
}

template <class List>
Words keys_of(const List& list) {
  Words keys;
  for (const auto& entry : list) keys.push_back(entry.key);
  return keys;
}

/// What a value may be, as far as it is known beforehand.
Words words_for(const Parameter& parameter) {
  if (!parameter.words.empty()) {
    Words words;
    for (const Word& word : parameter.words) words.push_back(word.name);
    return words;
  }
  switch (parameter.completes) {
    case Completes::rule:
      return keys_of(rules());
    case Completes::setting:
      return keys_of_settings();
    case Completes::run_key: {
      Words keys = known_run_keys();
      const Words best = best_score_keys();
      keys.insert(keys.end(), best.begin(), best.end());
      return keys;
    }
    case Completes::data_set:
      return keys_of(data_sets());
    case Completes::experiment:
      return names_of_presets();
    case Completes::preset: {
      Words names = names_of_presets();
      const Words sweeps = names_of_sweeps();
      names.insert(names.end(), sweeps.begin(), sweeps.end());
      return names;
    }
    case Completes::sweep:
      return names_of_sweeps();
    case Completes::lesson:
      return names_of_lessons();
    case Completes::paper_table:
      return paper_tables();
    default:
      return {};
  }
}

bool takes_files(const Parameter& parameter) {
  return parameter.completes == Completes::file || parameter.completes == Completes::experiment ||
         parameter.completes == Completes::sweep || parameter.completes == Completes::lesson;
}

/// All that a command takes, its own first.
struct Described {
  const Command* command;
  Usage own, common;
};

std::vector<Described> described(Options& options) {
  std::vector<Described> all;
  for (const Command& command : commands())
    all.push_back({&command, command.usage(), common_usage(options, command.about.shows)});
  return all;
}

template <class Visit>
void each_parameter(const Described& one, Visit visit) {
  for (const Usage* usage : {&one.own, &one.common})
    for (const Parameter& parameter : usage->parameters())
      if (!parameter.hidden) visit(parameter);
}

/// A command of bash that fills COMPREPLY with what a value may be.
std::string bash_reply(const Parameter& parameter) {
  std::string reply;
  if (const Words words = words_for(parameter); !words.empty())
    reply += "COMPREPLY+=($(compgen -W \"" + joined(words) + "\" -- \"$cur\")); ";
  if (takes_files(parameter)) reply += "COMPREPLY+=($(compgen -f -- \"$cur\")); ";
  if (parameter.completes == Completes::folder) reply += "COMPREPLY+=($(compgen -d -- \"$cur\")); ";
  if (parameter.completes == Completes::run)
    reply += std::string("COMPREPLY+=($(compgen -W \"$(") + ids_of_runs + ")\" -- \"$cur\")); ";
  return reply.empty() ? ":; " : reply;
}

/// What each setting's value may be where that is one of a few words.
std::map<std::string, std::set<std::string>> words_of_settings() {
  std::map<std::string, std::set<std::string>> words;
  const auto add = [&](const std::string& key, const Setting& setting) {
    std::set<std::string>& own = words[key];
    own.insert(setting.choices.begin(), setting.choices.end());
    if (setting.kind == Kind::boolean) own.insert({"true", "false"});
    if (setting.kind == Kind::integer_or_auto) own.insert("auto");
  };
  for (const Setting& setting : experiment_settings()) add(setting.key, setting);
  for (const RuleDescriptor& rule : rules()) {
    for (const Setting& setting : rule.settings) add("rule." + setting.key, setting);
    words[rule_name_key()].insert(rule.key);
  }
  std::erase_if(words, [](const auto& each) { return each.second.empty(); });
  return words;
}

/// Behind `key=`, which bash hands over as a word of its own or as a part of the word. Values that nobody can
/// list are left to the user; of files, those that two settings name.
std::string bash_values() {
  std::string cases;
  for (const auto& [key, words] : words_of_settings())
    cases += "    " + key + ") COMPREPLY=($(compgen -P \"$lead\" -W \"" +
             joined({words.begin(), words.end()}) + "\" -- \"$cur\")); return;;\n";
  return "  local key= lead=\n"
         "  if [[ $cur == \"=\" ]]; then key=$prev cur=\n"
         "  elif [[ $prev == \"=\" ]]; then key=${COMP_WORDS[COMP_CWORD-2]}\n"
         "  elif [[ $cur == *=* ]]; then key=${cur%%=*} lead=${cur%%=*}= cur=${cur#*=}\n"
         "  fi\n"
         "  case \"$key\" in\n" +
         cases +
         "    data.dir|model.weights) COMPREPLY=($(compgen -P \"$lead\" -f -- \"$cur\")); return;;\n"
         "    -*) prev=$key;;\n"
         "    ?*) return;;\n"
         "  esac\n";
}

std::string bash_case(const Described& one) {
  std::string values, arguments;
  Words options;
  each_parameter(one, [&](const Parameter& parameter) {
    if (!parameter.is_option()) {
      arguments += "      " + bash_reply(parameter) + "\n";
      return;
    }
    std::string names;
    for (const std::string& name : parameter.names()) {
      options.push_back(name);
      names += (names.empty() ? "" : "|") + name;
    }
    if (!parameter.is_flag()) values += "        " + names + ") " + bash_reply(parameter) + "return;;\n";
  });
  return "    " + one.command->about.name + ")\n      case \"$prev\" in\n" + values + "      esac\n" +
         "      if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W \"" + joined(options) +
         " --help\" -- \"$cur\")); return; fi\n" + arguments + "      ;;\n";
}

}  // namespace

std::string bash_completion() {
  Options options;
  Words names;
  std::string cases;
  for (const Described& one : described(options)) {
    names.push_back(one.command->about.name);
    cases += bash_case(one);
  }
  std::string pattern;
  for (const std::string& name : names) pattern += (pattern.empty() ? "" : "|") + name;
  return "# bash completion for grapevine-cli: source it, or put it into bash-completion's folder.\n"
         "_grapevine_cli() {\n"
         "  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} command= word\n"
         "  COMPREPLY=()\n" +
         bash_values() +
         "  for word in \"${COMP_WORDS[@]:1:$((COMP_CWORD-1))}\"; do\n"
         "    case \"$word\" in " +
         pattern +
         ") command=$word; break;; esac\n"
         "  done\n"
         "  case \"$command\" in\n"
         "    '') COMPREPLY=($(compgen -W \"" +
         joined(names) + " --help --version\" -- \"$cur\"));;\n" + cases +
         "  esac\n"
         "}\n"
         "complete -F _grapevine_cli grapevine-cli\n";
}

std::string zsh_completion() {
  return "#compdef grapevine-cli\n"
         "# zsh completion for grapevine-cli: source it, or put it as _grapevine-cli into a folder of "
         "$fpath.\n"
         "(( $+functions[compdef] )) || { autoload -U +X compinit && compinit }\n"
         "autoload -U +X bashcompinit && bashcompinit\n" +
         bash_completion() +
         // Found in $fpath it is called as a function, and has to answer that call too.
         "if [[ $funcstack[1] == _grapevine-cli ]]; then _bash_complete -F _grapevine_cli; fi\n";
}

std::string fish_completion() {
  Options options;
  std::string text =
      "# fish completion for grapevine-cli: put it into ~/.config/fish/completions.\n"
      "complete -c grapevine-cli -f\n";
  for (const Described& one : described(options)) {
    const std::string name = one.command->about.name;
    text += "complete -c grapevine-cli -n __fish_use_subcommand -a " + name + " -d " +
            shell_quoted(one.command->about.help) + "\n";
    each_parameter(one, [&](const Parameter& parameter) {
      std::string line = "complete -c grapevine-cli -n '__fish_seen_subcommand_from " + name + "'";
      for (const std::string& option : parameter.names()) {
        if (option.starts_with("--"))
          line += " -l " + option.substr(2);
        else if (option.starts_with('-'))
          line += " -s " + option.substr(1);
      }
      if (parameter.is_option() && !parameter.is_flag()) line += " -r";
      const Words words = words_for(parameter);
      if (parameter.completes == Completes::run)
        line += std::string(" -a \"(") + ids_of_runs + ")\"";
      else if (!words.empty())
        line += " -a " + shell_quoted(joined(words));
      if (takes_files(parameter) || parameter.completes == Completes::folder) line += " -F";
      if (parameter.is_option())
        line += " -d " + shell_quoted(parameter.help.substr(0, parameter.help.find('\n')));
      if (parameter.is_option() || !words.empty() || parameter.completes != Completes::nothing)
        text += line + "\n";
    });
  }
  return text;
}

}  // namespace grapevine::cli
