// restore: brings deleted runs back.
#include "app/cli/commands.h"
#include "app/cli/console.h"
#include "app/cli/stored_runs.h"

namespace grapevine::cli {
namespace {

struct RestoreOptions {
  std::vector<std::string> ids;
};

int run(const Options& options, const RestoreOptions& own) {
  const std::vector<std::int64_t> ids = resolve_all(*need_runs(options), own.ids, /*deleted=*/true);
  RunEditor(options.database_path()).restore(ids);
  tell_done(options, "Restored", ids);
  return 0;
}

void describe(Usage& usage, RestoreOptions& own) {
  add_runs(usage, own.ids);
}

}  // namespace

Command restore_command() {
  return make_command<RestoreOptions>({"restore", "Bring deleted runs back (list --deleted shows them)", ""},
                                      describe, run);
}

}  // namespace grapevine::cli
