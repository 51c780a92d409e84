// One racer: a network, its rule, its optimizer, calibration and probe; one training step at a time.
// Worker thread only.
#pragma once

#include <ATen/ATen.h>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/batches/batches.h"
#include "engine/calibration/calibration.h"
#include "engine/experiment/experiment.h"
#include "engine/nn/judgement.h"
#include "engine/optim/optimizer.h"
#include "engine/optim/schedule.h"
#include "engine/probes/probe.h"
#include "engine/rules/rule.h"
#include "engine/session/stepper.h"
#include "engine/training/best_so_far.h"
#include "engine/training/evaluation.h"
#include "engine/training/step_replay.h"
#include "engine/training/tally.h"

namespace grapevine {

/// What the layers of one network leave between their maps, which is most of what a run needs of memory. The
/// racers of a race step one after the other, so that those with the same layers share it.
struct StepTapes {
  NetworkTape training, probe;
  const void* owner = nullptr;  ///< whose forward pass `training` holds
  std::int64_t step = 0;        ///< and of which step
};

/// What a trainer reads of its experiment at every step.
struct TrainerSettings {
  std::int64_t seed = 0;
  OptimizerSettings optimizer;
  ScheduleSettings schedule;
  TrainSettings train;
  CalibrationSettings calibration;
  ProbeSettings probe;
  static TrainerSettings of(const Experiment& experiment);
};

class Trainer {
 public:
  /// `tapes`: of a network of the same layers and input; nullptr = its own.
  Trainer(int racer, const Experiment& experiment, const NetworkSpec& spec, const at::TensorOptions& options,
          std::shared_ptr<StepTapes> tapes = nullptr);

  /// Before the first step: how the run that this belongs to began.
  void keep(const Beginning& beginning);
  /// What a later part of this run is to keep.
  Beginning beginning() const;

  /// One step on a batch: forward, rule, clip, optimizer. Throws RunError when the loss is not finite,
  /// on a GPU some steps later.
  void step(const Batch& batch, std::int64_t step, std::int64_t steps_per_epoch, Report& report);
  /// Brings what the steps found out so far into `report`; a GPU's losses stand unread for a few steps.
  /// Throws RunError when one is not finite.
  void settle(Report& report);
  /// How many steps' losses may stand unread (tests).
  void read_every(std::int64_t steps) { tally_.set_capacity(steps); }
  /// After the step: calibration if due, probe if due.
  void after_step(Batches& batches, std::int64_t step, std::int64_t steps_per_epoch, Report& report);
  /// Test (and validation) at the end of epoch `index` (from 0, of the run's own), and the means of the
  /// training epoch, which took `seconds`.
  void end_epoch(Batches& batches, std::int64_t index, std::int64_t step, double at, double seconds,
                 Report& report);
  /// Seconds that went into probes since the last call: they are not training.
  double take_probe_seconds() { return std::exchange(probe_seconds_, 0); }
  /// Where its parameters are from, with the sum of the file; "" where they were drawn.
  const std::string& start_note() const { return start_note_; }
  /// What it watches (train.monitor), up to the last finished epoch.
  const BestSoFar& best() const { return best_; }
  void probe(Batches& batches, std::int64_t step, double epoch, Report& report);
  /// The part of a probe that only what step() left behind can give; directly after it.
  void probe_traces(std::int64_t step, double epoch, Report& report);
  void calibrate(Batches& batches, std::int64_t step, double epoch, const std::string& cause, Report& report);

  // Interventions (trainer_interventions.cpp).
  /// Why a lesion, or freezing, could be carried out at no step: a clause that begins with the rule's name;
  /// "" where it could.
  std::string refusal(const LiveChange& change) const;
  /// Carries it out and reports it. Throws InputError where it has no effect on the present feedback.
  void intervene(const LiveChange& change, Batches& batches, std::int64_t step, double epoch, Report& report);
  // trainer_looking.cpp
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
  bool calibrated_at(std::int64_t step) const { return calibrated_at_ == step; }
  void note_calibrated(std::int64_t step) { calibrated_at_ = step; }

  /// Replays steps from recordings where that gives the same numbers; `synchronise`: and is the faster
  /// (StepReplay).
  void use_recorder(std::unique_ptr<Recorder> recorder, std::function<void()> synchronise);
  const StepReplay* replay() const { return replay_.get(); }

