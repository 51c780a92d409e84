#include "engine/training/calibration_step.h"

#include <ATen/core/grad_mode.h>

#include <vector>

#include "engine/calibration/event_json.h"
#include "engine/error.h"
#include "engine/experiment/entry_keys.h"
#include "engine/session/interruption.h"
#include "engine/training/checkpoint_numbers.h"
#include "engine/training/stopwatch.h"

namespace grapevine {
namespace {

constexpr const char* count_number = "calibration/count";
const std::string detector_prefix = "calibration/detector/";

}  // namespace

void CalibrationStep::change(const CalibrationSettings& settings) {
  settings_ = settings;
  calibration_.change(settings);
}

bool CalibrationStep::works_after(std::int64_t step, std::int64_t steps_per_epoch) const {
  return possible_ && !done_at(step) &&
         (!calibration_.due(step, steps_per_epoch).empty() || calibration_.looks(step));
}

void CalibrationStep::after_step(Batches& batches, std::int64_t step, std::int64_t steps_per_epoch,
                                 double epoch, Report& report) {
  if (!possible_ || done_at(step)) return;
  const std::vector<double> trigger = calibration_.trigger_state();
  try {
    std::string cause = calibration_.due(step, steps_per_epoch);
    if (cause.empty() && calibration_.looks(step))
      cause = calibration_.look(step, measuring_.alignment(batches, step));
    if (!cause.empty()) calibrate(batches, step, epoch, cause, report);
    note_done(step);
  } catch (const WorkStopped&) {
    calibration_.restore_trigger(trigger);
    throw;
  } catch (const InputError& error) {
    // What the settings asked for and the batch can't give ends this racer, not the race.
    throw RunError(error.what());
  }
}

void CalibrationStep::calibrate(Batches& batches, std::int64_t step, double epoch, const std::string& cause,
                                Report& report) {
  const at::NoGradGuard no_grad;
  racer_.losses.settle(report);
  const Stopwatch watch;
  Network& network = racer_.network;
  const RandomKey key = RandomKey::of(racer_.seed, Stream::calibration)
                            .with(static_cast<std::uint64_t>(step))
                            .with(static_cast<std::uint64_t>(calibration_.count));
  const Batch batch = calibration_.choose(batches, network, racer_.rule, key);
  const Probe alignment({measure_keys::cos_b_j, measure_keys::cos_b_j_centred});
  CalibrationEffect effect;
  effect.before = measuring_.measure(alignment, batches);

  const Interruptible whole;  // from here on weights and feedback change
  const Pass pass = Pass::probing();
  Judgement judgement;
  NetworkTape tape;
  judge(network, network.forward(batch.x, tape, pass), batch.y, judgement, true, &gradients_);
  effect.loss_before = judgement.loss.item<double>();
  Lesson lesson{network, tape, pass, batch.y, judgement.e, gradients_};
  at::Tensor values = network.values().flat();
  effect.gradient_norm = calibration_.apply(lesson, racer_.rule, values);
  for (int l = 1; l <= network.points(); ++l) racer_.rule.forget_average(l);
  judge(network, network.forward(batch.x, tape, pass), batch.y, judgement, false);
  effect.loss_after = judgement.loss.item<double>();
  effect.after = measuring_.measure(alignment, batches);
  effect.seconds = watch.seconds();

  Event event = racer_.reports.event(EventKind::calibration, step, epoch, cause);
  event.data = calibration_json(effect);
  report.events.push_back(event);
}

void CalibrationStep::check(const Batches& batches) const {
  if (!possible_ || settings_.when == CalibrationSettings::When::never) return;
  const std::int64_t classes = racer_.network.classes();
  std::int64_t samples = batches.train_count();
  if (settings_.batch == CalibrationSettings::Batch::class_balanced)
    samples =
        batches.balanced(RandomKey::of(0, Stream::calibration), settings_.batch_size, classes).y.size(0);
  calibration_.check(samples, racer_.network.rows_of(1), classes);
}

void CalibrationStep::save(std::map<std::string, double>& numbers) const {
  numbers[count_number] = static_cast<double>(calibration_.count);
  const std::vector<double> trigger = calibration_.trigger_state();
  for (std::size_t i = 0; i < trigger.size(); ++i) numbers[detector_prefix + std::to_string(i)] = trigger[i];
}

void CalibrationStep::load(const std::map<std::string, double>& numbers) {
  calibration_.count = static_cast<std::int64_t>(number_or_zero(numbers, count_number));
  std::vector<double> trigger;
  for (std::size_t i = 0;; ++i) {
    const auto found = numbers.find(detector_prefix + std::to_string(i));
    if (found == numbers.end()) break;
    trigger.push_back(found->second);
  }
  calibration_.restore_trigger(trigger);
}

}  // namespace grapevine
