#include "app/cli/sweeper.h"

#include <algorithm>
#include <map>
#include <numeric>

#include "app/cli/stored_runs.h"
#include "app/cli/terminal_run.h"
#include "engine/error.h"
#include "engine/experiment/content_uuid.h"
#include "engine/experiment/groups/run_settings.h"
#include "engine/launch/tuning_result.h"
#include "engine/runs/run_words.h"

namespace grapevine::cli {
namespace {

constexpr auto look_every = std::chrono::seconds(1);

}  // namespace

std::vector<CellResult> look_up(const Options& options, const Sweep& sweep) {
  const auto reader = open_runs(options);
  return reader ? grapevine::look_up(*reader, sweep) : new_cells(sweep);
}

Sweeper::Sweeper(const Options& options, Sweep sweep, const StopRequests& stops, std::size_t whole)
    : options_(options),
      stops_(stops),
      sweep_(std::move(sweep)),
      whole_(whole),
      console_(options),
      cells_(look_up(options_, sweep_)) {}

std::string Sweeper::place(std::size_t i) const {
  const std::string of_all = whole_ > cells_.size()
                                 ? " of this share (number " + std::to_string(cells_[i].number) + " of " +
                                       std::to_string(whole_) + ")"
                                 : "";
  return "Cell " + std::to_string(i + 1) + " of " + std::to_string(cells_.size()) + of_all + ": " +
         sweep_.cells[i].label();
}

std::string Sweeper::time_left() const {
  if (ended_ == 0 || ended_ >= to_do_) return "";
  const double passed = std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count();
  const auto ended = static_cast<double>(ended_), left = static_cast<double>(to_do_ - ended_);
  return "about " + duration(passed / ended * left) + " left";
}

bool Sweeper::is_lost() {
  if (lost_) return true;
  looked_ = std::chrono::steady_clock::now();
  const std::string fate = database_.fate();
  if (fate.empty()) return false;
  std::size_t finished = 0;
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    if (cells_[i].status != RunStatus::finished || beside_.contains(i)) continue;
    // One that was begun when the file was gone made the new one.
    if (database_.holds(cells_[i].uuid))
      beside_.insert(i);
    else
      ++finished;
  }
  tell_lost(fate, finished);
  return true;
}

void Sweeper::tell_lost(const std::string& what, std::size_t finished) {
  lost_ = true;
  status_ = RunStatus::failed;
  const std::string cells = std::to_string(finished) +
                            (finished == 1 ? " finished cell is" : " finished cells are") + " not in it; ";
  console_.warn("the database " + options_.database_path() + " " + what + " while the sweep was running: " +
                (finished > 0 ? cells : "") + "running the sweep again trains what is missing");
}

/// What was kept next to the database stays finished: the next opening takes it in.
void Sweeper::forget(std::size_t i) {
  if (!beside_.contains(i)) cells_[i].status = RunStatus::none;
  cells_[i].run = 0;
  cells_[i].numbers.clear();
}

/// By the runs' uuids: a number alone may be that of another run by now.
void Sweeper::fill_numbers() {
  if (is_lost()) {
    for (std::size_t i = 0; i < cells_.size(); ++i) forget(i);
    return;
  }
  const auto reader = open_runs(options_);
  if (!reader) return;
  std::map<std::string, std::int64_t> stored;
  for (const RunSummary& run : stored_cells(*reader, sweep_.uuid)) stored[run.uuid] = run.id;
  std::size_t missing = 0;
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    CellResult& cell = cells_[i];
    if (cell.run == 0) continue;
    const auto found = stored.find(cell.uuid);
    if (found == stored.end()) {
      if (cell.status == RunStatus::finished && !beside_.contains(i)) ++missing;
      forget(i);
      continue;
    }
    cell.run = found->second;
    const RunData run = reader->load(cell.run);
    cell.numbers = numbers_of_run(run);
    if (cell.status == RunStatus::failed && cell.failure.empty()) cell.failure = run.failure;
  }
  if (missing > 0) tell_lost("changed", missing);
}

