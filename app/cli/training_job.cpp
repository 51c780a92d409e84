// A run in the terminal. The session starts paused: its networks stand and its data is loaded before the
// store makes a row, so that wrong input stores nothing.
#include "app/cli/training_job.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>
#include <thread>

#include "app/cli/console.h"
#include "app/cli/progress.h"
#include "app/cli/run_tables.h"
#include "app/cli/stop_requests.h"
#include "engine/door/engine_api.h"
#include "engine/error.h"
#include "engine/experiment/shell_word.h"
#include "engine/plans/plan.h"
#include "engine/runs/export.h"
#include "engine/runs/run_reader.h"
#include "engine/runs/run_writer.h"
#include "engine/session/session.h"
#include "engine/session/uuid.h"

namespace grapevine::cli {
namespace {

constexpr auto patience = std::chrono::milliseconds(50);

template <class T>
void move_to_end(std::vector<T>& to, std::vector<T>& from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

/// Hands everything on to the store's mailbox.
void pass_on(Observations& news, ObservationBox& box) {
  box.post([&](Observations& to) {
    move_to_end(to.samples, news.samples);
    move_to_end(to.events, news.events);
    move_to_end(to.commands, news.commands);
    move_to_end(to.acknowledgements, news.acknowledgements);
    move_to_end(to.checkpoints, news.checkpoints);
    move_to_end(to.states, news.states);
    if (news.step >= 0) to.step = news.step, to.epoch = news.epoch;
    to.steps_per_second = news.steps_per_second;
    if (!news.failure.empty()) to.failure = news.failure;
  });
}

class Journey {
 public:
  Journey(const Options& options, TrainingJob job, const StopRequests& stops)
      : options_(options),
        job_(std::move(job)),
        console_(options),
        database_(options.database_path()),
        stops_(stops) {}

  int travel();
  /// Of the first racer, afterwards.
  const RunData& first_run() const { return runs_.front(); }

 private:
  bool make_ready();
  void tell_preparing();
  void open_store();
  void fill_runs();
  void tell_start();
  void train();
  void look_at_signals();
  void look_at_store();
  int end();
  void print_result();
  void tell_end(const std::string& status);
  bool stored_all() const { return writer_->trouble().empty(); }

  const Options& options_;
  TrainingJob job_;
  Console console_;
  std::string database_;
  const StopRequests& stops_;
  std::shared_ptr<ObservationBox> box_ = std::make_shared<ObservationBox>();
  std::shared_ptr<ObservationBox> early_box_ =
      std::make_shared<ObservationBox>();  ///< before there is a store
  std::string preparing_;
  // The session ends before the writer does: it is declared after it.
  std::unique_ptr<RunWriter> writer_;
  std::unique_ptr<Session> session_;
  std::unique_ptr<Progress> progress_;
  RaceInfo info_;
  std::vector<RunData> runs_;
  std::vector<std::string> labels_;
  bool stop_sent_ = false, trouble_told_ = false;
};

int Journey::travel() {
  if (database_exists(database_))
    RunReader check(database_);  // a newer or damaged file: before anything is loaded
  const EngineApi& engine = load_engine();
  labels_ = racer_labels(job_.plan.racers);

  SessionPlan plan;
  plan.racers = job_.plan.racers;
  plan.uuids = job_.uuids;
  plan.group_uuid = job_.group_uuid;
  if (job_.plan.is_race && plan.group_uuid.empty()) plan.group_uuid = make_uuid();
  plan.resume_from = std::move(job_.from);
  plan.replay = job_.replay;
  plan.start_paused = true;
  session_ =
      std::make_unique<Session>(std::move(plan), engine.make_stepper, std::vector<Outlet>{{box_, true}});

  if (!make_ready()) {
    const char* words = "stopped before the first step; nothing was stored";
    console_.warn(words);
    if (options_.json) print_json({{"error", words}, {"exit_status", stopped_status}});
    std::fflush(stdout);
    // The worker may be in the middle of a large file; nothing is stored that would have to be put in order.
    std::_Exit(stopped_status);
  }
  open_store();
  tell_start();
  train();
  return end();
}

/// Waits until the networks stand. False when the user stopped it; throws what prepare() threw.
bool Journey::make_ready() {
  if (console_.is_terminal()) console_.live({"preparing data and networks …"});
  while (!session_->info() && !session_->done() && !stop_sent_) {
    look_at_signals();
    tell_preparing();
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  console_.live({});
  if (session_->state() == SessionState::failed && !session_->info()) {
    if (session_->failed_on_input()) throw InputError(session_->failure());
    throw RunError(session_->failure());
  }
  if (stop_sent_) return false;
  info_ = *session_->info();
  return true;
}

/// Long work on the data, done once: a live line on a terminal, a line where something new begins in a log.
void Journey::tell_preparing() {
  Observations news;
  if (!box_->take(news)) return;
  if (news.preparing) {
    const WorkProgress& now = *news.preparing;
    const std::string what = now.what + " " + now.file;
    if (console_.is_terminal())
      console_.live({words_of(now)});
    else if (what != preparing_)
      console_.line(what + " …");
    preparing_ = what;
  }
  pass_on(news, *early_box_);
}

void Journey::open_store() {
  const SessionPlan& plan = session_->plan();
  StoredRace race;
  race.racers = plan.racers;
  for (Experiment& racer : race.racers) racer.set("threads", std::int64_t{info_.threads});
  race.uuids = plan.uuids;
  race.group_uuid = plan.group_uuid;
  race.group_kind = job_.plan.is_race ? "race" : job_.in_sweep ? "sweep" : "";
  race.resumed_ids = job_.resumed_ids;
  if (plan.resume_from && !plan.resume_from->racers.empty())
    race.resumed_step = plan.resume_from->racers.front().step;
  if (const auto folder = std::filesystem::path(database_).parent_path(); !folder.empty()) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) {
      throw InputError("can't make the folder " + folder.string() + " for the database: " + error.message() +
                       "; name another with --data-dir or --db");
    }
  }
  writer_ = std::make_unique<RunWriter>(database_, race);
  if (job_.resumed_ids.empty()) {
    job_.plan.racers = std::move(race.racers);
  }
  fill_runs();
}

/// A resumed run begins with what is stored of it, so that the result covers all of it.
void Journey::fill_runs() {
  if (!job_.resumed_ids.empty()) {
    RunReader reader(database_);
    for (const std::int64_t id : job_.resumed_ids) {
      runs_.push_back(reader.load(id));
      // Who had failed before the checkpoint stays out of the race.
      const bool fallen = session_->fell_before(runs_.size() - 1);
      runs_.back().status = fallen ? "failed" : to_text(SessionState::running);
      if (!fallen) runs_.back().failure.clear();
    }
    return;
  }
  for (std::size_t i = 0; i < job_.plan.racers.size(); ++i) {
    const Experiment& racer = job_.plan.racers[i];
    RunData run;
    run.id = writer_->ids()[i];
    run.uuid = session_->plan().uuids[i];
    run.group_uuid = session_->plan().group_uuid;
    run.name = racer.text("name");
    run.rule = racer.rule();
    run.experiment = racer.to_json().dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    run.status = to_text(SessionState::running);
    runs_.push_back(std::move(run));
  }
}

void Journey::tell_start() {
  const Experiment& first = job_.plan.racers.front();
  std::string ids, rules;
  for (const RunData& run : runs_) ids += (ids.empty() ? "" : ", ") + std::to_string(run.id);
  for (const std::string& label : labels_) rules += (rules.empty() ? "" : ", ") + label;
  console_.line((job_.plan.is_race ? "Race of " : "Training with ") + rules + " on " +
                first.text("data.name") + ", seed " + std::to_string(first.integer("seed")) + ", " +
                info_.device + ", " + std::to_string(info_.threads) +
                (info_.threads == 1 ? " thread" : " threads") +
                (info_.library.empty() ? "" : ", " + info_.library));
  const int cores = static_cast<int>(std::thread::hardware_concurrency());
  if (cores > 0 && info_.threads > cores) {
    console_.line(std::to_string(info_.threads) + " threads on " + std::to_string(cores) +
                  (cores == 1 ? " core" : " cores") + " get in each other's way: --threads " +
                  std::to_string(cores) + " is faster");
  }
  std::string segments;
  for (const std::string& segment : info_.segment_names)
    segments += (segments.empty() ? "" : " | ") + segment;
  if (!segments.empty()) console_.line(first.text("model.name") + ": " + segments);
  for (const std::string& note : info_.notes) console_.line(note);
  console_.line((runs_.size() > 1 ? "Runs " : "Run ") + ids + " in " + database_);
  if (!job_.resumed_ids.empty()) {
    console_.line("Goes on after step " + with_thousands(session_->plan().resume_from->racers.front().step) +
                  " of " + with_thousands(info_.total_steps));
  }
}

void Journey::train() {
  progress_ = std::make_unique<Progress>(console_, info_, labels_, runs_);
  Observations news;
  if (early_box_->take(news)) {
    absorb(runs_, news);
    pass_on(news, *writer_->outlet().box);
  }
  session_->play();
  bool more = true;
  while (more) {
    more = !session_->done();  // read before the box: nothing is posted after it
    if (more ? box_->wait_and_take(news, patience) : box_->take(news)) {
      absorb(runs_, news);
      progress_->update(runs_, news.steps_per_second);
      pass_on(news, *writer_->outlet().box);
    } else {
      progress_->update(runs_, 0);
    }
    look_at_signals();
    look_at_store();
  }
  progress_->finish();
}

void Journey::look_at_signals() {
  if (stop_sent_ || (!stops_.stop_asked() && !console_.reader_gone())) return;
  stop_sent_ = true;
  session_->stop();
  if (progress_) progress_->say_stopping();
  if (progress_ && stops_.stop_asked())
    console_.line("Stopping after this step and a checkpoint; Ctrl-C again leaves at once.");
}

void Journey::look_at_store() {
  const std::string trouble = writer_->trouble();
  if (trouble.empty() || trouble_told_) return;
  trouble_told_ = true;
  console_.warn(trouble);
}

int Journey::end() {
  session_->join();
  const bool failed = session_->state() == SessionState::failed;
  const std::string status = failed ? "failed" : session_->was_stopped() ? "stopped" : "finished";
  writer_->finish(status, session_->failure());
  for (RunData& run : runs_) {
    if (run.status != "failed") run.status = status;
  }
  if (!job_.in_sweep) {
    print_result();
    tell_end(status);
  }

  int exit_status = 0;
  if (status == "stopped") exit_status = stopped_status;
  for (std::size_t i = 0; i < runs_.size(); ++i) {
    if (runs_[i].status != "failed") continue;
    exit_status = session_->failed_on_input() ? 2 : 1;
    const std::string& why = runs_[i].failure.empty() ? session_->failure() : runs_[i].failure;
    complain("run " + std::to_string(runs_[i].id) + " (" + labels_[i] + ") failed: " + why);
  }
  if (!stored_all()) {
    complain(writer_->trouble());
    exit_status = exit_status == 0 ? 1 : exit_status;
  }
  return exit_status;
}

void Journey::print_result() {
  if (!options_.json) {
    if (!console_.quiet()) print("\n");
    print(result_table(runs_, labels_));
    return;
  }
  if (!job_.plan.is_race) {
    print_json(run_result(runs_.front()));
    return;
  }
  nlohmann::json all = nlohmann::json::array();
  for (const RunData& run : runs_) all.push_back(run_result(run));
  print_json({{"runs", all}});
}

void Journey::tell_end(const std::string& status) {
  const std::string id = std::to_string(runs_.front().id);
  const std::string db = options_.database.empty() ? "" : " --db " + shell_quoted(options_.database);
  const std::string folder =
      options_.data_dir.empty() ? "" : " --data-dir " + shell_quoted(options_.data_dir);
  if (status == "stopped" && stored_all()) {
    console_.line("Stopped after step " + with_thousands(runs_.front().step) +
                  "; go on with: grapevine-cli resume " + id + db + folder);
  }
}

}  // namespace

int carry_out(const Options& options, TrainingJob job) {
  const StopRequests stops;
  return Journey(options, std::move(job), stops).travel();
}

CellEnd carry_out_cell(const Options& options, TrainingJob job, const StopRequests& stops) {
  job.in_sweep = true;
  Journey journey(options, std::move(job), stops);
  CellEnd end;
  end.exit_status = journey.travel();
  end.run = journey.first_run().id;
  end.status = journey.first_run().status;
  return end;
}

void make_folders_absolute(Experiment& experiment) {
  std::error_code none;
  const std::filesystem::path folder = experiment.text("data.dir");
  if (!folder.empty() && folder.is_relative() && std::filesystem::is_directory(folder, none))
    experiment.set("data.dir", std::filesystem::absolute(folder).lexically_normal().string());
}

}  // namespace grapevine::cli
