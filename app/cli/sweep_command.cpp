// sweep: the cells of a grid, one single run after the other or several side by side in processes of their
// own. What is finished is known by its settings, so that the same call again continues where it stopped.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/cli/command.h"
#include "app/cli/console.h"
#include "app/cli/sweep_results.h"
#include "app/cli/sweep_share.h"
#include "app/cli/sweep_tuning.h"
#include "app/cli/sweeper.h"
#include "app/cli/tuning_share.h"
#include "app/cli/worker_pool.h"
#include "engine/error.h"
#include "engine/experiment/bound_settings.h"
#include "engine/experiment/groups/run_settings.h"
#include "engine/files/home.h"
#include "engine/plans/sweep.h"

namespace grapevine::cli {
namespace {

void list_cells(const Options& options, const Sweep& sweep) {
  const std::vector<CellResult> cells = look_up(options, sweep);
  if (options.json) {
    print_json(sweep_document(sweep, cells, "not started"));
    return;
  }
  print(cells_table(sweep.keys, cells));
  const auto done = std::count_if(cells.begin(), cells.end(),
                                  [](const auto& cell) { return cell.status == RunStatus::finished; });
  print(std::to_string(cells.size()) + " cells, " + std::to_string(done) + " of them done\n" +
        failures_text(cells));
}

struct SweepOptions {
  std::string grid, share, tuned, searched;
  bool dry_run = false;
  int cell = 0;  ///< from 1; 0 = all
  int jobs = 1;  ///< at once; 0 = as many as there are GPUs, or as the cores allow
  bool worker = false;
};

/// Side by side each cell has threads of its own, so many that all fit; they are stored with it, for its
/// numbers are those of that number of threads.
int share_the_cores(Sweep& sweep, int jobs) {
  const std::string threads_key = key_of(&RunSettings::threads);
  const bool swept = std::find(sweep.keys.begin(), sweep.keys.end(), threads_key) != sweep.keys.end();
  std::int64_t most = 1;
  std::vector<std::string> devices;
  for (SweepCell& cell : sweep.cells) {
    devices.push_back(RunSettings::of(cell.experiment).device);
    if (!swept && RunSettings::of(cell.experiment).threads == 0)
      cell.experiment.set(threads_key, std::int64_t{1});
    most = std::max(most, RunSettings::of(cell.experiment).threads);
  }
  return jobs > 0 ? jobs : workers_that_fit(static_cast<int>(most), devices);
}

/// The cells that this call is to train: of the same sweep; others may train the rest.
void keep_own_cells(Sweep& sweep, const SweepOptions& own) {
  if (own.cell > 0 && !own.share.empty())
    throw InputError("--cell and --cells exclude each other: leave one out");
  if (own.cell > static_cast<int>(sweep.cells.size()))
    throw InputError("there is no cell " + std::to_string(own.cell) + ": the sweep has " +
                     std::to_string(sweep.cells.size()) + "; --dry-run lists them");
  if (own.cell > 0) sweep.cells = {sweep.cells[static_cast<std::size_t>(own.cell) - 1]};
  if (own.share.empty()) return;
  sweep.cells = read_share(own.share).of(sweep.cells);
}

void tell_stop(int exit_status) {
  if (exit_status == stopped_status) complain("the sweep was stopped; the same command continues it");
}

int tune(const Options& options, const Sweep& sweep, const Tuning& tuning, int workers,
         const StopRequests& stops) {
  Sweeper sweeper(options, sweep, stops);
  const TunedSweep result = carry_out_tuning(sweeper, tuning, workers);
  if (options.json)
    print_json(tuning_document(sweep, tuning, result, sweeper));
  else
    print("\n" + tuning_table(tuning, result, sweeper));
  tell_stop(result.exit_status);
  return result.exit_status;
}

/// What can't be meant together.
void check_tuning(const SweepOptions& own) {
  if (!own.tuned.empty() && own.cell > 0)
    throw InputError("--tune and --cell exclude each other: take a share of the search with --cells, as 2/5");
  if (!own.searched.empty() && (own.tuned.empty() || own.share.empty()))
    throw InputError("--searched names where a finished search is, for --tune together with --cells");
}

int run_tuning(const Options& options, const SweepOptions& own, Sweep& sweep) {
  const Tuning tuning = make_tuning(sweep, own.tuned);
  TuningPart part{{}, with_home(own.searched)};
  if (!own.share.empty()) part.share = read_share(own.share);
  if (own.dry_run) {
    list_tuning(options, sweep, tuning, part);
    return 0;
  }
  const StopRequests stops;
  const int workers = own.jobs == 1 ? 1 : share_the_cores(sweep, own.jobs);
  if (!part.share) return tune(options, sweep, tuning, workers, stops);
  const int exit_status = carry_out_share(options, sweep, tuning, part, workers, stops);
  tell_stop(exit_status);
  return exit_status;
}

int run(const Options& options, const SweepOptions& own) {
  if (own.worker) return serve_jobs(options);
  check_tuning(own);
  Sweep sweep = load_sweep(own.grid, options.overrides(), own.tuned);
  const std::size_t whole = sweep.cells.size();
  for (std::size_t i = 0; i < whole; ++i) sweep.cells[i].number = i + 1;
  if (own.tuned.empty()) keep_own_cells(sweep, own);
  for (SweepCell& cell : sweep.cells) make_folders_absolute(cell.experiment);
  if (!own.tuned.empty()) return run_tuning(options, own, sweep);
  if (own.dry_run) {
    list_cells(options, sweep);
    return 0;
  }
  const StopRequests stops;
  const int workers = own.jobs == 1 ? 1 : share_the_cores(sweep, own.jobs);
  Sweeper sweeper(options, sweep, stops, whole);
  const int exit_status = sweeper.run_all(workers);
  sweeper.fill_numbers();
  if (options.json)
    print_json(sweep_document(sweep, sweeper.cells(), sweeper.status().text()));
  else
    print("\n" + groups_table(sweep.keys, sweeper.cells()) + failures_text(sweeper.cells()));
  tell_stop(exit_status);
  return sweeper.has_lost() ? 1 : exit_status;
}

void describe(Usage& usage, SweepOptions& own) {
  usage
      .add(
          "GRID.json", &own.grid,
          "A sweep: {\"experiment\": {…} or a preset's name, \"grid\": {\"rule.name\": [\"dfa\", \"grape\"], "
          "\"seed\": [0, 1, 2]}}, or the name of one that comes with the program (presets). The same again "
          "continues where it stopped")
      .completed_by(Completes::sweep)
      .must_be_given();
  usage.add("--cell", &own.cell, "Only this cell, from 1").shown_as("N").between(0, 1000000000);
  usage
      .add("--cells", &own.share,
           "Only a part of the cells, as 2/5 on the second of five machines; with --tune a part of the "
           "search, and once its values are chosen (db merge) of their other seeds")
      .shown_as("I/N");
  usage
      .add("--jobs", &own.jobs,
           "Cells to train at once, each in its own process and on one thread (--threads: more); 0 = one per "
           "GPU, or without GPUs as many as the cores allow")
      .shown_as("N")
      .between(0, 1000);
  usage
      .add("--tune", &own.tuned,
           "Find a setting's best value, usually of optimizer.lr: each rule tries all values of the grid "
           "with the first seed, is judged on validation data, and trains with the chosen one and all seeds")
      .shown_as("KEY", Completes::setting);
  usage
      .add("--searched", &own.searched,
           "With --tune and --cells: a database that holds the finished search, to train the chosen values "
           "into another")
      .shown_as("FILE", Completes::file);
  usage.add("--worker", &own.worker, "Train what standard input names").hidden = true;
  usage.add("--dry-run", &own.dry_run, "List the cells and their state; train nothing");
}

}  // namespace

Command sweep_command() {
  return make_command<SweepOptions>(
      {"sweep", "Train over a grid of settings and seeds, one cell after the other or several at once",
       "experiment holds settings, or a preset's name; grid a list of values for each key to vary. A race's "
       "racers are "
       "varied too. Called again, a sweep skips what is finished, continues what was stopped and trains "
       "cells "
       "that failed once more, as new runs; with more values it trains the new cells. Several sweeps of one "
       "grid on one database train each cell once; the one that is through first does not wait: it ends with "
       "exit status 1, and with --json the status \"running\", which the same call later completes. The "
       "result is mean and "
       "standard deviation over seeds. With --tune a ranking of "
       "rules is fair: each has had the same number of tries.",
       Shows::settings},
      describe, run);
}

}  // namespace grapevine::cli
