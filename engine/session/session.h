// A session owns the worker thread on which a run trains, a state machine and a queue of commands.
//
//   idle ─play─▶ running ◀─play/pause─▶ paused ;  running|paused ─stop─▶ stopping ─▶ finished (stopped) ;
//   running ─last step─▶ finished ;  any ─error─▶ failed
//
// Every public function may be called from any thread and returns at once (join() and wait_until_prepared()
// excepted). What happens is reported to the outlets: mailboxes, which the worker fills and never waits for.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "engine/session/mailbox.h"
#include "engine/session/step_note.h"
#include "engine/session/stepper.h"

namespace grapevine {

using ObservationBox = Mailbox<Observations>;

/// A receiver of what happens. `wants_checkpoints`: the store does, the window doesn't.
struct Outlet {
  std::shared_ptr<ObservationBox> box;
  bool wants_checkpoints = false;
};

struct SessionPlan {
  std::vector<Experiment> racers;
  /// uuid of each racer's run; made by the session when empty.
  std::vector<std::string> uuids;
  std::string group_uuid;  ///< of a race; made when empty and there are several racers
  std::optional<CheckpointSet> resume_from;
  /// Of a new run that begins with `resume_from`: of what that is the state, in words. "" = the runs
  /// themselves continue.
  std::string begins_from;
  /// Commands given to this run earlier, after the checkpoint; carried out when their step is reached.
  std::vector<CommandRecord> replay;
  /// Commands that were asked for beforehand. What could be carried out at no step refuses the start.
  std::vector<CommandRecord> script;
  std::vector<Beginning> beginnings;  ///< of a resumed run, one per racer; empty = it begins now
  bool start_paused = false;
};

class Session {
 public:
  Session(SessionPlan plan, StepperFactory factory, std::vector<Outlet> outlets);
  ~Session();  ///< stops and joins
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // Commands: queued, acknowledged through the outlets with the returned id.
  std::uint64_t play();
  std::uint64_t pause();
  std::uint64_t step(std::int64_t count = 1);  ///< from paused: so many steps, then paused again
  std::uint64_t stop();                        ///< checkpoint, then finished, with status stopped
  std::uint64_t change(LiveChange change);
  std::uint64_t calibrate(int racer = -1) { return change(LiveChange::calibration(racer)); }
  std::uint64_t set(std::string key, std::string value, int racer = -1) {
    return change(LiveChange::setting(std::move(key), std::move(value), racer));
  }
  /// While paused: undoes the last change, as long as nothing was computed since.
  std::uint64_t undo();
  /// An event of that step, which changes no number; of a step that is not yet there it is refused.
  std::uint64_t note(StepNote note);
  // To look inside; nothing of it is stored, as nothing changes.
  /// From now on, until another request: this layer at every pause, and seldom while the run is playing.
  std::uint64_t inspect(InspectionRequest request);
  /// The next step, phase by phase; refused while the run is playing.
  std::uint64_t rehearse(RehearsalRequest request);

  SessionState state() const { return state_.load(); }
  bool was_stopped() const { return stopped_by_command_.load(); }
  bool done() const;  ///< finished or failed
  void join();        ///< waits until done
  /// Waits until the networks are ready; false when the session ended before.
  bool wait_until_prepared();

  const SessionPlan& plan() const { return plan_; }
  /// Set once the networks are ready (nullopt before); afterwards immutable.
  std::optional<RaceInfo> info() const;
  std::string failure() const;  ///< empty unless failed
  bool failed_on_input() const { return failed_on_input_.load(); }
  /// The racer had failed, or ended, before the checkpoint that this session continues from: nothing
  /// more is computed for it.
  bool fell_before(std::size_t racer) const;

 private:
  struct Command;
  class Worker;
  std::uint64_t post(Command command);
  void work();  ///< the whole run, on the worker's thread

  SessionPlan plan_;
  StepperFactory factory_;
  std::vector<Outlet> outlets_;
  std::atomic<SessionState> state_{SessionState::idle};
  std::atomic<bool> stopped_by_command_{false};
  std::atomic<bool> failed_on_input_{false};
  mutable std::mutex mutex_;  ///< guards everything below
  std::condition_variable wake_, prepared_;
  std::deque<Command> commands_;
  std::uint64_t next_id_ = 1;
  bool closed_ = false;  ///< the worker takes no more commands
  std::optional<RaceInfo> info_;
  std::string failure_;
  std::thread thread_;
};

}  // namespace grapevine
