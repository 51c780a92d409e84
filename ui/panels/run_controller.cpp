// The run that is going on.
#include "ui/panels/run_controller.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "engine/error.h"
#include "engine/plans/plan.h"
#include "engine/runs/run_reader.h"
#include "engine/session/uuid.h"
#include "ui/panels/background.h"
#include "ui/panels/words.h"

namespace grapevine {
namespace {

constexpr int frame_ms = 16;

}  // namespace

struct RunController::Opening {
  ExperimentPlan plan;
  Begin begin = Begin::running;
  std::int64_t steps = 0;
  std::int64_t resumed_id = 0;
  StoredRace race;
  std::optional<CheckpointSet> checkpoint;
  std::vector<CommandRecord> replay;
  std::unique_ptr<RunWriter> writer;
  std::vector<RunData> runs;
  int exit_status = 2;  ///< if it can't be opened

  void read_resumed(const std::string& database);
  void make_rows(const std::string& database);
};

// A resumed run keeps its rows, settings and uuids; a racer goes on with its whole race.
void RunController::Opening::read_resumed(const std::string& database) {
  RunReader reader(database);
  race.resumed_ids = reader.race_of(resumed_id);
  for (const std::int64_t id : race.resumed_ids) {
    const RunData run = reader.load(id);
    plan.racers.push_back(Experiment::from_json(nlohmann::json::parse(run.experiment)));
    race.uuids.push_back(run.uuid);
    race.group_uuid = run.group_uuid;
    race.group_kind = reader.summary(id).group_kind;
  }
  plan.is_race = plan.racers.size() > 1;
  checkpoint = reader.checkpoint(race.resumed_ids);
  const std::int64_t step = checkpoint->racers.empty() ? 0 : checkpoint->racers.front().step;
  race.resumed_step = step;
  replay = reader.commands(race.resumed_ids.front(), step);
}

void RunController::Opening::make_rows(const std::string& database) {
  if (race.resumed_ids.empty()) {
    for (std::size_t i = 0; i < plan.racers.size(); ++i) race.uuids.push_back(make_uuid());
    if (plan.is_race) {
      race.group_uuid = make_uuid();
      race.group_kind = "race";
    }
  }
  race.racers = plan.racers;
  writer = std::make_unique<RunWriter>(database, race);
  // Read back: colours, names and a resumed run's past are the store's to say.
  RunReader reader(database);
  for (const std::int64_t id : writer->ids()) runs.push_back(reader.load(id));
}

RunController::RunController(StepperFactory factory, QObject* parent)
    : QObject(parent), factory_(std::move(factory)), background_(new Background(this)) {
  frame_.setSingleShot(true);
  connect(&frame_, &QTimer::timeout, this, &RunController::fetch);
  store_watch_.setInterval(250);
  connect(&store_watch_, &QTimer::timeout, this, &RunController::look_at_store);
}

RunController::~RunController() {
  if (session_) {
    session_->stop();
    session_->join();
    const bool failed = session_->state() == SessionState::failed;
    const std::string failure = session_->failure();
    const bool stopped = session_->was_stopped();
    session_.reset();
    if (writer_) writer_->finish(failed ? "failed" : stopped ? "stopped" : "finished", failure);
  }
  writer_.reset();
  // The thread beside the window ends here, after what it still has to store.
  delete background_;
}

void RunController::start(ExperimentPlan plan, Begin begin, std::int64_t steps) {
  if (plan.racers.empty()) return;
  if (busy()) {
    next_ = [this, plan = std::move(plan), begin, steps] { start(plan, begin, steps); };
    return stop();
  }
  auto opening = std::make_shared<Opening>();
  opening->plan = std::move(plan);
  opening->begin = begin;
  opening->steps = steps;
  open(std::move(opening));
}

void RunController::resume(std::int64_t id) {
  if (busy()) {
    next_ = [this, id] { resume(id); };
    return stop();
  }
  auto opening = std::make_shared<Opening>();
  opening->resumed_id = id;
  open(std::move(opening));
}

void RunController::open(std::shared_ptr<Opening> opening) {
  exit_status_ = 0;
  set_phase(Phase::opening);
  background_->run(
      [opening, database = database_.toStdString()] {
        try {
          if (opening->resumed_id != 0) opening->read_resumed(database);
          opening->make_rows(database);
        } catch (const Error& error) {
          opening->exit_status = error.exit_status();
          throw;
        }
      },
      [this, opening](const QString& error) {
        if (error.isEmpty()) return opened(*opening);
        stop_asked_ = false;
        next_ = nullptr;
        exit_status_ = opening->exit_status;
        set_phase(Phase::none);
        Q_EMIT trouble(error);
      });
}

void RunController::opened(Opening& opening) {
  plan_ = std::move(opening.plan);
  labels_ = names_of_racers(plan_.racers);
  const std::vector<RunData> before =
      std::exchange(runs_, std::move(opening.runs));  // alive while others let go
  writer_ = std::move(opening.writer);
  info_.reset();
  preparing_.reset();
  state_ = SessionState::idle;
  step_ = runs_.empty() ? 0 : runs_.front().step;
  epoch_ = runs_.empty() ? 0 : runs_.front().epoch;
  steps_per_second_ = 0;
  store_trouble_.clear();
  asked_.clear();
  Q_EMIT run_changed();

  box_ = std::make_shared<ObservationBox>();
  box_->on_wake([this] { wake_from_worker(); });
  SessionPlan plan;
  plan.racers = plan_.racers;
  plan.uuids = opening.race.uuids;
  plan.group_uuid = opening.race.group_uuid;
  plan.resume_from = std::move(opening.checkpoint);
  plan.replay = std::move(opening.replay);
  plan.start_paused = opening.begin == Begin::paused || opening.steps > 0;
  session_ = std::make_unique<Session>(std::move(plan), factory_,
                                       std::vector<Outlet>{writer_->outlet(), {box_, false}});
  set_phase(Phase::going);
  if (opening.steps > 0)
    session_->step(opening.steps);
  else if (opening.begin == Begin::running)
    session_->play();
  store_watch_.start();
  if (std::exchange(stop_asked_, false)) stop();
}

bool RunController::active() const {
  if (phase_ == Phase::opening) return true;
  return phase_ == Phase::going && state_ != SessionState::stopping && state_ != SessionState::finished &&
         state_ != SessionState::failed;
}

SessionState RunController::state() const {
  return state_;
}

QString RunController::state_text() const {
  if (phase_ == Phase::opening) return tr("Opening the store");
  if (phase_ == Phase::storing) return tr("Storing");
  switch (state_) {
    case SessionState::idle:
      return phase_ == Phase::going ? tr("Preparing") : tr("Ready");
    case SessionState::running:
      return tr("Running");
    case SessionState::paused:
      return tr("Paused");
    case SessionState::stopping:
      return tr("Stopping");
    case SessionState::failed:
      return tr("Failed");
    case SessionState::finished:
      break;
  }
  const bool stopped = !runs_.empty() && runs_.front().status == "stopped";
  return stopped ? tr("Stopped") : tr("Finished");
}

std::vector<std::int64_t> RunController::ids() const {
  std::vector<std::int64_t> ids;
  for (const RunData& run : runs_) ids.push_back(run.id);
  return ids;
}

void RunController::play() {
  if (session_) session_->play();
}

void RunController::pause() {
  if (session_) session_->pause();
}

void RunController::step(std::int64_t count) {
  if (session_) session_->step(count);
}

void RunController::stop() {
  if (session_)
    session_->stop();
  else
    stop_asked_ = phase_ == Phase::opening;
}

void RunController::calibrate() {
  if (session_) asked_[session_->calibrate()] = tr("No calibration");
}

void RunController::set_live(const QString& key, const QString& value, int racer) {
  if (!session_) return;
  asked_[session_->set(key.toStdString(), value.toStdString(), racer)] = tr("%1 stays as it was").arg(key);
}

void RunController::reset() {
  if (plan_.racers.empty()) return;
  const bool moving = phase_ == Phase::going && state_ == SessionState::running;
  start(plan_, moving ? Begin::running : Begin::paused);
}

// One call at a time is under way to the window's thread; whatever comes meanwhile is fetched with it.
void RunController::wake_from_worker() {
  if (!wake_pending_.exchange(true)) QMetaObject::invokeMethod(this, "woken", Qt::QueuedConnection);
}

void RunController::woken() {
  const qint64 passed = since_fetch_.isValid() ? since_fetch_.elapsed() : frame_ms;
  if (passed >= frame_ms)
    fetch();
  else
    frame_.start(static_cast<int>(frame_ms - passed));
}

void RunController::fetch() {
  frame_.stop();
  wake_pending_.store(false);
  since_fetch_.restart();
  if (!box_ || !box_->take(news_)) return;
  take_in(news_);
}

void RunController::take_in(const Observations& news) {
  absorb(runs_, news);
  if (news.step >= 0) {
    step_ = news.step;
    epoch_ = news.epoch;
  }
  if (news.steps_per_second > 0) steps_per_second_ = news.steps_per_second;
  if (news.preparing) preparing_ = news.preparing;
  if (!news.states.empty()) preparing_.reset();
  if (!info_ && session_ && (info_ = session_->info())) {
    Q_EMIT prepared();
    for (const std::string& note : info_->notes) Q_EMIT remark(QString::fromStdString(note));
  }
  for (const Acknowledgement& answer : news.acknowledgements) hear(answer);
  const SessionState before = state_;
  if (!news.states.empty()) state_ = news.states.back();
  if (state_ != before) Q_EMIT state_changed();
  Q_EMIT this->news();
  if (phase_ == Phase::going && (state_ == SessionState::finished || state_ == SessionState::failed))
    close_down();
}

// A refused change is the user's to know; a Pause or Stop that came too late is nobody's.
void RunController::hear(const Acknowledgement& answer) {
  const auto asked = asked_.find(answer.command_id);
  if (asked == asked_.end()) return;
  if (!answer.message.empty())
    Q_EMIT trouble(tr("%1: %2").arg(asked->second, QString::fromStdString(answer.message)));
  asked_.erase(asked);
}

// The disk's troubles are told once each; the writer keeps the rows and tries again.
void RunController::look_at_store() {
  if (!writer_) return;
  const QString now = QString::fromStdString(writer_->trouble());
  if (now == store_trouble_) return;
  if (!store_trouble_.isEmpty()) Q_EMIT trouble_gone(store_trouble_);
  store_trouble_ = now;
  if (!now.isEmpty()) Q_EMIT trouble(now);
}

// The run is over: join its thread and write the rest, beside the window.
void RunController::close_down() {
  struct Leaving {
    std::unique_ptr<Session> session;
    std::unique_ptr<RunWriter> writer;
    std::string trouble;
  };
  const bool failed = state_ == SessionState::failed;
  const std::string failure = session_->failure();
  const std::string status = failed ? "failed" : session_->was_stopped() ? "stopped" : "finished";
  if (failed) exit_status_ = session_->failed_on_input() ? 2 : 1;
  store_watch_.stop();
  set_phase(Phase::storing);
  if (failed) Q_EMIT trouble(QString::fromStdString(failure));
  auto leaving = std::make_shared<Leaving>();
  leaving->session = std::move(session_);
  leaving->writer = std::move(writer_);
  background_->run(
      [leaving, status, failure] {
        leaving->session->join();
        leaving->session.reset();
        leaving->writer->finish(status, failure);
        leaving->trouble = leaving->writer->trouble();
        leaving->writer.reset();
      },
      [this, leaving](const QString& error) {
        closed(error.isEmpty() ? QString::fromStdString(leaving->trouble) : error);
      });
}

void RunController::closed(const QString& error) {
  fetch();  // what the worker said last
  set_phase(Phase::none);
  if (!error.isEmpty() && error != store_trouble_) Q_EMIT trouble(error);
  Q_EMIT stored();
  if (const auto next = std::exchange(next_, nullptr)) next();
}

void RunController::set_phase(Phase phase) {
  phase_ = phase;
  Q_EMIT state_changed();
}

}  // namespace grapevine
