// The run that is in progress.
#include "ui/panels/run_controller.h"

#include <utility>

#include "ui/panels/words.h"

namespace grapevine {
namespace {

constexpr int frame_ms = 16;

}  // namespace

RunController::RunController(StepperFactory factory, QObject* parent)
    : QObject(parent), factory_(std::move(factory)) {
  frame_.setSingleShot(true);
  connect(&frame_, &QTimer::timeout, this, &RunController::fetch);
  store_watch_.setInterval(250);
  connect(&store_watch_, &QTimer::timeout, this, &RunController::look_at_store);
}

// Before the members that its threads wake.
RunController::~RunController() {
  launch_.reset();
}

void RunController::start(ExperimentPlan plan, Begin begin, std::int64_t steps) {
  if (plan.racers.empty()) return;
  LaunchRequest request;
  request.plan = std::move(plan);
  request.start_paused = begin == Begin::paused;
  request.steps = steps;
  open(std::move(request));
}

void RunController::resume(std::int64_t id) {
  LaunchRequest request;
  request.resumed_id = id;
  open(std::move(request));
}

void RunController::train_further(std::int64_t id, int epochs) {
  LaunchRequest request;
  request.resumed_id = id;
  request.further = {"train.epochs=" + std::to_string(epochs)};
  open(std::move(request));
}

void RunController::open(LaunchRequest request) {
  if (busy()) {
    next_ = [this, request = std::move(request)] { open(request); };
    return stop();
  }
  exit_status_ = 0;
  info_.reset();
  preparing_.reset();
  heard_ = state_ = SessionState::idle;
  step_ = 0;
  epoch_ = steps_per_second_ = 0;
  pace_ = {};
  store_trouble_.clear();
  asked_.clear();
  undoable_.clear();
  phase_ = LaunchPhase::preparing;
  inspection_.reset();
  rehearsal_.reset();
  request.inspection = watched_;
  launch_ = std::make_unique<Launch>(std::move(request), database_.toStdString(), factory_,
                                     [this] { wake_from_other_thread(); });
  store_watch_.start();
  Q_EMIT state_changed();
}

bool RunController::active() const {
  if (!launch_) return false;
  if (phase_ == LaunchPhase::preparing) return true;
  return phase_ == LaunchPhase::going && state_ != SessionState::stopping &&
         state_ != SessionState::finished && state_ != SessionState::failed;
}

SessionState RunController::state() const {
  return state_;
}

QString RunController::state_text() const {
  if (launch_ && phase_ == LaunchPhase::preparing) return tr("Preparing");
  if (launch_ && phase_ == LaunchPhase::storing) return tr("Storing");
  switch (state_) {
    case SessionState::idle:
      return tr("Ready");
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
  const bool stopped = !runs_.empty() && runs_.front()->status == RunStatus::stopped;
  return stopped ? tr("Stopped") : tr("Finished");
}

std::vector<std::int64_t> RunController::ids() const {
  std::vector<std::int64_t> ids;
  for (const RunView& run : runs_) ids.push_back(run->id);
  return ids;
}

void RunController::play() {
  if (launch_) launch_->play();
}

void RunController::pause() {
  if (launch_) launch_->pause();
}

void RunController::step(std::int64_t count) {
  if (launch_) launch_->step(count);
}

void RunController::stop() {
  if (launch_) launch_->stop();
}

void RunController::calibrate() {
  change(LiveChange::calibration());
}

void RunController::set_live(const QString& key, const QString& value, int racer) {
  change(LiveChange::setting(key.toStdString(), value.toStdString(), racer));
}

void RunController::change(const LiveChange& change) {
  if (!launch_) return;
  QString refused = tr("The feedback stays as it was");
  if (change.kind == LiveChange::Kind::calibrate) refused = tr("No calibration");
  if (change.kind == LiveChange::Kind::set)
    refused = tr("%1 stays as it was").arg(QString::fromStdString(change.key));
  asked_[launch_->change(change)] = refused;
}

void RunController::note(const StepNote& note) {
  if (launch_) asked_[launch_->note(note)] = tr("Nothing was noted");
}

void RunController::undo() {
  if (launch_) asked_[launch_->undo()] = tr("Nothing was undone");
}

void RunController::fork(const ForkRequest& fork) {
  LaunchRequest request;
  request.fork = fork;
  request.start_paused = true;
  open(std::move(request));
}

void RunController::inspect(const InspectionRequest& request) {
  if (request == watched_) return;
  watched_ = request;
  if (launch_) launch_->inspect(watched_);
}

void RunController::rehearse(const RehearsalRequest& request) {
  if (launch_) asked_[launch_->rehearse(request)] = tr("No slow motion");
}

void RunController::reset() {
  if (plan_.racers.empty()) return;
  const bool moving = active() && state_ == SessionState::running;
  start(plan_, moving ? Begin::running : Begin::paused);
}

// One call at a time is under way to the window's thread; whatever comes meanwhile is fetched with it.
void RunController::wake_from_other_thread() {
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
  if (!launch_) return;
  const LaunchPhase phase = launch_->phase();  // read before the look: what belongs to it has come by then
  const Observations* news = launch_->look();
  if (launch_->identity_changed()) {
    plan_ = launch_->plan();
    labels_ = names_of_racers(plan_.racers);
    runs_ = launch_->runs().views();
    Q_EMIT run_changed();
  }
  const bool moved = std::exchange(phase_, phase) != phase;
  if (news) take_in(*news);
  follow_phase();
  if (moved) Q_EMIT state_changed();
  if (phase == LaunchPhase::over) close_down();
}

void RunController::take_in(const Observations& news) {
  if (news.step >= 0) {
    step_ = news.step;
    epoch_ = news.epoch;
  }
  if (news.steps_per_second > 0) steps_per_second_ = news.steps_per_second;
  pace_.note(heard_ == SessionState::running, step_);
  if (news.preparing) preparing_ = news.preparing;
  if (!news.states.empty()) {
    preparing_.reset();
    heard_ = news.states.back();
  }
  if (news.undoable) {
    undoable_ = QString::fromStdString(*news.undoable);
    Q_EMIT undoable_changed();
  }
  for (const Acknowledgement& answer : news.acknowledgements) hear(answer);
  if (news.inspection) {
    inspection_ = news.inspection;
    Q_EMIT inspected();
  }
  if (news.rehearsal) {
    rehearsal_ = news.rehearsal;
    Q_EMIT rehearsed();
  }
  if (!news.commands.empty()) Q_EMIT changed_by_hand();
  Q_EMIT this->news();
}

// The session waits for its rows as a paused one would; to the window it is still being prepared then.
void RunController::follow_phase() {
  if (phase_ == LaunchPhase::preparing) return;
  if (!info_ && (info_ = launch_->info())) {
    if (step_ == 0 && !runs_.empty()) {
      step_ = runs_.front()->step;
      epoch_ = runs_.front()->epoch;
    }
    // What was asked for before there was a session to ask.
    if (watched_.point > 0) launch_->inspect(watched_);
    Q_EMIT prepared();
    for (const std::string& note : info_->notes) Q_EMIT remark(QString::fromStdString(note));
  }
  if (std::exchange(state_, heard_) != heard_) Q_EMIT state_changed();
}

// A refused change is the user's to know; a Pause or Stop that came too late is nobody's.
void RunController::hear(const Acknowledgement& answer) {
  const auto asked = asked_.find(answer.command_id);
  if (asked == asked_.end()) return;
  if (!answer.message.empty())
    Q_EMIT trouble(tr("%1: %2").arg(asked->second, QString::fromStdString(answer.message)));
  asked_.erase(asked);
}

// The disk's troubles are shown once each; the writer keeps the rows and tries again.
void RunController::look_at_store() {
  if (!launch_) return;
  const QString now = QString::fromStdString(launch_->store_trouble());
  if (now == store_trouble_) return;
  if (!store_trouble_.isEmpty()) Q_EMIT trouble_gone(store_trouble_);
  store_trouble_ = now;
  if (!now.isEmpty()) Q_EMIT trouble(now);
}

// The run is over, and on disk as far as the disk would have it.
void RunController::close_down() {
  const LaunchEnd end = launch_->end();
  store_watch_.stop();
  launch_.reset();
  preparing_.reset();
  undoable_.clear();
  Q_EMIT undoable_changed();
  if (end.status == RunStatus::failed) {
    exit_status_ = end.wrong_input ? 2 : 1;
    Q_EMIT trouble(QString::fromStdString(end.failure));
  }
  const QString lost = QString::fromStdString(end.store_trouble);
  if (!lost.isEmpty()) {
    something_is_missing_ = true;
    if (exit_status_ == 0) exit_status_ = 1;
  }
  if (!lost.isEmpty() && lost != store_trouble_) Q_EMIT trouble(lost);
  Q_EMIT state_changed();
  Q_EMIT stored();
  if (const auto next = std::exchange(next_, nullptr)) next();
}

}  // namespace grapevine
