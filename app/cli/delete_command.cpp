// delete: takes runs out of the library. Nothing is lost: restore brings them back.
#include <nlohmann/json.hpp>

#include "app/cli/commands.h"
#include "app/cli/console.h"
#include "app/cli/stored_runs.h"
#include "engine/error.h"

namespace grapevine::cli {
namespace {

struct DeleteOptions {
  std::vector<std::string> ids;
};

int run(const Options& options, const DeleteOptions& own) {
  const auto reader = need_runs(options);
  const std::vector<std::int64_t> ids = resolve_all(*reader, own.ids);
  for (const std::int64_t id : ids) {
    const StatusWord status = reader->summary(id).status;
    if (is_going_on(status))
      throw InputError("run " + std::to_string(id) + " is in progress: stop it first; nothing was deleted");
  }
  RunEditor(options.database_path()).remove(ids);
  std::string back = "grapevine-cli restore";
  for (const std::int64_t id : ids) back += " " + std::to_string(id);
  tell_done(options, "Deleted", ids, "; bring back with: " + back);
  return 0;
}

void describe(Usage& usage, DeleteOptions& own) {
  add_runs(usage, own.ids);
}

}  // namespace

Command delete_command() {
  return make_command<DeleteOptions>({"delete", "Delete runs; restore brings them back", ""}, describe, run);
}

}  // namespace grapevine::cli
