// db: looking after the database as a file.
#include <nlohmann/json.hpp>

#include "app/cli/commands.h"
#include "app/cli/console.h"
#include "engine/error.h"
#include "engine/files/home.h"
#include "engine/runs/backup.h"
#include "engine/runs/maintenance.h"
#include "engine/runs/merge.h"
#include "engine/runs/run_reader.h"

namespace grapevine::cli {
namespace {

std::string counted(std::int64_t count, const std::string& one, const std::string& many) {
  return with_thousands(count) + " " + (count == 1 ? one : many);
}

int check(const Options& options) {
  const DatabaseCheck found = check_database_file(options.database_path());
  if (options.json) {
    print_json({{"database", options.database_path()},
                {"sound", found.problems.empty()},
                {"problems", found.problems},
                {"runs", found.runs},
                {"readable_runs", found.readable},
                {"samples", found.samples},
                {"checkpoints", found.checkpoints}});
    return found.problems.empty() ? 0 : 1;
  }
  for (const std::string& problem : found.problems) print("- " + clean(problem) + "\n");
  print((found.problems.empty() ? "Sound: " : "Can be read: ") +
        (found.readable == found.runs
             ? counted(found.runs, "run", "runs")
             : with_thousands(found.readable) + " of " + counted(found.runs, "run", "runs") + " in full") +
        ", " + counted(found.samples, "sample", "samples") + ", " +
        counted(found.checkpoints, "checkpoint", "checkpoints") + "\n");
  if (!found.problems.empty() && !options.quiet)
    print(
        "Save what there is before anything else: grapevine-cli db backup FILE copies the database as it is; "
        "grapevine-cli db merge, into a new database, takes every run that can be read.\n");
  return found.problems.empty() ? 0 : 1;
}

int backup(const Options& options) {
  const std::string database = options.database_path();
  if (!database_exists(database)) throw InputError("there is no database " + database + " to copy");
  const std::string copy = with_home(options.names.front());
  back_up_database(database, copy);
  if (options.json) {
    print_json({{"database", database}, {"file", copy}});
  } else if (!options.quiet) {
    print("Copied " + clean(database) + " to " + clean(copy) +
          ". Checkpoints stay where they are: a copy in the same folder finds them.\n");
  }
  return 0;
}

int vacuum(const Options& options) {
  const SizeChange change = vacuum_database(options.database_path());
  if (options.json) {
    print_json({{"database", options.database_path()}, {"before", change.before}, {"after", change.after}});
  } else if (!options.quiet) {
    print(with_thousands(change.before) + " bytes before, " + with_thousands(change.after) + " now\n");
  }
  return 0;
}

int merge(const Options& options) {
  MergeResult all;
  for (const std::string& name : options.names) {
    const MergeResult one = merge_database(options.database_path(), with_home(name));
    all.taken.insert(all.taken.end(), one.taken.begin(), one.taken.end());
    all.left.insert(all.left.end(), one.left.begin(), one.left.end());
    all.known += one.known;
    all.checkpoints += one.checkpoints;
  }
  for (const std::string& why : all.left) complain(why);
  if (options.json) {
    print_json({{"database", options.database_path()},
                {"runs", all.taken},
                {"known", all.known},
                {"checkpoints", all.checkpoints},
                {"left_out", all.left}});
  } else if (!options.quiet) {
    print(counted(static_cast<std::int64_t>(all.taken.size()), "run", "runs") + " taken in, with " +
          counted(all.checkpoints, "checkpoint", "checkpoints") + "; " +
          counted(all.known, "run was", "runs were") + " here already\n");
  }
  return all.left.empty() ? 0 : 1;
}

struct Action {
  const char* name;
  int (*carry_out)(const Options&);
  std::size_t least, most;  ///< files
};
constexpr Action actions[] = {
    {"check", check, 0, 0}, {"backup", backup, 1, 1}, {"vacuum", vacuum, 0, 0}, {"merge", merge, 1, 1000}};

}  // namespace

int database_command(const Options& options) {
  std::vector<std::string> known;
  for (const Action& action : actions) {
    known.emplace_back(action.name);
    if (options.action != action.name) continue;
    if (options.names.size() < action.least)
      throw InputError("db " + options.action + " needs a file: grapevine-cli db " + options.action +
                       " FILE");
    if (options.names.size() > action.most)
      throw InputError("db " + options.action + " takes " + (action.most == 0 ? "no file" : "one file") +
                       " beside --db, and not '" + options.names[action.most] + "'");
    return action.carry_out(options);
  }
  const std::string near = nearest(options.action, known);
  throw InputError("there is no db " + options.action + "; there are check, backup, vacuum and merge" +
                   (near.empty() ? "" : ": did you mean " + near + "?"));
}

}  // namespace grapevine::cli
