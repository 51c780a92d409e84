#include "app/cli/terminal_run.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "app/cli/bounded_output.h"
#include "app/cli/console.h"
#include "app/cli/progress.h"
#include "app/cli/run_tables.h"
#include "engine/door/engine_api.h"
#include "engine/error.h"
#include "engine/experiment/groups/data_settings.h"
#include "engine/experiment/groups/model_settings.h"
#include "engine/experiment/groups/run_settings.h"
#include "engine/experiment/shell_word.h"
#include "engine/files/machine.h"
#include "engine/runs/export.h"

namespace grapevine::cli {
namespace {

constexpr auto patience = std::chrono::milliseconds(50);

class TerminalRun {
 public:
  TerminalRun(const Options& options, LaunchRequest request, const StopRequests& stops, bool in_sweep)
      : options_(options),
        in_sweep_(in_sweep),
        resumed_(request.resumed_id != 0),
        further_(!request.further.empty()),
        forked_(request.fork.has_value()),
        console_(options),
        database_(options.database_path()),
        stops_(stops),
        launch_(std::move(request), database_, engine_steppers()) {}

  int run(const std::function<void(std::int64_t)>& begun = {});
  /// Of the first racer, afterwards.
  CellEnd cell_end(int exit_status) const {
    const RunData& run = launch_.runs().front();
    return {run.id, run.status, exit_status, run.uuid};
  }

 private:
  void wait_until_prepared();
  void show_preparing(const WorkProgress& now);
  [[noreturn]] void leave_before_start();
  void print_start();
  std::string first_line() const;
  void follow();
  void tell_alerts(const Observations& news);
  void look_at_signals();
  void look_at_store();
  int finish();
  int print_failures(const LaunchEnd& end) const;
  void print_result() const;
  void print_how_to_resume(const LaunchEnd& end);

  const std::vector<RunView>& runs() const { return launch_.runs().views(); }
  bool is_race() const { return launch_.plan().is_race; }

