// sweep: the cells of a grid, one single run after the other or several side by side in processes of their
// own. What is finished is known by its settings, so that the same call again continues where it stopped.
#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>

#include "app/cli/command.h"
#include "app/cli/console.h"
#include "app/cli/stored_runs.h"
#include "app/cli/sweep_results.h"
#include "app/cli/terminal_run.h"
#include "app/cli/worker_pool.h"
#include "engine/error.h"
#include "engine/experiment/groups/run_settings.h"
#include "engine/plans/sweep.h"
#include "engine/runs/stored_beginning.h"
#include "engine/runs/stored_experiment.h"

namespace grapevine::cli {
namespace {

/// The sweep's runs that are stored already, newest first.
std::vector<RunSummary> stored_cells(RunReader& reader, const std::string& sweep) {
  std::vector<RunSummary> found;
  for (RunSummary& run : reader.list())
    if (run.group_kind == "sweep" && run.group_uuid == sweep) found.push_back(std::move(run));
  std::sort(found.begin(), found.end(), [](const auto& one, const auto& other) { return one.id > other.id; });
  return found;
}

/// Gives each cell the newest run with its settings, a finished one before others.
std::vector<CellResult> look_up(const Options& options, const Sweep& sweep) {
  std::vector<CellResult> cells;
  for (const SweepCell& cell : sweep.cells) cells.push_back({cell.settings, 0, {}, {}, ""});
  const auto reader = open_runs(options);
  if (!reader) return cells;
  for (const RunSummary& run : stored_cells(*reader, sweep.uuid)) {
    const RunData data = reader->load(run.id);
    const Experiment experiment = stored_experiment(data);
    const auto asked = asked_of_machine(data);
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (!is_of_cell(sweep, sweep.cells[i], experiment, asked)) continue;
      if (cells[i].run == 0 || (run.status == RunStatus::finished && cells[i].status != RunStatus::finished))
        cells[i].run = run.id, cells[i].status = run.status;
    }
  }
  return cells;
}

void fill_numbers(const Options& options, std::vector<CellResult>& cells) {
  const auto reader = open_runs(options);
  for (CellResult& cell : cells) {
    if (reader && cell.run != 0) {
      const RunData run = reader->load(cell.run);
      cell.numbers = numbers_of_run(run);
      if (cell.status == RunStatus::failed && cell.failure.empty()) cell.failure = run.failure;
    }
  }
}

class Sweeper {
 public:
  Sweeper(const Options& options, Sweep sweep)
      : options_(options), sweep_(std::move(sweep)), console_(options), cells_(look_up(options_, sweep_)) {}

  int run();
  int run_beside(int workers);
  const std::vector<CellResult>& cells() const { return cells_; }
  const StatusWord& status() const { return status_; }

 private:
  LaunchRequest request_for(std::size_t i);
  void tell_end(std::size_t i, const WorkerEnd& end);
  void tell_progress(int busy, int workers);
  std::string place(std::size_t i) const {
    return "Cell " + std::to_string(i + 1) + " of " + std::to_string(cells_.size()) + ": " +
           sweep_.cells[i].label();
  }

  const Options& options_;
  Sweep sweep_;
  Console console_;
  std::vector<CellResult> cells_;
  StatusWord status_ = RunStatus::finished;
  // Of cells side by side.
  std::size_t ended_ = 0, to_do_ = 0;
  std::chrono::steady_clock::time_point began_;
};

/// A cell that was stopped goes on from its checkpoint; one that failed, or never had one, begins anew.
LaunchRequest Sweeper::request_for(std::size_t i) {
  const CellResult& cell = cells_[i];
  if (is_going_on(cell.status))
    throw InputError(place(i) + " is run " + std::to_string(cell.run) +
                     ", which another program is training");
  if (cell.run != 0 && (cell.status == RunStatus::stopped || cell.status == RunStatus::interrupted)) {
    const auto reader = need_runs(options_);
    if (reader->summary(cell.run).resumable) return request_to_resume(options_, cell.run);
  }
  LaunchRequest request;
  request.plan.racers = {sweep_.cells[i].experiment};
  request.sweep_uuid = sweep_.uuid;
  return request;
}

int Sweeper::run() {
  const StopRequests stops;
  int exit_status = 0;
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    CellResult& cell = cells_[i];
    if (cell.status == RunStatus::finished) {
      console_.line(place(i) + " is done (run " + std::to_string(cell.run) + ")");
      continue;
    }
    if (stops.stop_asked()) {
      status_ = RunStatus::stopped;
      return stopped_status;
    }
    console_.line(place(i));
    const CellEnd end = carry_out_cell(options_, request_for(i), stops);
    cell.run = end.run;
    cell.status = end.status;
    if (end.exit_status == stopped_status) {
      status_ = RunStatus::stopped;
      return stopped_status;
    }
    if (end.exit_status != 0) {
      status_ = RunStatus::failed;
      exit_status = end.exit_status;
    }
  }
  return exit_status;
}

