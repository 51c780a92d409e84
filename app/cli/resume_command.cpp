// resume: a stored run, with its whole race, continues after its last checkpoint.
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
  if (!options.sets.empty() || options.seed)
    throw InputError(
        "resume continues with the stored settings: --set and --seed don't apply; "
        "for other settings start a new run (grapevine-cli show ID prints its command)");
  const std::int64_t id = need_runs(options)->resolve(own.id);
  return carry_out(options, request_to_resume(options, id));
}

void describe(Usage& usage, ResumeOptions& own) {
  add_run(usage, own.id);
}

}  // namespace

Command resume_command() {
  return make_command<ResumeOptions>({"resume", "Continue a stopped or interrupted run",
                                      "The run continues from its last checkpoint; a racer takes its whole "
                                      "race along. The numbers are those of a run "
                                      "that was never stopped.",
                                      Shows::device_and_threads},
                                     describe, run);
}

}  // namespace grapevine::cli
