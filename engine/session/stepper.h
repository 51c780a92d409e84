// What a Session drives: one lockstep training step of all racers at a time. The real one is Race (LibTorch);
// tests use a fake. Created, used and destroyed on the session's worker thread only.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/error.h"
#include "engine/experiment/experiment.h"
#include "engine/session/checkpoint.h"
#include "engine/session/inspection.h"
#include "engine/session/live_change.h"
#include "engine/session/observation.h"
#include "engine/session/progress.h"
#include "engine/session/rehearsal.h"

namespace grapevine {

/// Where a stepper puts what it saw during a call. Only valid during that call.
struct Report {
  std::vector<Sample> samples;  ///< `seconds` is filled in by the session
  std::vector<Event> events;
  bool new_best = false;  ///< a racer's state is its best so far: a checkpoint of it is to be kept
};

/// One racer's network as a drawing of it needs it.
struct NetworkSketch {
  std::vector<std::string> segments;        ///< "linear 784→512, relu", one per segment
  std::vector<std::int64_t> features;       ///< n_l at each segment's end; the last are the classes
  std::int64_t inputs = 0;                  ///< features of the input
  std::vector<std::pair<int, int>> blocks;  ///< segments, from 1, that a residual path goes around
};

/// What applies to a racer from its first step on, so that a later version with other defaults computes the
/// same numbers when the run is resumed.
struct Beginning {
  /// schedule.warmup as version 0.1.0 had it: the schedule's clock continues while the rate rises.
  bool rise_within_schedule = false;
  std::int64_t probe_every = -1;      ///< steps, as `auto` was resolved; 0 = off, -1 = not known
  std::vector<std::string> measures;  ///< those of probe.measures when it names none; empty = not known
};

/// Known once the networks are ready.
struct RaceInfo {
  std::int64_t steps_per_epoch = 0;
  std::int64_t total_steps = 0;  ///< epochs × steps_per_epoch, or train.max_steps if that is less
  int feedback_points = 0;
  std::vector<std::string> segment_names;  ///< "linear 784→512, relu", one per segment
  std::vector<NetworkSketch> networks;     ///< one per racer, in their order
  std::string device;                      ///< "cpu", "cuda:0"
  int threads = 1;                         ///< as resolved
  std::vector<std::string> notes;     ///< for people: "20,000 of 50,000: a slice", "probe every 40 steps"
  std::string library;                ///< "LibTorch 1.13.1"
  std::vector<Beginning> beginnings;  ///< one per racer: what a resumed run is to keep
  std::string data_digest;            ///< SHA-256 of the data in use (data/data_digest.h), hexadecimal
};

class Stepper {
 public:
  virtual ~Stepper() = default;

  /// Before prepare(), of a run that is resumed: how it began, one per racer.
  virtual void keep(const std::vector<Beginning>&) {}
  /// Loads the data and builds the networks; `hooks` where that takes long. Throws InputError, RunError or
  /// WorkStopped.
  virtual RaceInfo prepare(const WorkHooks& hooks = {}) = 0;
  /// Continues from a checkpoint; called after prepare(), before the first step.
  virtual void restore(const CheckpointSet& set) = 0;
  /// What can be measured before the first step (the probe at step 0).
  virtual void begin(Report& report) = 0;
  /// One training step of every racer, with the evaluation at an epoch's end. Throws RunError when a loss
  /// is not finite; what was reported until then stays in `report`. Returns false when it was the last
  /// one.
  virtual bool step(Report& report) = 0;
  /// Brings into `report` the steps' results that are not reported yet: a GPU is read every few steps. Before
  /// a checkpoint, and where it is inspected. Throws RunError as step() does. What comes together has one
  /// time.
  virtual void settle(Report&) {}
  virtual std::int64_t step_count() const = 0;
  virtual double epoch() const = 0;  ///< fractional epochs done
  virtual CheckpointSet checkpoint() const = 0;
  /// Throws InputError for a setting that can't change live. `racer` -1 = all whose rule has it.
  virtual void set(int racer, std::string_view key, std::string_view value) = 0;
  /// Throws InputError, in one sentence, for a change that could be carried out at no step of this run.
  virtual void check(const LiveChange&) const {}
  /// A lesion, or freezing a layer's feedback. Throws InputError where no racer has what it changes.
  virtual void intervene(const LiveChange&, Report&) {
    throw InputError("there is no feedback to change in this run");
  }
  /// As it was at checkpoint(), earlier in this run and at the same step.
  virtual void put_back(const CheckpointSet& set) { restore(set); }
  /// Bytes of a checkpoint(); 0 = next to nothing.
  virtual std::int64_t checkpoint_size() const { return 0; }
  /// One calibration now; throws InputError where no racer's rule calibrates.
  virtual void calibrate(int racer, std::string_view cause, Report& report) = 0;

  // To look without touching: nothing of the run is different afterwards. Both throw WorkStopped where
  // `interrupt` says so.
  /// A layer's inside, one per racer asked for. `at_rest`: the run waits, and what takes long may be
  /// computed.
  virtual InspectionSet inspect(const InspectionRequest&, bool /*at_rest*/,
                                const std::function<bool()>& /*interrupt*/) {
    return {};
  }
  /// The next step as it would be made.
  virtual Rehearsal rehearse(const RehearsalRequest&, const std::function<bool()>& /*interrupt*/) {
    return {};
  }
};

using StepperFactory = std::function<std::unique_ptr<Stepper>(const std::vector<Experiment>& racers)>;

}  // namespace grapevine