void Sweeper::tell_end(std::size_t i, const WorkerEnd& end) {
  ++ended_;
  if (end.run != 0) cells_[i].run = end.run;
  cells_[i].status = end.status;
  cells_[i].failure = end.failure;
  std::string line = place(i) + ": " + end.status.text();
  if (end.run != 0) line += ", run " + std::to_string(end.run);
  console_.line(line);
  if (!end.failure.empty()) console_.warn(place(i) + " failed: " + clean(end.failure));
}

void Sweeper::tell_progress(int busy, int workers) {
  if (!console_.is_terminal()) return;
  std::string line = std::to_string(ended_) + " of " + std::to_string(to_do_) + " cells, " +
                     std::to_string(busy) + " of " + std::to_string(workers) + " processes at work";
  const double passed = std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count();
  if (ended_ > 0)
    line += ", about " +
            duration(passed / static_cast<double>(ended_) * static_cast<double>(to_do_ - ended_)) + " left";
  console_.live({line});
}

int Sweeper::run_beside(int workers) {
  const StopRequests stops;
  std::vector<std::size_t> waiting;  // the next one last
  for (std::size_t i = cells_.size(); i-- > 0;) {
    if (cells_[i].status == RunStatus::finished)
      console_.line(place(i) + " is done (run " + std::to_string(cells_[i].run) + ")");
    else
      waiting.push_back(i);
  }
  to_do_ = waiting.size();
  workers = std::min(workers, static_cast<int>(std::max<std::size_t>(1, to_do_)));
  began_ = std::chrono::steady_clock::now();
  int exit_status = 0;
  WorkerOrders orders;
  orders.next = [&]() -> std::optional<WorkerJob> {
    if (waiting.empty()) return std::nullopt;
    const std::size_t i = waiting.back();
    waiting.pop_back();
    return WorkerJob{i, request_for(i)};
  };
  orders.begun = [&](const WorkerJob& job) { console_.line(place(job.number)); };
  orders.ended = [&](const WorkerJob& job, const WorkerEnd& end) {
    tell_end(job.number, end);
    if (end.exit_status != 0 && end.exit_status != stopped_status) {
      status_ = RunStatus::failed;
      exit_status = end.exit_status;
    }
  };
  orders.idle = [&](int busy) { tell_progress(busy, workers); };
  const bool all = carry_out_beside(options_, workers, stops, orders);
  console_.live({});
  if (all) return exit_status;
  status_ = RunStatus::stopped;
  return stopped_status;
}

void list_cells(const Options& options, const Sweep& sweep) {
  const std::vector<CellResult> cells = look_up(options, sweep);
  if (options.json) {
    print_json(sweep_document(sweep, cells, "not started"));
    return;
  }
  print(cells_table(sweep.keys, cells));
  const auto done = std::count_if(cells.begin(), cells.end(),
                                  [](const auto& cell) { return cell.status == RunStatus::finished; });
  print(std::to_string(cells.size()) + " cells, " + std::to_string(done) + " of them done\n");
}

struct SweepOptions {
  std::string grid, share;
  bool dry_run = false;
  int cell = 0;  ///< from 1; 0 = all
  int jobs = 1;  ///< at once; 0 = as many as the cores allow
  bool worker = false;
};

/// Side by side each cell has threads of its own, so many that all fit; they are stored with it, for its
/// numbers are those of that number of threads.
int share_the_cores(Sweep& sweep, int jobs) {
  const bool swept = std::find(sweep.keys.begin(), sweep.keys.end(), "threads") != sweep.keys.end();
  std::int64_t most = 1;
  for (SweepCell& cell : sweep.cells) {
    if (!swept && RunSettings::of(cell.experiment).threads == 0)
      cell.experiment.set("threads", std::int64_t{1});
    most = std::max(most, RunSettings::of(cell.experiment).threads);
  }
  return jobs > 0 ? jobs : workers_that_fit(static_cast<int>(most));
}