  bool calibrates() const { return calibrates_; }
  /// Throws InputError where there are too few training samples for the calibration asked for.
  void check_calibration(const Batches& batches) const;
  /// A live setting, already validated and stored in `experiment()`.
  void set(std::string_view key, const Value& value);
  Experiment& experiment() { return experiment_; }
  const Experiment& experiment() const { return experiment_; }
  Network& network() { return network_; }
  Rule& rule() { return *rule_; }
  std::int64_t probe_every() const { return probe_every_; }
  /// The run's last step is measured too, whatever the cadence.
  void set_last_step(std::int64_t step) { last_step_ = step; }
  /// Seconds of one probe on a batch (repeated to the probe's size), after one to warm up; for the bench.
  double time_probe(const Batch& batch);
  void set_clock(PartClock* clock) { clock_ = clock; }

  void save(Checkpoint& checkpoint) const;
  void load(const Checkpoint& checkpoint);
  std::int64_t checkpoint_size() const;  ///< bytes, of its arrays

 private:
  void lesion(const LiveChange& change, Batches& batches, std::int64_t step);
  at::Tensor mean_jacobian(Batches& batches, int point);
  void tell_lost_losses(const EpochNumbers& numbers, std::int64_t step, double at, Report& report) const;
  void watch(const EpochNumbers& numbers, std::int64_t index);
  std::set<std::string> measures() const;
  NamedTensors tensors() const;
  void run_forward(const Batch& batch, Draws& draws);
  void learn(const Batch& batch, Draws& draws);
  void look_at_best(std::int64_t step, Report& report);
  void note_loss(const Batch& batch, std::int64_t step, double epoch, Report& report);
  void update(double epoch, std::int64_t step, std::int64_t steps_per_epoch, Report& report);
  void step_with_replay(const Batch& batch, std::int64_t step, double epoch, Report& report);
  void forget_recording();
  Lesson lesson(const Batch& batch, const Pass& pass);
  void check_loss(double loss, std::int64_t step) const;
  void prepare_probe_batch(Batches& batches);
  void make_probe_gradients();
  double learning_rate(std::int64_t step, std::int64_t steps_per_epoch) const;
  std::vector<double> alignment_now(Batches& batches, std::int64_t step);
  void run_probe(const Probe& probe, Batches& batches, Measured& out, ProbePast* past = nullptr);
  void calibrate_if_due(Batches& batches, std::int64_t step, std::int64_t steps_per_epoch, double epoch,
                        Report& report);
  void measure_probe_batch(const Probe& probe, Measured& out, ProbePast* past = nullptr);
  void emit(Report& report, const std::string& measure, int point, std::int64_t step, double epoch,
            double value) const;
  void resolve_probe();

  int racer_;
  Experiment experiment_;
  TrainerSettings settings_;  ///< as it stands in experiment_
  Network network_;
  std::unique_ptr<Rule> rule_;
  std::unique_ptr<Optimizer> optimizer_;
  std::unique_ptr<Calibration> calibration_;
  bool calibrates_ = false;
  std::unique_ptr<Probe> probe_;
  bool measures_at(std::int64_t step) const {
    return probe_every_ > 0 && (step % probe_every_ == 0 || step == last_step_);
  }
  std::int64_t probe_every_ = 0, last_step_ = -1;
  bool needs_traces_ = false, needs_moved_ = false;  ///< of the measures
  ProbePast past_;
  Batch probe_batch_;
  std::function<bool()> stop_;
  std::int64_t calibrated_at_ = 0;  ///< the last step whose calibration, if there was one, is done
  PartClock* clock_ = nullptr;

  std::shared_ptr<StepTapes> tapes_;
  std::unique_ptr<StepReplay> replay_;  ///< nullptr: every step is computed
  ParameterBuffer gradients_, probe_gradients_, exact_gradients_;
  Judgement judgement_, probe_judgement_;
  StepTally tally_;
  double epoch_loss_ = 0, epoch_correct_ = 0, epoch_count_ = 0;  ///< sums over the epoch so far
  double last_rate_ = -1, probe_seconds_ = 0;
  std::int64_t origin_ = 0;  ///< the step from which the schedule counts
  Plateau plateau_;
  BestSoFar best_;
  std::string start_note_;
  bool keeps_best_ = false;  ///< a checkpoint of it
  Beginning kept_;           ///< as it was kept; empty for a run that began here
};

}  // namespace grapevine
