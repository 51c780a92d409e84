// Commands: what the worker does at each, what it takes back, what it carries out again.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/error.h"
#include "engine/files/machine.h"
#include "engine/session/session_worker.h"

namespace grapevine {
namespace {

// Looking inside a layer while the run is in progress: twice a second at most, and a twentieth of the time.
constexpr auto looks_apart = std::chrono::milliseconds(500);
constexpr int steps_for_a_look = 19;
constexpr std::string_view alerts_key = "alerts";

}  // namespace

bool Session::Worker::somebody_wants_to_stop() const {
  std::lock_guard lock(session_.mutex_);
  return stop_is_next_ || has_stop(session_.commands_);
}

void Session::Worker::carry_out_commands() {
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

void Session::Worker::carry_out(const Command& command) {
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

void Session::Worker::look_inside(bool at_rest) {
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

/// Asked for too late, when the run continues again, it is nobody's: where the run waits it is asked for
/// again.
void Session::Worker::rehearse(const RehearsalRequest& request) {
  if (state_ != SessionState::paused) return;
  news_.rehearsal = std::make_shared<const Rehearsal>(
      stepper_->rehearse(request, [this] { return somebody_wants_to_stop(); }));
}

bool Session::Worker::a_command_waits() const {
  std::lock_guard lock(session_.mutex_);
  return !session_.commands_.empty();
}

void Session::Worker::pause_here() {
  measured([&](Report& report) { stepper_->settle(report); });
  enter(SessionState::paused);
  checkpoint();
  post();
}

void Session::Worker::carry_out(const LiveChange& change) {
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

void Session::Worker::change_by_hand(const LiveChange& change) {
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

void Session::Worker::undo() {
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

void Session::Worker::forget_undo() {
  if (!undo_.what().empty()) news_.undoable = "";
  undo_.forget();
}

void Session::Worker::record(CommandRecord command) {
  news_.commands.push_back(std::move(command));
  look_is_due_ = true;
  if (last_saved_step_ != stepper_->step_count()) return;
  last_saved_step_ = -1;
  checkpoint();
}

bool Session::Worker::replay_due() {
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

void Session::Worker::wait_for_command() {
  post();
  std::unique_lock lock(session_.mutex_);
  session_.wake_.wait(lock, [&] { return !session_.commands_.empty(); });
}

}  // namespace grapevine
