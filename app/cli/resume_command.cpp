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
  std::vector<std::string> at;
  bool fork = false, alone = false;
};

int run(const Options& options, const ResumeOptions& own) {
  if (options.seed)
    throw InputError(
        "resume continues with the stored settings: --seed doesn't apply; "
        "for another seed start a new run (grapevine-cli show ID prints its command)");
  const std::int64_t id = need_runs(options)->resolve(own.id);
  LaunchRequest request = request_to_resume(options, id);
  if (own.alone && !own.fork) throw InputError("--alone goes with a fork: add --fork");
  if (own.fork) {
    request.resumed_id = 0;
    request.fork = ForkRequest{id, options.sets, own.alone};
  } else {
    request.further = options.sets;
  }
  request.at = own.at;
  return carry_out(options, std::move(request));
}

void describe(Usage& usage, ResumeOptions& own) {
  add_run(usage, own.id);
  usage.add("--fork", &own.fork,
            "Race the unchanged run against a copy with other settings, both from its last checkpoint");
  usage.add("--alone", &own.alone, "With --fork: only the copy with other settings");
  add_timed_commands(usage, own.at);
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
       "its schedule count from there, and the old run stays.\n"
       "With --fork --set rule.name=dfa two new runs continue from the last checkpoint of any run, on the "
       "same "
       "weights and batches and with its clock, to its end: as it was, and under another rule (or optimizer, "
       "schedule, calibration). What belongs to the other rule starts afresh; the old run stays.",
       Shows::device_and_threads},
      describe, run);
}

}  // namespace grapevine::cli
