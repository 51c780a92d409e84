// From a description to CLI11's options.
#include "app/usage/declare.h"

#include <algorithm>

#include "engine/files/home.h"

namespace grapevine {
namespace {

using Words = std::vector<std::string>;

/// "bp, dfa" and "bp,dfa" are two words. An empty one stays: CLI11 would drop it, and the command refuses it.
Words parted(const Words& given) {
  Words all;
  for (const std::string& text : given)
    for (std::size_t begin = 0; begin <= text.size();) {
      const std::size_t end = std::min(text.find(',', begin), text.size());
      const std::string word = text.substr(begin, end - begin);
      const std::size_t first = word.find_first_not_of(" \t"), last = word.find_last_not_of(" \t");
      all.push_back(first == std::string::npos ? "" : word.substr(first, last - first + 1));
      begin = end + 1;
    }
  return all;
}

CLI::Option* add(CLI::App& app, const Parameter& parameter) {
  const std::string help = parameter.full_help();
  return std::visit(
      [&](auto* target) -> CLI::Option* {
        if constexpr (std::is_same_v<decltype(target), bool*>) {
          return app.add_flag(parameter.name, *target, help);
        } else if constexpr (std::is_same_v<decltype(target), Words*>) {
          if (!parameter.splits_at_commas) return app.add_option(parameter.name, *target, help);
          return app.add_option_function<Words>(
              parameter.name, [target](const Words& given) { *target = parted(given); }, help);
        } else {
          return app.add_option(parameter.name, *target, help);
        }
      },
      parameter.target);
}

bool names_a_path(const Parameter& parameter) {
  switch (parameter.completes) {
    case Completes::file:
    case Completes::folder:
    case Completes::experiment:
    case Completes::sweep:
    case Completes::lesson:
      return true;
    default:
      return false;
  }
}

void declare_one(CLI::App& app, const Parameter& parameter, const std::string& group) {
  CLI::Option* option = add(app, parameter);
  if (parameter.is_option()) option->group(parameter.hidden ? "" : group);
  if (parameter.required) option->required();
  if (parameter.range) option->check(CLI::Range(parameter.range->first, parameter.range->second));
  if (!parameter.not_with.empty()) option->excludes(app.get_option(parameter.not_with));
  if (parameter.is_flag()) return;
  if (parameter.is_option()) option->type_name(parameter.value);
  // A shell expands a tilde at a word's beginning only: not in --db=~/x.db, nor between quotation marks.
  if (names_a_path(parameter)) option->transform(&with_home, "");
  if (parameter.is_list()) {
    // `--set a=1 b` is not two settings: what is after a value is an argument.
    if (parameter.is_option()) option->allow_extra_args(false);
  } else {
    option->take_last();
    if (std::holds_alternative<int*>(parameter.target)) option->capture_default_str();
  }
}

}  // namespace

void declare(CLI::App& app, const Usage& usage, const std::string& group) {
  for (const Parameter& parameter : usage.parameters()) declare_one(app, parameter, group);
}

}  // namespace grapevine
