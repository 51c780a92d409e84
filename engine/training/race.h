// Several trainers in lockstep on the same batches: the Stepper that a Session drives for real. A single run
// is a race of one. A racer whose loss is not finite stops; the race ends when none is left. Worker
// thread only.
#pragma once

#include <functional>
#include <map>
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
  void check(const LiveChange& change) const override;
  void intervene(const LiveChange& change, Report& report) override;
  void put_back(const CheckpointSet& set) override;
  std::int64_t checkpoint_size() const override;
  void calibrate(int racer, std::string_view cause, Report& report) override;

  InspectionSet inspect(const InspectionRequest& request, bool at_rest,
                        const std::function<bool()>& interrupt) override;
  Rehearsal rehearse(const RehearsalRequest& request, const std::function<bool()>& interrupt) override;

  Trainer& trainer(int racer) { return *trainers_[static_cast<std::size_t>(racer)]; }
  Batches& batches() { return *batches_; }

 private:
  RaceInfo set_up(const WorkHooks& hooks);
  void load(const CheckpointSet& set);
  std::vector<std::size_t> meant(int racer) const;
  bool nobody_is_left() const;
  void note_data(std::map<std::string, double>& numbers) const;
  void end_early(std::size_t racer, Report& report);
  template <class Work>
  void for_each_active(Report& report, Work work);
  /// What was to be done after a step, and was cut by a stop: done before anything else, also after
  /// restore().
  struct Due {
    bool begin = false, after_step = false, end_epoch = false;
    bool any() const { return begin || after_step || end_epoch; }
  };
  bool catch_up(Report& report);
  bool anything_due() const;
  static void save_due(const Due& due, bool calibrated, std::map<std::string, double>& numbers);
  template <class Work>
  void unless_stopped(bool& due, Work work);
  template <class Work>
  void train(std::size_t racer, Work work);

  std::vector<Experiment> experiments_;
  std::unique_ptr<Batches> batches_;
  std::vector<std::unique_ptr<Trainer>> trainers_;
  std::vector<Beginning> kept_;        ///< of a run that is resumed, one per racer
  std::vector<double> epoch_seconds_;  ///< each racer's own training, in this epoch so far
  std::vector<bool> failed_;
  std::vector<bool> done_;  ///< by their own patience, before the others
  std::vector<Due> due_;
  std::function<bool()> stop_;
  bool stopped_ = false;  ///< the present call does no more long work
  std::int64_t step_ = 0, steps_per_epoch_ = 0, total_steps_ = 0;
  std::int64_t origin_ = 0;  ///< the step of another run's checkpoint at which this one began
};

}  // namespace grapevine
