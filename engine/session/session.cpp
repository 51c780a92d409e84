#include "engine/session/session.h"

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <tuple>
#include <utility>

#include "engine/error.h"
#include "engine/experiment/groups/alert_settings.h"
#include "engine/experiment/groups/training_settings.h"
#include "engine/files/machine.h"
#include "engine/session/alert_watch.h"
#include "engine/session/awake_clock.h"
#include "engine/session/beginning.h"
#include "engine/session/script.h"
#include "engine/session/session_command.h"
#include "engine/session/undo.h"

namespace grapevine {
namespace {

using Clock = std::chrono::steady_clock;
// The worker hands its news over this often: seldom enough to cost nothing, often enough for a smooth curve.
constexpr auto posting_interval = std::chrono::milliseconds(15);
constexpr auto progress_interval = std::chrono::milliseconds(100);
constexpr auto rate_window = std::chrono::milliseconds(1000);
// Looking inside a layer while the run goes on: twice a second at most, and a twentieth of the time.
constexpr auto looks_apart = std::chrono::milliseconds(500);
constexpr int steps_for_a_look = 19;
constexpr std::string_view alerts_key = "alerts";

double seconds_between(Clock::time_point begin, Clock::time_point end) {
  return std::chrono::duration<double>(end - begin).count();
}

}  // namespace

/// What belongs to the worker thread alone: the stepper, the clock, the news not yet posted.
class Session::Worker {
 public:
  explicit Worker(Session& session) : session_(session), fallen_(session.plan_.racers.size(), false) {
    for (std::size_t i = 0; i < fallen_.size(); ++i) fallen_[i] = session.fell_before(i);
  }

