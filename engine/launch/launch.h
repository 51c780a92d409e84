// One way to start, resume and watch a run, for window, terminal, sweep and screenshot:
//
//   check ─▶ prepare (data, networks) ─▶ rows in the database ─▶ training ─▶ the last row on disk
//
// Wrong input stores nothing, whatever starts the run: a row exists from the end of the preparation on. A
// thread of the launch's own runs through these stages; the session's worker feeds two outlets, the store's
// and the display's, and neither waits for the other. Commands and questions may come from any thread; look()
// and what it fills belong to the display's.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/plans/plan.h"
#include "engine/runs/live_runs.h"
#include "engine/session/session.h"

namespace grapevine {

/// New runs that begin with a stored run's last checkpoint and continue with its clock to its end, side by
/// side: the run as it is, unless `alone`, and the same with other settings.
struct ForkRequest {
  std::int64_t id = 0;            ///< of one run; the rest of its race is left out
  std::vector<std::string> sets;  ///< KEY=VALUE
  bool alone = false;
};

struct LaunchRequest {
  ExperimentPlan plan;              ///< of a new run
  std::int64_t resumed_id = 0;      ///< not 0: continues this stored run instead, with its whole race
  std::optional<ForkRequest> fork;  ///< instead: a fork of a stored run
  /// KEY=VALUE of train.epochs, train.max_steps: the stored run is finished and is trained further, as a
  /// new one.
  std::vector<std::string> further;
  std::optional<std::string> device, threads;  ///< where a resumed run is to be computed from now on
  std::string sweep_uuid;                      ///< of the sweep that a new run is a cell of
  std::string database_id;                     ///< refused where another database lies there; "" = whichever
  std::vector<std::string> at;  ///< STEP:COMMAND (timed_commands.h), to be carried out on the way
  bool start_paused = false;
  std::int64_t steps = 0;        ///< more than 0: so many steps, then a pause
  InspectionRequest inspection;  ///< a layer that is inspected from the beginning
};

enum class LaunchPhase { preparing, going, storing, over };

/// How it ended; complete once the phase is `over`.
struct LaunchEnd {
  bool has_rows = false;      ///< of this launch: a start that was refused leaves none
  StatusWord status;          ///< "finished", "stopped", "failed", as in the runs table; "interrupted" where
                              ///< the session reached its end and something of it could not be stored
  std::string failure;        ///< why it failed, or why it was refused
  bool wrong_input = false;   ///< the user can correct the failure
  std::string store_trouble;  ///< what could not be stored; "" when all is on disk
};

class Launch {
 public:
  /// `wake` is called, on other threads, when look() has something new to see; it must return at once.
  Launch(LaunchRequest request, std::string database, StepperFactory factory,
         std::function<void()> wake = {});
  /// Stops and stores what is still running; this waits.
  ~Launch();
  Launch(const Launch&) = delete;
  Launch& operator=(const Launch&) = delete;

  // As Session's. Before there is a session, play, pause, step and stop are remembered, the others answered
  // with 0.
  std::uint64_t play();
  std::uint64_t pause();
  std::uint64_t step(std::int64_t count);
  std::uint64_t stop();
  std::uint64_t change(LiveChange change);
  std::uint64_t calibrate(int racer = -1) { return change(LiveChange::calibration(racer)); }
  std::uint64_t set(std::string key, std::string value, int racer = -1) {
    return change(LiveChange::setting(std::move(key), std::move(value), racer));
  }
  std::uint64_t undo();
  std::uint64_t note(StepNote note);
  std::uint64_t inspect(InspectionRequest request);
  std::uint64_t rehearse(RehearsalRequest request);

  LaunchPhase phase() const;
  std::optional<RaceInfo> info() const;  ///< once the networks are ready
  std::string store_trouble() const;     ///< one sentence while the disk refuses, else ""
  std::int64_t rows_waiting() const;
  LaunchEnd end() const;

  /// Takes in what happened since the last call, waiting up to `patience` for something to happen. nullptr
  /// when nothing did; else valid until the next call.
  const Observations* look(std::chrono::milliseconds patience = std::chrono::milliseconds(0));
  /// The racers' numbers. Other runs than before after start_changed() was true.
  const LiveRuns& runs() const;
  /// The last look() found the runs' stored names, numbers or past: what a display makes of them is to be
  /// made again.
  bool identity_changed() const;
  const ExperimentPlan& plan() const;  ///< as asked for, folders named from the root
  const std::vector<std::string>& labels() const;
  std::int64_t resumed_step() const;  ///< the step that a resumed run continues from; 0 for a new one

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace grapevine
