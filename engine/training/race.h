// Several trainers in lockstep on the same batches: the Stepper that a Session drives for real. A single run
// is a race of one. A racer whose loss leaves the numbers drops out; the race ends when none is left. Worker
// thread only.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "engine/batches/batches.h"
#include "engine/session/stepper.h"
#include "engine/training/trainer.h"

namespace grapevine {

class Race : public Stepper {
 public:
  explicit Race(std::vector<Experiment> racers) : experiments_(std::move(racers)) {}

  void keep(const std::vector<Beginning>& beginnings) override { kept_ = beginnings; }
  RaceInfo prepare(const WorkHooks& hooks = {}) override;
  void restore(const CheckpointSet& set) override;
  void begin(Report& report) override;
  bool step(Report& report) override;
  std::int64_t step_count() const override { return step_; }
  double epoch() const override;
  /// On a GPU a racer's time includes work of others that it waits for: only the race's sum is exact there.
  void settle(Report& report) override;
  CheckpointSet checkpoint() const override;
  void set(int racer, std::string_view key, std::string_view value) override;
  void calibrate(int racer, std::string_view cause, Report& report) override;

  Trainer& trainer(int racer) { return *trainers_[static_cast<std::size_t>(racer)]; }
  Batches& batches() { return *batches_; }

 private:
  RaceInfo set_up(const WorkHooks& hooks);
  template <class Work>
  void for_the_living(Report& report, Work work);
  template <class Work>
  void train(std::size_t racer, Work work);

  std::vector<Experiment> experiments_;
  std::unique_ptr<Batches> batches_;
  std::vector<std::unique_ptr<Trainer>> trainers_;
  std::vector<Beginning> kept_;        ///< of a run that is resumed, one a racer
  std::vector<double> epoch_seconds_;  ///< each racer's own training, in this epoch so far
  std::vector<bool> fallen_;
  std::int64_t step_ = 0, steps_per_epoch_ = 0, total_steps_ = 0;
};

}  // namespace grapevine