int Sweeper::run(const std::vector<std::size_t>& cells, int workers) {
  others_.clear();
  int exit_status = run_once(cells, workers);
  if (others_.empty() || exit_status == stopped_status || lost_) return exit_status;
  // Some may have ended meanwhile: finished ones count as done, others are trained here.
  const std::vector<std::size_t> again(others_.begin(), others_.end());
  others_.clear();
  exit_status = std::max(exit_status, run_once(again, workers));
  if (others_.empty() || exit_status == stopped_status || lost_) return exit_status;
  if (status_ == RunStatus::finished) status_ = RunStatus::running;
  console_.warn(std::to_string(others_.size()) + (others_.size() == 1 ? " cell is" : " cells are") +
                " still being trained by another program: run the sweep again when it has ended");
  return std::max(exit_status, 1);
}

bool Sweeper::claim(std::size_t i) {
  std::string cell = sweep_.uuid;
  for (const auto& [key, value] : sweep_.cells[i].settings) cell += "\n" + key + "=" + value;
  std::unique_ptr<CellClaim> claim = CellClaim::take(options_.database_path(), uuid_of_content(cell));
  look_again(i);  // with the cell in hand: what finished before is in the database by now
  const bool is_done = cells_[i].status == RunStatus::finished;
  if (claim && !is_done && !is_going_on(cells_[i].status)) {
    claims_[i] = std::move(claim);
    return true;
  }
  --to_do_;  // the time left is that of what is trained here
  if (is_done) {
    tell_done(i);
    return false;
  }
  others_.insert(i);
  const std::string run = is_going_on(cells_[i].status) ? " (run " + std::to_string(cells_[i].run) + ")" : "";
  console_.line(place(i) + " is being trained by another program" + run);
  return false;
}

void Sweeper::look_again(std::size_t i) {
  try {
    const auto reader = open_runs(options_);
    if (!reader) return;
    const CellResult now = grapevine::look_up(*reader, sweep_, known_)[i];
    if (now.run != 0) cells_[i] = now;
  } catch (const Error&) {
    // Of a database that can't be read the run itself says why.
  }
}

int Sweeper::run_once(const std::vector<std::size_t>& cells, int workers) {
  try {
    return workers == 1 ? run_in_turn(cells) : run_beside(cells, workers);
  } catch (const Error&) {
    if (!is_lost()) throw;  // else that is what was wrong, and was said
    return 1;
  }
}