  void run() {
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

 private:
  using Kind = Command::Kind;

  void prepare() {
    stepper_ = session_.factory_(session_.plan_.racers);
    if (!session_.plan_.beginnings.empty()) stepper_->keep(session_.plan_.beginnings);
    RaceInfo info = stepper_->prepare({[this](const WorkProgress& now) { tell_progress(now); },
                                       [this] { return somebody_wants_to_stop(); }});
    if (session_.plan_.resume_from) {
      stepper_->restore(*session_.plan_.resume_from);
      if (!session_.plan_.resume_from->racers.empty()) {
        trained_ = session_.plan_.resume_from->racers.front().seconds;
        info.total_steps += origin_step(session_.plan_.resume_from->racers.front());
      }
    }
    stands_ = true;
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
    alerts_.watch(AlertSettings::of(session_.plan_.racers.front()).alerts);
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
    for (std::size_t i = 0; i < fallen_.size(); ++i)
      event(resumed ? EventKind::resumed : EventKind::started, cause,
            how_it_begins(info, i, session_.plan_.racers[i]), static_cast<int>(i));
    last_checkpoint_ = Clock::now();
    enter(session_.plan_.start_paused ? SessionState::paused : SessionState::running);
    if (!resumed) measured([&](Report& report) { stepper_->begin(report); });
    post();
  }

  void tell_progress(const WorkProgress& now) {
    const bool is_new = now.what != told_.what || now.file != told_.file;
    if (!is_new && Clock::now() - last_post_ < progress_interval) return;
    told_ = now;
    news_.preparing = now;
    post();
  }

  bool somebody_wants_to_stop() const {
    std::lock_guard lock(session_.mutex_);
    return stop_is_next_ || has_stop(session_.commands_);
  }

  static bool has_stop(const std::deque<Command>& commands) {
    return std::any_of(commands.begin(), commands.end(),
                       [](const Command& command) { return command.kind == Kind::stop; });
  }

  // Stopped while the data were prepared: there is nothing to save, and no network for other commands.
  void leave_before_start() {
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

  void loop() {
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

  // Runs work(report), counts its time as training and takes up what it reported, also when it throws.
  template <class Work>
  void measured(Work work) {
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
        if ((told.kind == EventKind::failed || told.kind == EventKind::finished) &&
            told.racer < fallen_.size())
          fallen_[told.racer] = true;
      if (!stands_) return;
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

  void carry_out_commands() {
    std::deque<Command> commands;
    {
      std::lock_guard lock(session_.mutex_);
      if (session_.commands_.empty()) return;
      commands.swap(session_.commands_);
    }
    stop_is_next_ = has_stop(commands);
    for (const Command& command : commands) {
      std::string refusal;
      try {
        carry_out(command);
      } catch (const InputError& error) {
        refusal = error.what();
      } catch (const WorkStopped&) {
        refusal = "the run is being stopped";
      }
      news_.acknowledgements.push_back({command.id, refusal});
    }
    post();
  }

  void carry_out(const Command& command) {
    switch (command.kind) {
      case Kind::play:
        left_ = 0;
        if (state_ == SessionState::paused) enter(SessionState::running);
        break;
      case Kind::pause:
        if (state_ == SessionState::running) pause_here();
        break;
      case Kind::step:
        if (command.count < 1) throw InputError("the number of steps must be at least 1");
        left_ = command.count;
        if (state_ == SessionState::paused) enter(SessionState::running);
        break;
      case Kind::stop:
        stopping_ = true;
        session_.stopped_by_command_ = true;
        enter(SessionState::stopping);
        break;
      case Kind::change:
        change_by_hand(command.change);
        break;
      case Kind::undo:
        undo();
        break;
      case Kind::inspect:
        watched_ = command.inspection;
        look_is_due_ = true;
        next_look_ = Clock::now();
        break;
      case Kind::rehearse:
        rehearse(command.rehearsal);
        break;
      case Kind::note:
        news_.events.push_back(event_of(command.note, stepper_->step_count(), stepper_->epoch()));
        break;
    }
  }

  /// At rest once, at once; while the run goes on so seldom that it doesn't mind.
  void look_inside(bool at_rest) {
    if (watched_.point == 0 || !look_is_due_) return;
    const auto begin = Clock::now();
    if (!at_rest && begin < next_look_) return;
    try {
      news_.inspection = std::make_shared<const InspectionSet>(
          stepper_->inspect(watched_, at_rest, [this] { return a_command_waits(); }));
    } catch (const WorkStopped&) {
      return;  // still due
    }
    look_is_due_ = false;
    const auto end = Clock::now();
    next_look_ = end + std::max<Clock::duration>(looks_apart, (end - begin) * steps_for_a_look);
  }

  void rehearse(const RehearsalRequest& request) {
    if (state_ != SessionState::paused) throw InputError("a step is shown while the run is paused");
    news_.rehearsal = std::make_shared<const Rehearsal>(
        stepper_->rehearse(request, [this] { return somebody_wants_to_stop(); }));
  }

  bool a_command_waits() const {
    std::lock_guard lock(session_.mutex_);
    return !session_.commands_.empty();
  }

  void pause_here() {
    measured([&](Report& report) { stepper_->settle(report); });
    enter(SessionState::paused);
    checkpoint();
    post();
  }

  void carry_out(const LiveChange& change) {
    if (change.kind == LiveChange::Kind::set) {
      if (change.key == alerts_key) alerts_.watch(change.value);
      stepper_->set(change.racer, change.key, change.value);
      nlohmann::json data{{"key", change.key}, {"value", change.value}};
      if (change.racer >= 0) data["racer"] = change.racer;
      event(EventKind::setting, words_of(change), data.dump(), change.racer);
    } else if (change.kind == LiveChange::Kind::calibrate) {
      measured([&](Report& report) { stepper_->calibrate(change.racer, "by hand", report); });
    } else {
      measured([&](Report& report) { stepper_->intervene(change, report); });
    }
    record(record_of(change, stepper_->step_count()));
  }

  // While the run is paused it can be taken back.
  void change_by_hand(const LiveChange& change) {
    if (state_ == SessionState::paused) {
      stepper_->check(change);  // what is refused leaves the earlier one
      measured([&](Report& report) { stepper_->settle(report); });
      undo_.keep(*stepper_, change, trained_, available_memory());
    }
    try {
      carry_out(change);
    } catch (...) {
      forget_undo();
      throw;
    }
    news_.undoable = undo_.what();
  }

  void undo() {
    if (state_ != SessionState::paused)
      throw InputError("a change can be taken back only while the run is paused, before it plays on");
    const Undo::Kept kept = undo_.take();
    stepper_->put_back(kept.state);
    trained_ = kept.trained;
    event(EventKind::undo, "taken back: " + words_of(kept.change), "{}", kept.change.racer);
    CommandRecord taken_back = record_of(kept.change, stepper_->step_count());
    taken_back.undone = true;
    record(std::move(taken_back));
    news_.undoable = "";
  }

  void forget_undo() {
    if (!undo_.what().empty()) news_.undoable = "";
    undo_.forget();
  }

  // A command at step k counts as carried out before any checkpoint of step k; one that is there already is
  // made anew.
  void record(CommandRecord command) {
    news_.commands.push_back(std::move(command));
    look_is_due_ = true;
    if (last_saved_step_ != stepper_->step_count()) return;
    last_saved_step_ = -1;
    checkpoint();
  }

  // Commands of an earlier life come back at the step at which they were given. False when a stop cut one: it
  // is still to be carried out.
  bool replay_due() {
    while (const std::optional<LiveChange> due = replay_.due(stepper_->step_count())) {
      try {
        carry_out(*due);
      } catch (const WorkStopped&) {
        return false;
      }
      replay_.carried_out();
    }
    return true;
  }

  void checkpoint() {
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

  void wait_for_command() {
    post();
    std::unique_lock lock(session_.mutex_);
    session_.wake_.wait(lock, [&] { return !session_.commands_.empty(); });
  }

  // The step and the epoch. A run that is to go on is at its checkpoint until its networks stand: what ends
  // it there (the data are gone, or somebody stops it) must not look as if it had ended before.
  std::pair<std::int64_t, double> place() const {
    if (stands_ && stepper_) return {stepper_->step_count(), stepper_->epoch()};
    const auto& from = session_.plan_.resume_from;
    if (!from || from->racers.empty()) return {0, 0};
    return {from->racers.front().step, from->racers.front().epoch};
  }

  // Nothing happens any more to a racer that has failed, or come to its end before the others.
  void event(EventKind kind, const std::string& cause, const std::string& data, int racer = -1) {
    for (std::size_t i = 0; i < fallen_.size(); ++i) {
      if (fallen_[i] || (racer >= 0 && static_cast<std::size_t>(racer) != i)) continue;
      Event event;
      event.racer = static_cast<std::uint16_t>(i);
      std::tie(event.step, event.epoch) = place();
      event.kind = kind;
      event.cause = cause;
      event.data = data;
      news_.events.push_back(std::move(event));
    }
  }

  void enter(SessionState state) {
    state_ = state;
    session_.state_ = state;
    news_.states.push_back(state);
  }

  void close(EventKind kind) {
    measured([&](Report& report) { stepper_->settle(report); });
    if (!session_.stopped_by_command_)
      for (const auto& [racer, words] : not_reached(replay_)) event(EventKind::warning, words, "{}", racer);
    if (!stopping_) look_inside(true);  // how it ended; afterwards there is nothing to look at
    checkpoint();
    event(kind, OpenWord(kind).text() + " after " + std::to_string(stepper_->step_count()) + " steps", "{}");
    end(SessionState::finished, "");
  }

  void fail(const std::string& why) {
    try {
      if (stands_) measured([&](Report& report) { stepper_->settle(report); });
    } catch (...) {
      // What can't be told any more is left; the reason of the failure stands.
    }
    event(EventKind::failed, why, "{}");
    {
      std::lock_guard lock(session_.mutex_);
      session_.failure_ = why;
    }
    end(SessionState::failed, why);
  }

  // The state is published last: who sees it finds everything else in the mailbox. Commands that came too
  // late are answered, not lost.
  void end(SessionState state, const std::string& failure) {
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

  void post() {
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

  void deliver(const Outlet& outlet) {
    outlet.box->post([&](Observations& box) { box.append(news_, outlet.wants_checkpoints); });
  }

  Session& session_;
  std::vector<bool> fallen_;  ///< racers that have failed, or ended early, while others went on
  std::unique_ptr<Stepper> stepper_;
  SessionState state_ = SessionState::idle;
  Observations news_;
  WorkProgress told_;  ///< the latest of prepare()
  Report report_;
  CommandLog replay_;
  AlertWatch alerts_;
  Undo undo_;
  bool more_ = true, stopping_ = false;
  bool stop_is_next_ = false;  ///< among the commands that are being carried out
  bool stands_ = false;        ///< the networks do, as they were at the checkpoint if there is one
  std::int64_t left_ = 0;      ///< steps until pausing again; 0 = no limit
  double trained_ = 0, checkpoint_every_ = 0, rate_ = 0;
  std::int64_t last_saved_step_ = -1, rate_step_ = 0;
  InspectionRequest watched_;
  bool look_is_due_ = false;  ///< something moved, or the request did, since the last look
  Clock::time_point next_look_ = Clock::now();
  Clock::time_point last_checkpoint_ = Clock::now(), last_post_ = Clock::now(), rate_begin_ = Clock::now();
};

void Session::work() {
  Worker(*this).run();
}

}  // namespace grapevine
