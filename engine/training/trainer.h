// One racer: a network and its rule, one training step at a time; what is done and seen next to the step is
// left to classes of its own. Worker thread only.
#pragma once

#include <ATen/ATen.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "engine/batches/batches.h"
#include "engine/experiment/experiment.h"
#include "engine/nn/judgement.h"
#include "engine/rules/rule.h"
#include "engine/session/stepper.h"
#include "engine/training/best_so_far.h"
#include "engine/training/calibration_step.h"
#include "engine/training/evaluation.h"
#include "engine/training/feedback_changes.h"
#include "engine/training/looking.h"
#include "engine/training/measuring.h"
#include "engine/training/racer_parts.h"
#include "engine/training/step_losses.h"
#include "engine/training/step_replay.h"
#include "engine/training/step_tapes.h"
#include "engine/training/weight_update.h"

namespace grapevine {

class Trainer {
 public:
  /// `tapes`: of a network of the same layers and input; nullptr = its own.
  Trainer(int racer, const Experiment& experiment, const NetworkSpec& spec, const at::TensorOptions& options,
          std::shared_ptr<StepTapes> tapes = nullptr);
  Trainer(const Trainer&) = delete;
  Trainer& operator=(const Trainer&) = delete;

  /// Before the first step: how the run that this belongs to began.
  void keep(const Beginning& beginning);
  /// What a later part of this run is to keep.
  Beginning beginning() const;

  /// One step on a batch: forward, rule, clip, optimizer. Throws RunError when the loss is not finite,
  /// on a GPU some steps later.
  void step(const Batch& batch, std::int64_t step, std::int64_t steps_per_epoch, Report& report);
  /// Brings what the steps found out so far into `report`; a GPU's losses stand unread for a few steps.
  /// Throws RunError when one is not finite.
  void settle(Report& report) { losses_.settle(report); }
  /// How many steps' losses may stand unread (tests).
  void read_every(std::int64_t steps) { losses_.set_capacity(steps); }
  /// After the step: calibration if due, probe if due.
  void after_step(Batches& batches, std::int64_t step, std::int64_t steps_per_epoch, Report& report);
  /// Test (and validation) at the end of epoch `index` (from 0, of the run's own), and the means of the
  /// training epoch, which took `seconds`.
  void end_epoch(Batches& batches, std::int64_t index, std::int64_t step, double at, double seconds,
                 Report& report);
  /// Seconds that went into probes since the last call: they are not training.
  double take_probe_seconds() { return measuring_.take_seconds(); }
  /// Where its parameters are from, with the sum of the file; "" where they were drawn.
  const std::string& start_note() const { return start_note_; }
  /// What it watches (train.monitor), up to the last finished epoch.
  const BestSoFar& best() const { return best_; }
  void probe(Batches& batches, std::int64_t step, double epoch, Report& report);
  /// The part of a probe that only what step() left behind can give; directly after it.
  void probe_traces(std::int64_t step, double epoch, Report& report) {
    measuring_.probe_traces(step, epoch, report);
  }
  void calibrate(Batches& batches, std::int64_t step, double epoch, const std::string& cause, Report& report);

  /// Why a lesion, or freezing, could be carried out at no step: a clause that begins with the rule's name;
  /// "" where it could.
  std::string refusal(const LiveChange& change) const { return feedback_changes_.refusal(change); }
  /// Carries it out and reports it. Throws InputError where it has no effect on the present feedback.
  void intervene(const LiveChange& change, Batches& batches, std::int64_t step, double epoch, Report& report);
  /// A layer's inside on the probe's batch; `at_rest`: J̄ of many classes may be computed. Step and epoch are
  /// left to the race.
  Inspection inspect(Batches& batches, int point, bool at_rest);
  /// Step `step` on `batch` as it would be made, phase by phase; everything is put back afterwards.
  Rehearsal rehearse(const Batch& batch, std::int64_t step, std::int64_t steps_per_epoch,
                     const RehearsalRequest& request);

  /// Asked often in all long work but a step itself; where it says yes, that work throws WorkStopped and
  /// leaves the state as it was, as if it had not been begun.
  void hear_stop(std::function<bool()> stop) { stop_ = std::move(stop); }
  /// after_step() was cut and is called again, here or after load(): is its calibration done already?
  bool calibrated_at(std::int64_t step) const { return calibration_.done_at(step); }
  void note_calibrated(std::int64_t step) { calibration_.note_done(step); }

  /// Replays steps from recordings where that gives the same numbers; `synchronise`: and is the faster
  /// (StepReplay).
  void use_recorder(std::unique_ptr<Recorder> recorder, std::function<void()> synchronise);
  const StepReplay* replay() const { return replay_.get(); }

  bool calibrates() const { return calibration_.possible(); }
  /// Throws InputError where there are too few training samples for the calibration asked for.
  void check_calibration(const Batches& batches) const { calibration_.check(batches); }
  /// A live setting, already validated and stored in `experiment()`.
  void set(std::string_view key, const Value& value);
  const Experiment& experiment() const { return experiment_; }
  Network& network() { return network_; }
  Rule& rule() { return *rule_; }
  std::int64_t probe_every() const { return measuring_.plan().every; }
  /// The run's last step is measured too, whatever the cadence.
  void set_last_step(std::int64_t step) { measuring_.set_last_step(step); }
  /// Seconds of one probe on a batch (repeated to the probe's size), after one to warm up; for the bench.
  double time_probe(const Batch& batch);
  void set_clock(PartClock* clock) { clock_ = clock; }

  void save(Checkpoint& checkpoint) const;
  void load(const Checkpoint& checkpoint);
  std::int64_t checkpoint_size() const;  ///< bytes, of its arrays

 private:
  RacerParts parts();
  NamedTensors tensors() const;
  ProbePlan probe_plan() const;
  void run_forward(const Batch& batch, Draws& draws);
  void learn(const Batch& batch, Draws& draws);
  Lesson lesson(const Batch& batch, const Pass& pass);
  void note_loss(const Batch& batch, std::int64_t step, double epoch, Report& report);
  void update(double epoch, std::int64_t step, std::int64_t steps_per_epoch, Report& report);
  void step_with_replay(const Batch& batch, std::int64_t step, double epoch, Report& report);
  void forget_recording();
  void tell_lost_losses(const EpochNumbers& numbers, std::int64_t step, double at, Report& report) const;
  void look_at_best(std::int64_t step, Report& report);

  Experiment experiment_;
  std::int64_t seed_;
  RacerReports reports_;
  Network network_;
  std::string start_note_;
  std::unique_ptr<Rule> rule_;
  std::shared_ptr<StepTapes> tapes_;
  Judgement judgement_;
  ParameterBuffer gradients_;
  StepLosses losses_;
  WeightUpdate update_;
  Measuring measuring_;
  CalibrationStep calibration_;
  FeedbackChanges feedback_changes_;
  Looking looking_;
  std::unique_ptr<StepReplay> replay_;  ///< nullptr: every step is computed

  std::function<bool()> stop_;
  PartClock* clock_ = nullptr;
  BestSoFar best_;
  bool keeps_best_ = false;  ///< a checkpoint of it
  Beginning kept_;           ///< as it was kept; empty for a run that began here
};

}  // namespace grapevine
