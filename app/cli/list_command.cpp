// list: the stored runs, newest first.
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "app/cli/command.h"
#include "app/cli/console.h"
#include "app/cli/run_tables.h"
#include "app/cli/stored_runs.h"
#include "app/cli/table.h"
#include "engine/experiment/registry.h"
#include "engine/runs/export.h"

namespace grapevine::cli {
namespace {

int run(const Options& options) {
  const auto reader = open_runs(options);
  std::vector<RunSummary> runs = reader ? reader->list() : std::vector<RunSummary>{};
  std::reverse(runs.begin(), runs.end());
  if (options.json) {
    print_json(list_result(runs));
    return reader ? tell_troubles(*reader) : 0;
  }
  if (runs.empty()) {
    print("No runs yet in " + clean(options.database_path()) + ". Start one: grapevine-cli race\n");
    return reader ? tell_troubles(*reader) : 0;
  }
  Table table({"id", "name", "status", "rule", "model", "data", "started", "epochs", "best test", "tags"},
              {Align::right, Align::left, Align::left, Align::left, Align::left, Align::left, Align::left,
               Align::right, Align::right, Align::left});
  for (const RunSummary& one : runs) {
    table.add({std::to_string(one.id), one.name, one.status, one.rule, one.model, one.data,
               local_time(one.started), epoch_text(one.epochs),
               // Most runs' accuracies need no word.
               (one.score == scores(Phase::test).front() ? "" : one.score->family + " ") +
                   score_text(*one.score, one.best),
               one.tags});
  }
  print(table.text());
  return tell_troubles(*reader);
}

}  // namespace

Command list_command() {
  return make_command({"list", "List the stored runs, newest first", ""}, run);
}

}  // namespace grapevine::cli