  const Options& options_;
  const bool in_sweep_, resumed_, further_, forked_;
  bool for_pool_ = false;  ///< standard output is read line by line by the program that started this one
  Console console_;
  const std::string database_;
  const StopRequests& stops_;
  std::string preparing_;
  std::unique_ptr<Progress> progress_;
  RaceInfo info_;
  bool stop_sent_ = false;
  std::string trouble_shown_;
  std::optional<StillStoring> storing_{std::in_place};  ///< until the launch is over
  Launch launch_;                                       ///< the last: it ends first
};

int TerminalRun::run(const std::function<void(std::int64_t)>& begun) {
  for_pool_ = static_cast<bool>(begun);
  wait_until_prepared();
  if (begun) begun(launch_.runs().front().id);
  print_start();
  follow();
  return finish();
}

/// Until the rows are stored. Throws what the start was refused with.
void TerminalRun::wait_until_prepared() {
  if (console_.is_terminal()) console_.live({"preparing data and networks …"});
  while (launch_.phase() == LaunchPhase::preparing) {
    if (const Observations* news = launch_.look(patience); news && news->preparing)
      show_preparing(*news->preparing);
    look_at_signals();
    if (stop_sent_) leave_before_start();
  }
  launch_.look();
  console_.live({});
  const LaunchEnd end = launch_.end();
  if (launch_.phase() != LaunchPhase::over || end.has_rows) {
    info_ = *launch_.info();
    return;
  }
  if (end.status != RunStatus::failed) leave_before_start();
  if (end.wrong_input) throw InputError(end.failure);
  throw RunError(end.failure);
}

/// Long work on the data, done once: a live line on a terminal, a line where something new begins in a log.
void TerminalRun::show_preparing(const WorkProgress& now) {
  const std::string what = now.what + " " + now.file;
  if (console_.is_terminal())
    console_.live({words_of(now)});
  else if (what != preparing_)
    console_.line(what + " …");
  preparing_ = what;
}

/// The worker may be in the middle of a large file; nothing is stored that would have to be put in order.
void TerminalRun::leave_before_start() {
  const char* words = resumed_ && !further_ ? "stopped before the first step; the run is as it was"
                                            : "stopped before the first step; nothing was stored";
  storing_.reset();
  console_.warn(words);
  if (options_.json && !for_pool_) print_json({{"error", words}, {"exit_status", stopped_status}});
  flush_output();
  std::_Exit(stopped_status);
}

std::string TerminalRun::first_line() const {
  const Experiment& first = launch_.plan().racers.front();
  std::string rules;
  for (const std::string& label : launch_.labels()) rules += (rules.empty() ? "" : ", ") + label;
  return (is_race() ? "Race of " : "Training with ") + rules + " on " + DataSettings::of(first).name +
         ", seed " + std::to_string(RunSettings::of(first).seed) + ", " + info_.device + ", " +
         std::to_string(info_.threads) + (info_.threads == 1 ? " thread" : " threads") +
         (info_.library.empty() ? "" : ", " + info_.library);
}

void TerminalRun::print_start() {
  console_.line(first_line());
  const int cores = usable_cores();
  if (cores > 0 && info_.threads > cores) {
    console_.line(std::to_string(info_.threads) + " threads on " + std::to_string(cores) +
                  (cores == 1 ? " core" : " cores") + " get in each other's way: --threads " +
                  std::to_string(cores) + " is faster");
  }
  std::string segments, ids;
  for (const std::string& segment : info_.segment_names)
    segments += (segments.empty() ? "" : " | ") + segment;
  if (!segments.empty())
    console_.line(ModelSettings::of(launch_.plan().racers.front()).name + ": " + segments);
  for (const std::string& note : info_.notes) console_.line(note);
  for (const RunView& run : runs()) ids += (ids.empty() ? "" : ", ") + std::to_string(run->id);
  console_.line((runs().size() > 1 ? "Runs " : "Run ") + ids + " in " + database_);
  if (further_)
    console_.line("Trains further from step " + with_thousands(launch_.resumed_step()) + " to " +
                  with_thousands(info_.total_steps) + ", as a new run: epochs and schedule count from there");
  else if (forked_)
    console_.line("Forked at step " + with_thousands(launch_.resumed_step()) + " of " +
                  with_thousands(info_.total_steps) + ", as new runs with the old one's clock");
  else if (resumed_ && launch_.resumed_step() == 0)
    console_.line("Begins again at the start: no checkpoint was written yet");
  else if (resumed_)
    console_.line("Continues after step " + with_thousands(launch_.resumed_step()) + " of " +
                  with_thousands(info_.total_steps));
}

void TerminalRun::follow() {
  progress_ = std::make_unique<Progress>(console_, info_, launch_.labels(), runs());
  bool more = true;
  while (more) {
    more = launch_.phase() == LaunchPhase::going;  // read before the look: nothing comes after it
    const Observations* news = launch_.look(more ? patience : std::chrono::milliseconds(0));
    progress_->update(runs(), news ? news->steps_per_second : 0);
    if (news) tell_alerts(*news);
    look_at_signals();
    look_at_store();
  }
  progress_->finish();
}

/// Of a race, the racer.
void TerminalRun::tell_alerts(const Observations& news) {
  for (const Event& event : news.events) {
    if (event.kind != EventKind::alert) continue;
    const std::string who = is_race() ? launch_.labels().at(event.racer) + ": " : "";
    console_.line("Step " + with_thousands(event.step) + ": " + who + event.cause);
  }
}

void TerminalRun::look_at_signals() {
  if (stop_sent_ || (!stops_.stop_asked() && !console_.reader_gone())) return;
  stop_sent_ = true;
  launch_.stop();
  if (!progress_) return;
  progress_->say_stopping();
  if (stops_.stop_asked())
    console_.line("Stopping after this step and a checkpoint; Ctrl-C again leaves at once.");
}

void TerminalRun::look_at_store() {
  const std::string trouble = launch_.store_trouble();
  if (trouble == trouble_shown_) return;
  if (trouble.empty())
    console_.line("The run is stored in " + database_ + " again.");
  else
    console_.warn(trouble);
  trouble_shown_ = trouble;
}

int TerminalRun::finish() {
  const auto soon = std::chrono::steady_clock::now() + std::chrono::seconds(2);
  bool told = false;
  while (launch_.phase() != LaunchPhase::over) {
    look_at_store();
    if (!told && std::chrono::steady_clock::now() > soon) {
      console_.line("Storing what is left of the run …");
      told = true;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  launch_.look();
  storing_.reset();
  const LaunchEnd end = launch_.end();
  // All is stored; nobody who asked for the end is kept waiting for a reader who takes nothing.
  const bool unread = stops_.stop_asked() && console_.stalled();
  if (unread && !options_.json) std::_Exit(end.store_trouble.empty() ? stopped_status : 1);
  if (!in_sweep_) print_result();
  if (unread) return end.store_trouble.empty() ? stopped_status : 1;
  if (!in_sweep_) print_how_to_resume(end);
  int exit_status = print_failures(end);
  if (exit_status == 0 && end.status == RunStatus::stopped) exit_status = stopped_status;
  if (end.store_trouble.empty()) return exit_status;
  if (end.store_trouble != trouble_shown_) complain(end.store_trouble);
  return exit_status == 0 || exit_status == stopped_status ? 1 : exit_status;
}

int TerminalRun::print_failures(const LaunchEnd& end) const {
  int exit_status = 0;
  for (std::size_t i = 0; i < runs().size(); ++i) {
    const RunData& run = *runs()[i];
    if (run.status != RunStatus::failed) continue;
    exit_status = end.wrong_input ? 2 : 1;
    complain("run " + std::to_string(run.id) + " (" + launch_.labels()[i] +
             ") failed: " + (run.failure.empty() ? end.failure : run.failure));
  }
  return exit_status;
}

void TerminalRun::print_result() const {
  if (!options_.json) {
    if (!console_.quiet()) print("\n");
    print(result_table(runs(), launch_.labels()));
    return;
  }
  if (!is_race()) {
    print_json(run_result(*runs().front()));
    return;
  }
  nlohmann::json all = nlohmann::json::array();
  for (const RunView& run : runs()) all.push_back(run_result(*run));
  print_json({{"runs", all}});
}

void TerminalRun::print_how_to_resume(const LaunchEnd& end) {
  if (end.status != RunStatus::stopped || !end.store_trouble.empty()) return;
  const std::string db = options_.database.empty() ? "" : " --db " + shell_quoted(options_.database);
  const std::string folder =
      options_.data_dir.empty() ? "" : " --data-dir " + shell_quoted(options_.data_dir);
  console_.line("Stopped after step " + with_thousands(runs().front()->step) +
                "; continue with: grapevine-cli resume " + std::to_string(runs().front()->id) + db + folder);
}

}  // namespace

int carry_out(const Options& options, LaunchRequest request) {
  const StopRequests stops;
  return TerminalRun(options, std::move(request), stops, false).run();
}

CellEnd carry_out_cell(const Options& options, LaunchRequest request, const StopRequests& stops,
                       std::function<void(std::int64_t run)> begun) {
  TerminalRun cell(options, std::move(request), stops, true);
  const int exit_status = cell.run(begun);
  return cell.cell_end(exit_status);
}

LaunchRequest request_to_resume(const Options& options, std::int64_t id) {
  LaunchRequest request;
  request.resumed_id = id;
  request.device = options.device;
  request.threads = options.threads;
  return request;
}

}  // namespace grapevine::cli