/// "2/5": the second of five shares, which take turns with the cells.
std::pair<std::size_t, std::size_t> read_share(const std::string& text) {
  std::size_t index = 0, count = 0;
  const char* end = text.data() + text.size();
  const auto first = std::from_chars(text.data(), end, index);
  const bool slash = first.ec == std::errc() && first.ptr != end && *first.ptr == '/';
  const auto second = slash ? std::from_chars(first.ptr + 1, end, count) : first;
  if (!slash || second.ec != std::errc() || second.ptr != end || index < 1 || index > count)
    throw InputError("--cells takes a share as 2/5, the second of five, and not '" + text + "'");
  return {index - 1, count};
}

/// The cells that this call is to train: of the same sweep, whoever trains the others.
void keep_own_cells(Sweep& sweep, const SweepOptions& own) {
  if (own.cell > 0 && !own.share.empty())
    throw InputError("--cell and --cells exclude each other: leave one out");
  if (own.cell > static_cast<int>(sweep.cells.size()))
    throw InputError("there is no cell " + std::to_string(own.cell) + ": the sweep has " +
                     std::to_string(sweep.cells.size()) + "; --dry-run lists them");
  if (own.cell > 0) sweep.cells = {sweep.cells[static_cast<std::size_t>(own.cell) - 1]};
  if (own.share.empty()) return;
  const auto [index, count] = read_share(own.share);
  std::vector<SweepCell> kept;
  for (std::size_t i = index; i < sweep.cells.size(); i += count) kept.push_back(sweep.cells[i]);
  sweep.cells = std::move(kept);
}

int run(const Options& options, const SweepOptions& own) {
  if (own.worker) return serve_jobs(options);
  Sweep sweep = load_sweep(own.grid, options.overrides());
  keep_own_cells(sweep, own);
  for (SweepCell& cell : sweep.cells) make_folders_absolute(cell.experiment);
  if (own.dry_run) {
    list_cells(options, sweep);
    return 0;
  }
  const int workers = own.jobs == 1 ? 1 : share_the_cores(sweep, own.jobs);
  Sweeper sweeper(options, sweep);
  const int exit_status = own.jobs == 1 ? sweeper.run() : sweeper.run_beside(workers);
  std::vector<CellResult> cells = sweeper.cells();
  fill_numbers(options, cells);
  if (options.json)
    print_json(sweep_document(sweep, cells, sweeper.status().text()));
  else
    print("\n" + groups_table(sweep.keys, cells));
  if (exit_status == stopped_status) complain("the sweep was stopped; the same command continues it");
  return exit_status;
}

void describe(Usage& usage, SweepOptions& own) {
  usage
      .add(
          "GRID.json", &own.grid,
          "A sweep: {\"experiment\": {…} or a preset's name, \"grid\": {\"rule.name\": [\"dfa\", \"grape\"], "
          "\"seed\": [0, 1, 2]}}. The same file again continues where it stopped")
      .completed_by(Completes::file)
      .must_be_given();
  usage.add("--cell", &own.cell, "Only this cell, from 1").shown_as("N").between(0, 1000000000);
  usage.add("--cells", &own.share, "Only a share of the cells, as 2/5: for several machines").shown_as("I/N");
  usage
      .add("--jobs", &own.jobs,
           "So many cells at once, each in a process and on a thread of its own (--threads: on more); 0 = as "
           "many as the cores allow")
      .shown_as("N")
      .between(0, 1000);
  usage.add("--worker", &own.worker, "Train what standard input names").hidden = true;
  usage.add("--dry-run", &own.dry_run, "List the cells and their state; train nothing");
}

}  // namespace

Command sweep_command() {
  return make_command<SweepOptions>(
      {"sweep", "Train over a grid of settings and seeds, one cell after the other or several at once",
       "experiment holds settings, or a preset's name; grid a list of values for each key to vary. A race's "
       "racers are "
       "varied too. Called again, a sweep skips what is finished and continues what was stopped; with more "
       "values it "
       "trains the new cells. The result is mean and standard deviation over seeds.",
       Shows::settings},
      describe, run);
}

}  // namespace grapevine::cli
