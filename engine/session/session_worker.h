// What belongs to the session's worker thread alone: the stepper, the clock, the news not yet posted. From
// its start to its end: session_worker.cpp; what it does at a command: session_worker_commands.cpp.
#pragma once

#include <algorithm>
#include <chrono>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/session/alert_watch.h"
#include "engine/session/awake_clock.h"
#include "engine/session/command_log.h"
#include "engine/session/session.h"
#include "engine/session/session_command.h"
#include "engine/session/undo.h"

namespace grapevine {

class Session::Worker {
 public:
  explicit Worker(Session& session) : session_(session), failed_(session.plan_.racers.size(), false) {
    for (std::size_t i = 0; i < failed_.size(); ++i) failed_[i] = session.fell_before(i);
  }

  void run();

 private:
  using Kind = Command::Kind;
  using Clock = std::chrono::steady_clock;

  void prepare();
  void tell_progress(const WorkProgress& now);
  bool somebody_wants_to_stop() const;
  static bool has_stop(const std::deque<Command>& commands) {
    return std::any_of(commands.begin(), commands.end(),
                       [](const Command& command) { return command.kind == Kind::stop; });
  }

  /// Stopped while the data were prepared: there is nothing to save, and no network for other commands.
  void leave_before_start();
  void loop();
  /// Runs work(report), counts its time as training and collects what it reported, also when it throws.
  template <class Work>
  void measured(Work work);
  void carry_out_commands();
  void carry_out(const Command& command);
  /// At rest once, at once; while the run is in progress so seldom that it isn't slowed down.
  void look_inside(bool at_rest);
  /// Asked for too late, when the run continues again, nothing waits for it: it is asked for again
  /// where the run pauses.
  void rehearse(const RehearsalRequest& request);
  bool a_command_waits() const;
  void pause_here();
  void carry_out(const LiveChange& change);
  /// While the run is paused it can be undone.
  void change_by_hand(const LiveChange& change);
  void undo();
  void forget_undo();
  /// A command at step k counts as carried out before any checkpoint of step k; one that is there already is
  /// made again.
  void record(CommandRecord command);
  /// Commands given before the resumption come back at the step at which they were given. False when a stop
  /// cut one: it is still to be carried out.
  bool replay_due();
  void checkpoint();
  void wait_for_command();
  /// The step and the epoch. A run that is to continue is at its checkpoint until its networks stand: what
  /// ends it there (the data are gone, or it is stopped) must not look as if it had ended before.
  std::pair<std::int64_t, double> place() const;
  /// Nothing happens any more to a racer that has failed, or ended before the others.
  void event(EventKind kind, const std::string& cause, const std::string& data, int racer = -1);
  void enter(SessionState state);
  void close(EventKind kind);
  void fail(const std::string& why);
  /// The state is published last: a reader that sees it finds everything else in the mailbox. Commands that
  /// came too late are answered, not lost.
  void end(SessionState state, const std::string& failure);
  void post();
  void deliver(const Outlet& outlet);

  Session& session_;
  std::vector<bool> failed_;  ///< racers that have failed, or ended early, while others continued
  std::unique_ptr<Stepper> stepper_;
  SessionState state_ = SessionState::idle;
  Observations news_;
  WorkProgress progress_told_;  ///< the latest of prepare()
  Report report_;
  CommandLog replay_;
  AlertWatch alerts_;
  Undo undo_;
  bool more_ = true, stopping_ = false;
  bool stop_is_next_ = false;  ///< among the commands that are being carried out
  bool ready_ = false;         ///< the networks are there, as they were at the checkpoint if there is one
  std::int64_t left_ = 0;      ///< steps until pausing again; 0 = no limit
  double trained_ = 0, checkpoint_every_ = 0, rate_ = 0;
  std::int64_t last_saved_step_ = -1, rate_step_ = 0;
  InspectionRequest watched_;
  bool look_is_due_ = false;  ///< something moved, or the request did, since the last look
  Clock::time_point next_look_ = Clock::now();
  Clock::time_point last_checkpoint_ = Clock::now(), last_post_ = Clock::now(), rate_begin_ = Clock::now();
};

template <class Work>
void Session::Worker::measured(Work work) {
  report_.samples.clear();
  report_.events.clear();
  report_.new_best = false;
  const auto begin = AwakeClock::now();
  const auto take_up = [&] {
    trained_ += std::chrono::duration<double>(AwakeClock::now() - begin).count();
    for (Sample& sample : report_.samples) sample.seconds = trained_;
    news_.samples.insert(news_.samples.end(), report_.samples.begin(), report_.samples.end());
    news_.events.insert(news_.events.end(), report_.events.begin(), report_.events.end());
    alerts_.look(report_.samples, news_.events);
    for (const Event& told : report_.events)
      if ((told.kind == EventKind::failed || told.kind == EventKind::finished) && told.racer < failed_.size())
        failed_[told.racer] = true;
    if (!ready_) return;
    news_.step = stepper_->step_count();
    news_.epoch = stepper_->epoch();
  };
  try {
    work(report_);
  } catch (...) {
    take_up();
    throw;
  }
  take_up();
}

}  // namespace grapevine
