// completion: what a shell needs to complete command lines.
#include <nlohmann/json.hpp>

#include "app/cli/commands.h"
#include "app/cli/completion.h"
#include "app/cli/console.h"
#include "engine/error.h"

namespace grapevine::cli {
namespace {

struct Shell {
  Word word;
  std::string (*script)();
};

const std::vector<Shell>& shells() {
  static const std::vector<Shell> all = {
      {{"bash", "", "source <(grapevine-cli completion bash)"}, bash_completion},
      {{"zsh", "", "source <(grapevine-cli completion zsh)"}, zsh_completion},
      {{"fish", "", "grapevine-cli completion fish > ~/.config/fish/completions/grapevine-cli.fish"},
       fish_completion}};
  return all;
}

struct CompletionOptions {
  std::string shell;
};

int run(const Options& options, const CompletionOptions& own) {
  for (const Shell& shell : shells()) {
    if (shell.word.name != own.shell) continue;
    if (options.json)
      print_json({{"shell", own.shell}, {"script", shell.script()}});
    else
      print(shell.script());
    return 0;
  }
  throw InputError("there is no completion for '" + own.shell + "'; there are bash, zsh and fish");
}

void describe(Usage& usage, CompletionOptions& own) {
  std::vector<Word> words;
  for (const Shell& shell : shells()) words.push_back(shell.word);
  usage.add("SHELL", &own.shell, "").one_of(words).must_be_given();
}

}  // namespace

Command completion_command() {
  return make_command<CompletionOptions>(
      {"completion", "Print a script that completes command lines in bash, zsh or fish", ""}, describe, run);
}

}  // namespace grapevine::cli
