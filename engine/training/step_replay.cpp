#include "engine/training/step_replay.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

#include "engine/error.h"
#include "engine/experiment/number_text.h"
#include "engine/nn/plain_errors.h"

namespace grapevine {
namespace {

// Both ways do the same operations in the same order; only a library that picks another kernel while it is
// recorded may round otherwise. A draw or a rate of another step is off by far more.
constexpr double rounding = 1e-4;
constexpr std::int64_t most_steps_on_trial = 200;

std::vector<at::Tensor> copies(const NamedTensors& state) {
  std::vector<at::Tensor> all;
  for (const auto& [name, tensor] : state) all.push_back(tensor.clone());
  return all;
}

void put_back(const NamedTensors& state, const std::vector<at::Tensor>& values) {
  for (std::size_t i = 0; i < state.size(); ++i) at::Tensor(state[i].second).copy_(values[i]);
}

// The name of the first that differs; empty when none does. what is not a number is the run's own trouble.
std::string first_difference(const NamedTensors& state, const std::vector<at::Tensor>& other) {
  for (std::size_t i = 0; i < state.size(); ++i) {
    const at::Tensor one = state[i].second.to(at::kDouble), two = other[i].to(at::kDouble);
    const double size = one.norm().item<double>(), apart = (one - two).norm().item<double>();
    if (std::isfinite(size) && !(apart <= rounding * size)) return state[i].first;
  }
  return {};
}

}  // namespace

StepReplay::StepReplay(std::unique_ptr<Recorder> recorder, std::int64_t seed, at::Device device,
                       Compute compute, State state, std::function<void()> synchronise)
    : recorder_(std::move(recorder)),
      seed_(seed),
      compute_(std::move(compute)),
      state_(std::move(state)),
      synchronise_(std::move(synchronise)),
      keys_(device) {}

bool StepReplay::fits(const Batch& batch) const {
  return inputs_.x.defined() && inputs_.x.sizes() == batch.x.sizes() && inputs_.y.sizes() == batch.y.sizes();
}

void StepReplay::forget() {
  // An epoch's odd last batch alone says little of what is to come.
  if (stretch_ > 0) last_stretch_ = std::max(last_stretch_ / 2, stretch_);
  stretch_ = 0;
  recorded_ = false;
  if (stage_ == Stage::second_trial) stage_ = Stage::first_trial;
}

void StepReplay::refuse(const std::string& why) {
  forget();
  stage_ = Stage::refused;
  inputs_ = {};
  outcome_ = "gpu_graphs: steps are not replayed: " + why;
}

bool StepReplay::worth_recording() const {
  return stretch_ > 0 && (last_stretch_ >= long_enough || stretch_ >= long_enough);
}

void StepReplay::step(const Batch& batch, std::int64_t step) {
  SeededDraws draws(seed_, step);
  if (stage_ != Stage::trusted && stage_ != Stage::refused && ++steps_on_trial_ > most_steps_on_trial)
    refuse("measures, calibrations or smaller batches come too often for it");
  if (stage_ == Stage::refused) return compute_(batch, draws);
  if (!fits(batch)) {
    forget();
    inputs_ = {at::empty_like(batch.x), at::empty_like(batch.y)};
  }
  if (recorded_ || worth_recording()) try {
      inputs_.x.copy_(batch.x);
      inputs_.y.copy_(batch.y);
      if (stage_ != Stage::trusted) {
        try_out(batch, step);
      } else {
        if (!recorded_) record(step);
        replay(step);
      }
      ++stretch_;
      return;
    } catch (const c10::Error& error) {
      refuse(plain_error(error).what());
    } catch (const RunError& error) {
      refuse(error.what());
    }
  compute_(batch, draws);
  ++stretch_;
}

void StepReplay::record(std::int64_t step) {
  const ReplayedKeys::Recording noting(keys_);
  recorder_->record([this, draws = RecordedDraws(seed_, step)]() mutable { compute_(inputs_, draws); });
  recorded_ = true;
}

void StepReplay::replay(std::int64_t step) {
  keys_.set_step(seed_, step);
  recorder_->replay();
  ++replays_;
}

double StepReplay::seconds_of(const std::function<void()>& work) const {
  const auto begin = std::chrono::steady_clock::now();
  work();
  if (synchronise_) synchronise_();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

// The step recorded is replayed at its own number first and at the next step second: a number that the
// recording froze shows there. What counts in the end is the step computed by itself. Throws with the state
// put back.
void StepReplay::try_out(const Batch& batch, std::int64_t step) {
  const NamedTensors state = state_();
  const std::vector<at::Tensor> before = copies(state);
  std::vector<at::Tensor> after;
  double replayed = 0;
  try {
    if (stage_ == Stage::first_trial) record(step);
    if (synchronise_) synchronise_();
    replayed = seconds_of([&] { replay(step); });
    after = copies(state);
  } catch (...) {
    put_back(state, before);
    throw;
  }
  put_back(state, before);
  SeededDraws draws(seed_, step);
  if (synchronise_) synchronise_();
  const double by_itself = seconds_of([&] { compute_(batch, draws); });
  const std::string other = first_difference(state, after);
  if (!other.empty()) return refuse("'" + other + "' came out otherwise than without a recording");
  if (std::exchange(stage_, Stage::second_trial) == Stage::first_trial) return;
  if (synchronise_ && replayed > 0.95 * by_itself) return refuse("they are no faster so");
  stage_ = Stage::trusted;
  recorded_ = false;  // what the step by itself made again is not what the recording writes
  const std::string times = fixed_text(by_itself / replayed, 1);
  outcome_ = "gpu_graphs: steps are replayed from a recording" +
             (synchronise_ ? ", " + times + " times as fast" : std::string());
}

}  // namespace grapevine
