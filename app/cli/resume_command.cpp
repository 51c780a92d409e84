// resume: a stored run, with its whole race, continues after its last checkpoint.
#include "app/cli/commands.h"
#include "app/cli/stored_runs.h"
#include "app/cli/terminal_run.h"
#include "engine/error.h"

namespace grapevine::cli {

int resume_command(const Options& options) {
  if (!options.sets.empty() || options.seed)
    throw InputError(
        "resume continues with the stored settings: --set and --seed don't apply; "
        "for other settings start a new run (grapevine-cli show ID prints its command)");
  const std::int64_t id = need_runs(options)->resolve(options.names.front());
  return carry_out(options, request_to_resume(options, id));
}

}  // namespace grapevine::cli
