// The man page: what all commands say about themselves, with what holds for all of them.
#include "app/cli/command_line.h"
#include "app/cli/commands.h"
#include "app/usage/man_page.h"

namespace grapevine::cli {
namespace {

ManSection described_commands() {
  ManSection section("Commands");
  for (const Command& command : commands()) {
    const Usage usage = command.usage();
    const About& about = command.about;
    section.entry(about.name, usage.synopsis(false),
                  about.help + "." + (about.details.empty() ? "" : "\n" + about.details));
    section.begin_nested().parameters(usage, false).end_nested();
  }
  return section;
}

ManSection common_options() {
  Options options;
  return ManSection("Options of all commands")
      .paragraph(
          "Options may come before or after the command. Those that mean nothing to a command are accepted.")
      .parameters(common_usage(options, Shows::settings), true);
}

}  // namespace

std::string manual() {
  ManSection description("Description");
  description
      .paragraph(
          "An experiment is a JSON object (comments allowed) whose keys grapevine-cli settings lists with "
          "types, ranges, "
          "defaults and help. Every key has a default.")
      .paragraph("Every run is stored in a database and can be resumed, compared and exported.")
      .paragraph(
          "In a race --set rule.SETTING=VALUE goes to every racer whose rule has the setting, --set "
          "RULE.SETTING=VALUE to "
          "that rule's alone. VALUE is JSON or a bare word, lists also as a,b,c.");
  ManSection status("Exit status");
  status.entry("0", "", "done")
      .entry("1", "", "it failed while running")
      .entry("2", "", "the input was wrong")
      .entry("130", "", "stopped by Ctrl-C; a run is stored and can be resumed");
  ManSection examples("Examples");
  examples.lines({"grapevine-cli race --rules bp,dfa,grape --set train.epochs=3",
                  "grapevine-cli train --set rule.name=residual --set model.hidden=256,256 --json",
                  "grapevine-cli export 3 -o run.csv"});
  ManSection also("See also");
  also.paragraph("grapevine(1)");
  return man_page("grapevine-cli",
                  "train networks with feedback-alignment learning rules, and read the stored runs",
                  "COMMAND [ARGUMENT…] [OPTION…]",
                  {description, described_commands(), common_options(), status, examples, also});
}

}  // namespace grapevine::cli
