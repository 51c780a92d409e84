// Steps that a device records once and replays.
#include <functional>
#include <utility>

#include "engine/nn/device.h"
#include "engine/training/trainer.h"

namespace grapevine {

void Trainer::use_recorder(std::unique_ptr<Recorder> recorder, std::function<void()> synchronise) {
  tapes_ = std::make_shared<StepTapes>();  // another racer's step would move what the recording reads
  const auto compute = [this](const Batch& batch, Draws& draws) {
    // Parts of a recording can't be timed.
    PartClock* const clock = ReplayedKeys::recording() ? std::exchange(clock_, nullptr) : clock_;
    try {
      run_forward(batch, draws);
      learn(batch, draws);
    } catch (...) {
      clock_ = clock;
      throw;
    }
    clock_ = clock;
  };
  const auto state = [this] {
    NamedTensors all = tensors();
    all.emplace_back("gradients", gradients_.flat());
    return all;
  };
  replay_ = std::make_unique<StepReplay>(std::move(recorder), seed_, network_.options().device(), compute,
                                         state, std::move(synchronise));
}

void Trainer::step_with_replay(const Batch& batch, std::int64_t step, double epoch, Report& report) {
  replay_->step(batch, step);
  tapes_->keep(network_, step);
  lap(clock_, Part::adjoint);
  note_loss(batch, step, epoch, report);
  const std::string outcome = replay_->take_outcome();
  if (outcome.empty()) return;
  const EventKind kind = replay_->trusted() ? EventKind::replay : EventKind::warning;
  report.events.push_back(reports_.event(kind, step, epoch, outcome));
}

void Trainer::forget_recording() {
  if (replay_) replay_->forget();
}

}  // namespace grapevine
