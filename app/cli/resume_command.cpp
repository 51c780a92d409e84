// resume: a stored run, with its whole race, continues after its last checkpoint; a finished one is trained
// further as a new run.
#include "app/cli/command.h"
#include "app/cli/stored_runs.h"
#include "app/cli/terminal_run.h"
#include "engine/error.h"

namespace grapevine::cli {
namespace {

struct ResumeOptions {
  std::string id;
};

int run(const Options& options, const ResumeOptions& own) {
  if (options.seed)
    throw InputError(
        "resume continues with the stored settings: --seed doesn't apply; "
        "for another seed start a new run (grapevine-cli show ID prints its command)");
  const std::int64_t id = need_runs(options)->resolve(own.id);
  LaunchRequest request = request_to_resume(options, id);
  request.further = options.sets;
  return carry_out(options, std::move(request));
}

void describe(Usage& usage, ResumeOptions& own) {
  add_run(usage, own.id);
}

}  // namespace

Command resume_command() {
  return make_command<ResumeOptions>(
      {"resume", "Continue a stopped or interrupted run, or train a finished one further",
       "The run continues from its last checkpoint; a racer takes its whole "
       "race along. The numbers are those of a run "
       "that was never stopped.\n"
       "With --set train.epochs=N a finished run is trained N epochs further, as a "
       "new run that begins with the finished one's last state: its epochs and "
       "its schedule count from there, and the old run stays.",
       Shows::device_and_threads},
      describe, run);
}

}  // namespace grapevine::cli