int Sweeper::run_all(int workers) {
  std::vector<std::size_t> all(cells_.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  return run(all, workers);
}

void Sweeper::tell_done(std::size_t i) {
  console_.line(place(i) + " is done (run " + std::to_string(cells_[i].run) + ")");
}

/// A cell that was stopped continues from its checkpoint; one that failed, or never had one, starts over.
LaunchRequest Sweeper::request_for(std::size_t i) {
  const CellResult& cell = cells_[i];
  if (cell.run != 0 && (cell.status == RunStatus::stopped || cell.status == RunStatus::interrupted)) {
    const auto reader = need_runs(options_);
    for (const RunSummary& run : stored_cells(*reader, sweep_.uuid))
      if (run.uuid == cell.uuid && run.resumable) return request_to_resume(options_, run.id);
  }
  LaunchRequest request;
  request.plan.racers = {sweep_.cells[i].experiment};
  request.sweep_uuid = sweep_.uuid;
  request.database_id = database_.id();
  return request;
}

int Sweeper::run_in_turn(const std::vector<std::size_t>& cells) {
  int exit_status = 0;
  ended_ = 0;
  to_do_ = missing_of(cells, cells_).size();
  began_ = std::chrono::steady_clock::now();
  for (const std::size_t i : cells) {
    CellResult& cell = cells_[i];
    if (is_lost()) return 1;
    if (cell.status == RunStatus::finished) {
      tell_done(i);
      continue;
    }
    if (stops_.stop_asked()) {
      status_ = RunStatus::stopped;
      return stopped_status;
    }
    if (!claim(i)) continue;
    const std::string left = time_left();
    console_.line(place(i) + (left.empty() ? "" : ", " + left));
    const CellEnd end = carry_out_cell(options_, request_for(i), stops_);
    cell.run = end.run;
    cell.status = end.status;
    cell.failure.clear();
    note_end(i, end.uuid, end.exit_status);
    release(i);
    ++ended_;
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

void Sweeper::note_end(std::size_t i, const std::string& uuid, int exit_status) {
  if (!uuid.empty()) cells_[i].uuid = uuid;
  if (exit_status == 0)
    database_.expect(cells_[i].uuid);
  else if (cells_[i].status == RunStatus::finished)
    beside_.insert(i);
}

/// Of a cell's run that another process has begun; "" where that can't be said.
std::string Sweeper::uuid_of(std::int64_t run) {
  try {
    const RunSummary summary = RunReader(options_.database_path()).summary(run);
    return summary.group_uuid == sweep_.uuid ? summary.uuid : "";
  } catch (const Error&) {
    return "";
  }
}

void Sweeper::tell_end(std::size_t i, const WorkerEnd& end) {
  ++ended_;
  if (end.run != 0) cells_[i].run = end.run;
  cells_[i].status = end.status;
  const bool unknown = end.run != 0 && cells_[i].uuid.empty();
  note_end(i, unknown && !is_lost() ? uuid_of(end.run) : "", end.exit_status);
  cells_[i].failure = end.failure;
  std::string line = place(i) + ": " + end.status.text();
  if (end.run != 0) line += ", run " + std::to_string(end.run);
  // Without a terminal there is no live line that says it.
  if (const std::string left = console_.is_terminal() ? "" : time_left(); !left.empty()) line += ", " + left;
  console_.line(line);
  if (!end.failure.empty()) console_.warn(place(i) + " failed: " + clean(end.failure));
}

void Sweeper::tell_progress(int busy, int workers) {
  if (std::chrono::steady_clock::now() - looked_ >= look_every) is_lost();
  if (!console_.is_terminal()) return;
  std::string line = std::to_string(ended_) + " of " + std::to_string(to_do_) + " cells, " +
                     std::to_string(busy) + " of " + std::to_string(workers) + " processes at work";
  if (const std::string left = time_left(); !left.empty()) line += ", " + left;
  console_.live({line});
}

int Sweeper::run_beside(const std::vector<std::size_t>& cells, int workers) {
  std::vector<std::size_t> waiting;  // the next one last
  for (auto cell = cells.rbegin(); cell != cells.rend(); ++cell) {
    if (cells_[*cell].status == RunStatus::finished)
      tell_done(*cell);
    else
      waiting.push_back(*cell);
  }
  ended_ = 0;
  to_do_ = waiting.size();
  workers = std::min(workers, static_cast<int>(std::max<std::size_t>(1, to_do_)));
  began_ = std::chrono::steady_clock::now();
  int exit_status = 0;
  WorkerOrders orders;
  orders.next = [&]() -> std::optional<WorkerJob> {
    while (!waiting.empty() && !stops_.stop_asked() && !is_lost()) {
      const std::size_t i = waiting.back();
      waiting.pop_back();
      if (claim(i)) return WorkerJob{i, request_for(i), RunSettings::of(sweep_.cells[i].experiment).device};
    }
    return std::nullopt;
  };
  orders.begun = [&](const WorkerJob& job) { console_.line(place(job.number)); };
  orders.begun_run = [&](const WorkerJob& job, std::int64_t run) {
    if (!is_lost()) cells_[job.number].uuid = uuid_of(run);
  };
  orders.ended = [&](const WorkerJob& job, const WorkerEnd& end) {
    tell_end(job.number, end);
    release(job.number);
    if (end.exit_status != 0 && end.exit_status != stopped_status) {
      status_ = RunStatus::failed;
      exit_status = end.exit_status;
    }
  };
  orders.idle = [&](int busy) { tell_progress(busy, workers); };
  bool all = carry_out_beside(options_, workers, stops_, orders);
  console_.live({});
  if (stops_.stop_asked() && !waiting.empty() && !lost_) all = false;  // a stop between two cells
  if (all) return lost_ ? 1 : exit_status;
  status_ = RunStatus::stopped;
  return stopped_status;
}

}  // namespace grapevine::cli
