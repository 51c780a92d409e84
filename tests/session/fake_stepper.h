// A stepper that needs no engine: its numbers follow from step, racer and layer alone, and it can wait, fail
// and remember what it was asked for.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "engine/error.h"
#include "engine/experiment/registry.h"
#include "engine/session/stepper.h"

namespace grapevine {

struct FakeWorld {
  std::int64_t total_steps = 200;
  std::int64_t steps_per_epoch = 100;
  int layers = 3;
  std::chrono::microseconds a_step{0};
  std::int64_t fail_at = -1;
  bool fail_to_prepare = false;
  std::int64_t best_at = -1;                        ///< the step at which every racer is at its best
  std::string data_digest;                          ///< of the data that it loads
  double restored_seconds = -1;                     ///< of training, in the state that it began with
  std::vector<Beginning> kept;                      ///< what a resumed run was to keep
  std::function<void(const WorkHooks&)> long_work;  ///< a part of prepare()
  std::atomic<int> made{0};
  std::atomic<int> calibrations{0};

  void heard(int racer, std::string_view key, std::string_view value) {
    std::lock_guard lock(mutex);
    settings.emplace_back(std::to_string(racer) + ":" + std::string(key) + "=" + std::string(value));
  }
  std::vector<std::string> heard_settings() {
    std::lock_guard lock(mutex);
    return settings;
  }

 private:
  std::mutex mutex;
  std::vector<std::string> settings;
};

class FakeStepper : public Stepper {
 public:
  FakeStepper(std::shared_ptr<FakeWorld> world, std::size_t racers)
      : world_(std::move(world)), racers_(racers) {
    ++world_->made;
  }

  /// What racer `racer` measures as cos_b_j in layer `point` (from 1) at a step.
  static double cosine(std::int64_t step, std::size_t racer, int point) {
    return static_cast<double>(step) / static_cast<double>(step + 50 * (point + static_cast<int>(racer)));
  }
  static double loss(std::int64_t step, std::size_t racer) {
    return 2.3 / (1.0 + 0.01 * static_cast<double>(step) * static_cast<double>(racer + 1));
  }

  void keep(const std::vector<Beginning>& beginnings) override { world_->kept = beginnings; }
  RaceInfo prepare(const WorkHooks& hooks) override {
    if (world_->long_work) world_->long_work(hooks);
    if (world_->fail_to_prepare) throw InputError("the data set is not there: install it");
    RaceInfo info;
    info.steps_per_epoch = world_->steps_per_epoch;
    info.total_steps = world_->total_steps;
    info.feedback_points = world_->layers;
    info.device = "cpu";
    info.threads = 2;
    info.library = "none";
    info.data_digest = world_->data_digest;
    info.beginnings.assign(racers_, {false, 10, {"cos_b_j"}});
    return info;
  }
  void restore(const CheckpointSet& set) override {
    if (set.racers.empty()) return;
    step_ = set.racers.front().step;
    world_->restored_seconds = set.racers.front().seconds;
    origin_ = origin_step(set.racers.front());
  }
  void begin(Report& report) override { probe(report); }
  bool step(Report& report) override {
    if (world_->a_step.count() > 0) std::this_thread::sleep_for(world_->a_step);
    ++step_;
    if (step_ == world_->fail_at)
      throw RunError("the loss is not a number or infinite (NaN/Inf) at step " + std::to_string(step_) +
                     ", first in segment 2");
    for (std::size_t r = 0; r < racers_; ++r) add(report, r, "train_loss", 0, loss(step_, r));
    report.new_best = step_ == world_->best_at;
    if (step_ % 10 == 0) probe(report);
    if (step_ % world_->steps_per_epoch == 0)
      for (std::size_t r = 0; r < racers_; ++r)
        add(report, r, "test_accuracy", 0, 0.8 + 0.01 * static_cast<double>(r));
    return step_ < origin_ + world_->total_steps;
  }
  std::int64_t step_count() const override { return step_; }
  double epoch() const override {
    return static_cast<double>(step_) / static_cast<double>(world_->steps_per_epoch);
  }
  CheckpointSet checkpoint() const override {
    CheckpointSet set;
    for (std::size_t r = 0; r < racers_; ++r) {
      Checkpoint racer;
      racer.step = step_;
      racer.epoch = epoch();
      racer.best = step_ == world_->best_at;
      if (origin_ > 0) racer.numbers[origin_number] = static_cast<double>(origin_);
      set.racers.push_back(racer);
    }
    return set;
  }
  void set(int racer, std::string_view key, std::string_view value) override {
    if (key == "train.batch") throw InputError("train.batch can't change while a run is in progress");
    world_->heard(racer, key, value);
  }
  void intervene(const LiveChange& change, Report& report) override {
    for (std::size_t r = 0; r < racers_; ++r) {
      if (change.racer >= 0 && static_cast<std::size_t>(change.racer) != r) continue;
      Event event;
      event.racer = static_cast<std::uint16_t>(r);
      event.step = step_;
      event.epoch = epoch();
      event.kind = change.kind == LiveChange::Kind::lesion ? EventKind::lesion : EventKind::freeze;
      event.cause = words_of(change);
      report.events.push_back(event);
    }
  }
  /// A 2 by 2 matrix of its step; of layers that there are.
  InspectionSet inspect(const InspectionRequest& request, bool, const std::function<bool()>&) override {
    InspectionSet all;
    for (std::size_t r = 0; r < racers_; ++r) {
      const bool asked = request.racers.empty() || std::find(request.racers.begin(), request.racers.end(),
                                                             static_cast<int>(r)) != request.racers.end();
      if (!asked) continue;
      Inspection found;
      found.racer = static_cast<int>(r);
      found.point = request.point;
      found.step = step_;
      found.classes = found.features = 2;
      if (request.point > world_->layers)
        found.trouble = "this network's feedback points are 1 to " + std::to_string(world_->layers);
      found.feedback = {2, 2, {static_cast<float>(step_), 1, 1, 0}};
      all.push_back(std::move(found));
    }
    return all;
  }
  void calibrate(int racer, std::string_view cause, Report& report) override {
    ++world_->calibrations;
    for (std::size_t r = 0; r < racers_; ++r) {
      if (racer >= 0 && static_cast<std::size_t>(racer) != r) continue;
      Event event;
      event.racer = static_cast<std::uint16_t>(r);
      event.step = step_;
      event.epoch = epoch();
      event.kind = EventKind::calibration;
      event.cause = std::string(cause);
      report.events.push_back(event);
    }
  }

 private:
  void add(Report& report, std::size_t racer, const char* measure, int point, double value) const {
    Sample sample;
    sample.racer = static_cast<std::uint16_t>(racer);
    sample.measure = static_cast<std::uint16_t>(measure_index(measure));
    sample.point = static_cast<std::uint16_t>(point);
    sample.step = step_;
    sample.epoch = epoch();
    sample.value = value;
    report.samples.push_back(sample);
  }
  void probe(Report& report) const {
    for (std::size_t r = 0; r < racers_; ++r)
      for (int point = 1; point <= world_->layers; ++point)
        add(report, r, "cos_b_j", point, cosine(step_, r, point));
  }

  std::shared_ptr<FakeWorld> world_;
  std::size_t racers_;
  std::int64_t step_ = 0, origin_ = 0;
};

inline StepperFactory fake_factory(std::shared_ptr<FakeWorld> world) {
  return [world](const std::vector<Experiment>& racers) -> std::unique_ptr<Stepper> {
    return std::make_unique<FakeStepper>(world, racers.size());
  };
}

}  // namespace grapevine
