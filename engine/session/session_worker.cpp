#include "engine/session/session_worker.h"

#include <tuple>

#include "engine/error.h"
#include "engine/experiment/groups/alert_settings.h"
#include "engine/experiment/groups/training_settings.h"
#include "engine/session/beginning.h"
#include "engine/session/script.h"

namespace grapevine {
namespace {

// The worker hands its news over this often: seldom enough to cost nothing, often enough for a smooth curve.
constexpr auto posting_interval = std::chrono::milliseconds(15);
constexpr auto progress_interval = std::chrono::milliseconds(100);
constexpr auto rate_window = std::chrono::milliseconds(1000);

double seconds_between(std::chrono::steady_clock::time_point begin,
                       std::chrono::steady_clock::time_point end) {
  return std::chrono::duration<double>(end - begin).count();
}

}  // namespace

void Session::Worker::run() {
  try {
    prepare();
    loop();
    close(session_.stopped_by_command_ ? EventKind::stopped : EventKind::finished);
  } catch (const WorkStopped&) {
    leave_before_start();
  } catch (const InputError& error) {
    session_.failed_on_input_ = true;
    fail(error.what());
  } catch (const std::bad_alloc&) {
    fail("out of memory; use a smaller train.batch or model");
  } catch (const std::exception& error) {
    fail(error.what());
  }
}

void Session::Worker::prepare() {
  stepper_ = session_.factory_(session_.plan_.racers);
  if (!session_.plan_.beginnings.empty()) stepper_->keep(session_.plan_.beginnings);
  RaceInfo info = stepper_->prepare(
      {[this](const WorkProgress& now) { tell_progress(now); }, [this] { return somebody_wants_to_stop(); }});
  if (session_.plan_.resume_from) {
    stepper_->restore(*session_.plan_.resume_from);
    if (!session_.plan_.resume_from->racers.empty()) {
      trained_ = session_.plan_.resume_from->racers.front().seconds;
      info.total_steps += origin_step(session_.plan_.resume_from->racers.front());
    }
  }
  ready_ = true;
  if (!session_.plan_.begins_from.empty() && stepper_->step_count() >= info.total_steps)
    throw InputError("it begins with step " + std::to_string(stepper_->step_count()) + " of " +
                     std::to_string(info.total_steps) +
                     ": nothing is left to do; raise train.epochs, which counts in all");
  check_script(session_.plan_.script, *stepper_, info.total_steps);
  check_replay(session_.plan_.replay, *stepper_);
  std::vector<CommandRecord> commands = session_.plan_.replay;
  commands.insert(commands.end(), session_.plan_.script.begin(), session_.plan_.script.end());
  replay_ = CommandLog(std::move(commands));
  checkpoint_every_ = CheckpointSettings::of(session_.plan_.racers.front()).every_seconds;
  alerts_.watch(AlertSettings::of(session_.plan_.racers.front()).alerts,
                session_.plan_.resume_from && session_.plan_.begins_from.empty());
  {
    std::lock_guard lock(session_.mutex_);
    session_.info_ = info;
  }
  session_.prepared_.notify_all();
  const std::string& begins_from = session_.plan_.begins_from;
  const bool resumed = session_.plan_.resume_from && begins_from.empty();
  const std::string machine = "on " + info.device + " with " + std::to_string(info.threads) +
                              (info.threads == 1 ? " thread" : " threads");
  const std::string cause = (resumed ? "resumed at step " + std::to_string(stepper_->step_count()) + ", "
                             : begins_from.empty() ? ""
                                                   : "from " + begins_from + ", ") +
                            machine;
  for (std::size_t i = 0; i < failed_.size(); ++i)
    event(resumed ? EventKind::resumed : EventKind::started, cause,
          how_it_begins(info, i, session_.plan_.racers[i]), static_cast<int>(i));
  last_checkpoint_ = Clock::now();
  enter(session_.plan_.start_paused ? SessionState::paused : SessionState::running);
  if (!resumed) measured([&](Report& report) { stepper_->begin(report); });
  post();
}

void Session::Worker::tell_progress(const WorkProgress& now) {
  const bool is_new = now.what != progress_told_.what || now.file != progress_told_.file;
  if (!is_new && Clock::now() - last_post_ < progress_interval) return;
  progress_told_ = now;
  news_.preparing = now;
  post();
}

void Session::Worker::leave_before_start() {
  session_.stopped_by_command_ = true;
  enter(SessionState::stopping);
  {
    std::lock_guard lock(session_.mutex_);
    std::erase_if(session_.commands_, [&](const Command& command) {
      if (command.kind != Kind::stop) return false;
      news_.acknowledgements.push_back({command.id, ""});
      return true;
    });
  }
  event(EventKind::stopped, "stopped while the data were being prepared", "{}");
  end(SessionState::finished, "");
}

void Session::Worker::loop() {
  more_ = true;
  while (more_ && !stopping_) {
    carry_out_commands();
    if (stopping_) break;
    if (state_ == SessionState::paused) {
      look_inside(true);
      wait_for_command();
      continue;
    }
    if (!replay_due()) continue;
    forget_undo();
    measured([&](Report& report) { more_ = stepper_->step(report); });
    look_is_due_ = true;
    look_inside(false);
    if (left_ > 0 && --left_ == 0 && more_) pause_here();
    if (report_.new_best) checkpoint();
    if (checkpoint_every_ > 0 && seconds_between(last_checkpoint_, Clock::now()) >= checkpoint_every_)
      checkpoint();
    if (Clock::now() - last_post_ >= posting_interval) post();
  }
}

void Session::Worker::checkpoint() {
  last_checkpoint_ = Clock::now();
  bool wanted = false;
  for (const Outlet& outlet : session_.outlets_) wanted = wanted || outlet.wants_checkpoints;
  if (!wanted || stepper_->step_count() == last_saved_step_) return;
  measured([&](Report& report) { stepper_->settle(report); });
  CheckpointSet set = stepper_->checkpoint();
  for (Checkpoint& racer : set.racers) racer.seconds = trained_;
  last_saved_step_ = stepper_->step_count();
  news_.checkpoints.push_back(std::move(set));
}

std::pair<std::int64_t, double> Session::Worker::place() const {
  if (ready_ && stepper_) return {stepper_->step_count(), stepper_->epoch()};
  const auto& from = session_.plan_.resume_from;
  if (!from || from->racers.empty()) return {0, 0};
  return {from->racers.front().step, from->racers.front().epoch};
}

void Session::Worker::event(EventKind kind, const std::string& cause, const std::string& data, int racer) {
  for (std::size_t i = 0; i < failed_.size(); ++i) {
    if (failed_[i] || (racer >= 0 && static_cast<std::size_t>(racer) != i)) continue;
    Event event;
    event.racer = static_cast<std::uint16_t>(i);
    std::tie(event.step, event.epoch) = place();
    event.kind = kind;
    event.cause = cause;
    event.data = data;
    news_.events.push_back(std::move(event));
  }
}

void Session::Worker::enter(SessionState state) {
  state_ = state;
  session_.state_ = state;
  news_.states.push_back(state);
}

void Session::Worker::close(EventKind kind) {
  measured([&](Report& report) { stepper_->settle(report); });
  if (!session_.stopped_by_command_)
    for (const auto& [racer, words] : not_reached(replay_)) event(EventKind::warning, words, "{}", racer);
  if (!stopping_) look_inside(true);  // how it ended; afterwards there is nothing to look at
  checkpoint();
  event(kind, OpenWord(kind).text() + " after " + std::to_string(stepper_->step_count()) + " steps", "{}");
  end(SessionState::finished, "");
}

void Session::Worker::fail(const std::string& why) {
  try {
    if (ready_) measured([&](Report& report) { stepper_->settle(report); });
  } catch (...) {
    // What can't be reported any more is left; the reason of the failure stays.
  }
  event(EventKind::failed, why, "{}");
  {
    std::lock_guard lock(session_.mutex_);
    session_.failure_ = why;
  }
  end(SessionState::failed, why);
}

void Session::Worker::end(SessionState state, const std::string& failure) {
  std::deque<Command> late;
  {
    std::lock_guard lock(session_.mutex_);
    session_.closed_ = true;
    late.swap(session_.commands_);
  }
  for (const Command& command : late) news_.acknowledgements.push_back({command.id, "the run is over"});
  news_.failure = failure;
  news_.states.push_back(state);
  stepper_.reset();
  post();
  session_.state_ = state;
  session_.prepared_.notify_all();
}

void Session::Worker::post() {
  last_post_ = Clock::now();
  if (last_post_ - rate_begin_ >= rate_window && stepper_) {
    rate_ =
        static_cast<double>(stepper_->step_count() - rate_step_) / seconds_between(rate_begin_, last_post_);
    rate_begin_ = last_post_;
    rate_step_ = stepper_->step_count();
  }
  news_.steps_per_second = state_ == SessionState::running ? rate_ : 0;
  if (news_.empty()) return;
  for (std::size_t i = 0; i < session_.outlets_.size(); ++i) deliver(session_.outlets_[i]);
  news_.clear();
}

void Session::Worker::deliver(const Outlet& outlet) {
  outlet.box->post([&](Observations& box) { box.append(news_, outlet.wants_checkpoints); });
}

void Session::work() {
  Worker(*this).run();
}

}  // namespace grapevine
