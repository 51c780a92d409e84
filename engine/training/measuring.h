// A racer's probes, on a batch of their own: when they are due, which measures they take, what they leave for
// later ones. What belongs to no step is computed on tapes and gradients of its own. Worker thread only.
#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/batches/batches.h"
#include "engine/nn/judgement.h"
#include "engine/probes/probe.h"
#include "engine/session/stepper.h"
#include "engine/training/racer_parts.h"

namespace grapevine {

/// Which measures, how often, on how many samples.
struct ProbePlan {
  std::set<std::string> measures;
  std::int64_t every = 0;  ///< steps; 0 = never
  std::int64_t batch = 0;

  /// What is asked for; else what the run began with; else the defaults of this version.
  static ProbePlan of(const Experiment& experiment, const Beginning& kept, Rule& rule,
                      const NetworkCost& cost);
};

class Measuring {
 public:
  explicit Measuring(const RacerParts& racer) : racer_(racer), probe_(std::set<std::string>{}) {}

  /// Before all else, and where the settings change. The batch stays what it was when it was first needed.
  void follow(ProbePlan plan);
  const ProbePlan& plan() const { return plan_; }
  /// The run's last step is measured too, whatever the cadence.
  void set_last_step(std::int64_t step) { last_step_ = step; }
  bool measures_at(std::int64_t step) const {
    return plan_.every > 0 && (step % plan_.every == 0 || step == last_step_);
  }

  // What a step has to leave for its probe.
  bool needs_traces_at(std::int64_t step) const { return needs_traces_ && measures_at(step); }
  bool needs_moved_at(std::int64_t step) const { return needs_moved_ && measures_at(step); }
  void note_moved(const at::Tensor& before, const at::Tensor& after);

  void probe(Batches& batches, std::int64_t step, double epoch, PartClock* clock, Report& report);
  /// What the traces of step `step` alone tell, directly after it. They can't be had again, and the rest of a
  /// probe can: this part is never cut, and done once.
  void probe_traces(std::int64_t step, double epoch, Report& report);

  // On the probe's batch, and in nobody's report.
  Measured measure(const Probe& probe, Batches& batches);
  /// ĉ_l, by forward passes alone; positive where the signals point BP's way. Empty for rules without B.
  std::vector<double> alignment(Batches& batches, std::int64_t step);
  at::Tensor mean_jacobian(Batches& batches, int point);
  /// The network after its forward pass, and gradients to write to; until the next call to this object.
  Lesson lesson(Batches& batches);

  /// Seconds of one probe on a batch (repeated to the probe's size), after some to warm up; for the bench.
  double time_probe(const Batch& batch);
  /// Seconds that went into probes since the last call: they are not training.
  double take_seconds() { return std::exchange(seconds_, 0); }

  // What probes leave for later ones, in a checkpoint.
  void save(std::map<std::string, double>& numbers) const;
  void load(const std::map<std::string, double>& numbers);
  void forget_past() { past_.numbers.clear(); }

 private:
  void prepare_batch(Batches& batches);
  void make_gradients();
  Lesson last_lesson();
  Lesson run_forward();
  void take(const Probe& probe, Measured& out, ProbePast* past);

  RacerParts racer_;
  ProbePlan plan_;
  Probe probe_;
  std::int64_t last_step_ = -1;
  bool needs_traces_ = false, needs_moved_ = false;  ///< of the measures
  ProbePast past_;
  Batch batch_;
  Judgement judgement_;
  ParameterBuffer gradients_, exact_gradients_;  ///< made when they are first needed
  double seconds_ = 0;
};

}  // namespace grapevine
