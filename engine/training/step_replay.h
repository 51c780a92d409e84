// Training steps from a recording (setting gpu_graphs): a step's forward pass, error and learning are
// recorded once and replayed at the steps after it, with that step's batch and draws. A recording is only
// trusted after two steps of this very run were computed both ways and gave the same numbers, and only used
// where its replay is the faster. Worker thread only.
#pragma once

#include <ATen/ATen.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "engine/batches/batches.h"
#include "engine/nn/recorder.h"
#include "engine/random/replayed_keys.h"
#include "engine/rules/rule.h"

namespace grapevine {

class StepReplay {
 public:
  /// Gives the device all operations of a step up to its gradients.
  using Compute = std::function<void(const Batch& batch, Draws& draws)>;
  /// All that a step changes, gradients and the rule's state; the same tensors at every step.
  using State = std::function<NamedTensors()>;

  /// `synchronise` waits for the device, to time both ways at the trial; without it nothing is timed.
  StepReplay(std::unique_ptr<Recorder> recorder, std::int64_t seed, at::Device device, Compute compute,
             State state, std::function<void()> synchronise);

  /// A step, one way or the other. A recording needs the memory that a computed step left just before, so
  /// the first after another batch size or after forget() is always computed.
  void step(const Batch& batch, std::int64_t step);
  /// Before anything but a step uses what a step uses: its memory may move.
  void forget();
  /// Once, when the trial is over: its outcome, for people; else empty.
  std::string take_outcome() { return std::exchange(outcome_, {}); }
  /// Is it decided that steps are replayed?
  bool refused() const { return stage_ == Stage::refused; }
  bool trusted() const { return stage_ == Stage::trusted; }
  std::int64_t replays() const { return replays_; }

 private:
  /// Steps for which a recording must be used before it pays off: two or three steps' time.
  static constexpr std::int64_t long_enough = 8;
  enum class Stage { first_trial, second_trial, trusted, refused };
  bool worth_recording() const;
  void record(std::int64_t step);
  void replay(std::int64_t step);
  void try_out(const Batch& batch, std::int64_t step);
  void refuse(const std::string& why);
  bool fits(const Batch& batch) const;
  double seconds_of(const std::function<void()>& work) const;

  std::unique_ptr<Recorder> recorder_;
  std::int64_t seed_;
  Compute compute_;
  State state_;
  std::function<void()> synchronise_;
  ReplayedKeys keys_;
  Batch inputs_;  ///< where the recording reads its batch
  bool recorded_ = false;
  std::int64_t stretch_ = 0;                 ///< steps since memory may last have moved
  std::int64_t last_stretch_ = long_enough;  ///< and between the times before: the longest, fading
  std::int64_t steps_on_trial_ = 0;
  Stage stage_ = Stage::first_trial;
  std::int64_t replays_ = 0;
  std::string outcome_;
};

}  // namespace grapevine
