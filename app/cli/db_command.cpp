// db: looking after the database as a file.
#include <nlohmann/json.hpp>

#include "app/cli/command.h"
#include "app/cli/console.h"
#include "app/cli/stop_requests.h"
#include "engine/error.h"
#include "engine/runs/backup.h"
#include "engine/runs/maintenance.h"
#include "engine/runs/merge.h"
#include "engine/runs/run_reader.h"

namespace grapevine::cli {
namespace {

struct DbOptions {
  std::string action;
  std::vector<std::string> files;
};

std::string counted(std::int64_t count, const std::string& one, const std::string& many) {
  return with_thousands(count) + " " + (count == 1 ? one : many);
}

int check(const Options& options, const DbOptions&) {
  const DatabaseCheck found = check_database_file(options.database_path());
  if (options.json) {
    print_json({{"database", options.database_path()},
                {"sound", found.problems.empty()},
                {"problems", found.problems},
                {"notes", found.notes},
                {"runs", found.runs},
                {"readable_runs", found.readable},
                {"samples", found.samples},
                {"checkpoints", found.checkpoints}});
    return found.problems.empty() ? 0 : 1;
  }
  for (const std::string& problem : found.problems) print("- " + clean(problem) + "\n");
  for (const std::string& note : found.notes) print("Note: " + clean(note) + "\n");
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

int backup(const Options& options, const DbOptions& own) {
  const std::string database = options.database_path();
  if (!database_exists(database)) throw InputError("there is no database " + database + " to copy");
  const std::string copy = own.files.front();
  back_up_database(database, copy);
  if (options.json) {
    print_json({{"database", database}, {"file", copy}});
  } else if (!options.quiet) {
    print("Copied " + clean(database) + " to " + clean(copy) +
          ". Checkpoints stay where they are: a copy in the same folder finds them.\n");
  }
  return 0;
}

int vacuum(const Options& options, const DbOptions&) {
  const SizeChange change = vacuum_database(options.database_path());
  if (options.json) {
    print_json({{"database", options.database_path()}, {"before", change.before}, {"after", change.after}});
  } else if (!options.quiet) {
    print(with_thousands(change.before) + " bytes before, " + with_thousands(change.after) + " now\n");
  }
  return 0;
}

int merge(const Options& options, const DbOptions& own) {
  MergeResult all;
  for (const std::string& name : own.files) {
    const MergeResult one = merge_database(options.database_path(), name);
    all.taken.insert(all.taken.end(), one.taken.begin(), one.taken.end());
    all.left.insert(all.left.end(), one.left.begin(), one.left.end());
    all.known += one.known;
    all.checkpoints += one.checkpoints;
    if (!one.disk.empty()) break;
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
  Word word;
  int (*carry_out)(const Options&, const DbOptions&);
  std::size_t least, most;  ///< files
  const char* left_by_stop;
};

const std::vector<Action>& actions() {
  static const std::vector<Action> all = {
      {{"check", "", "report what is wrong and what can still be read (status 1 when something is wrong)"},
       check,
       0,
       0,
       "nothing was changed"},
      {{"backup", "FILE", "copy the database, also while runs are active, to FILE"},
       backup,
       1,
       1,
       "nothing was written"},
      {{"vacuum", "", "give the space of deleted rows back to the disk"},
       vacuum,
       0,
       0,
       "the database is as it was"},
      {{"merge", "FILE…",
        "take in the runs of other databases, with their checkpoints; a run that is here already, by its "
        "uuid, stays as "
        "it is"},
       merge,
       1,
       1000,
       "runs that were taken in whole stay, and merging again takes the rest"}};
  return all;
}

std::vector<Word> words() {
  std::vector<Word> all;
  for (const Action& action : actions()) all.push_back(action.word);
  return all;
}

[[noreturn]] void refuse(const std::string& action) {
  std::vector<std::string> known;
  std::string list;
  for (const Word& word : words()) {
    list += (list.empty() ? "" : ", ") + word.name;
    known.push_back(word.name);
  }
  const std::string near = nearest(action, known);
  throw InputError("there is no db " + action + "; the actions are " + list +
                   (near.empty() ? "" : ": did you mean " + near + "?"));
}

int run(const Options& options, const DbOptions& own) {
  for (const Action& action : actions()) {
    if (own.action != action.word.name) continue;
    if (own.files.size() < action.least)
      throw InputError("db " + own.action + " needs a file: grapevine-cli db " + own.action + " FILE");
    if (own.files.size() > action.most)
      throw InputError("db " + own.action + " takes " + (action.most == 0 ? "no file" : "one file") +
                       " in addition to --db, and not '" + own.files[action.most] + "'");
    return stoppable(options, action.left_by_stop, [&] { return action.carry_out(options, own); });
  }
  refuse(own.action);
}

void describe(Usage& usage, DbOptions& own) {
  usage.add("ACTION", &own.action, "").one_of(words()).must_be_given();
  usage.add("FILE", &own.files, "backup: the copy; merge: other databases").completed_by(Completes::file);
}

}  // namespace

Command db_command() {
  return make_command<DbOptions>(
      {"db", "Maintain the database: check, back up, vacuum, merge others into it", ""}, describe, run);
}

}  // namespace grapevine::cli
