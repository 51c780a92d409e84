// Calibrations: when one is due, and what is reported of it.
#include "engine/calibration/event_json.h"
#include "engine/error.h"
#include "engine/experiment/entry_keys.h"
#include "engine/session/interruption.h"
#include "engine/training/evaluation.h"
#include "engine/training/stopwatch.h"
#include "engine/training/trainer.h"

namespace grapevine {

// A calibration that is cut is due as before, the look that asked for it included.
void Trainer::calibrate_if_due(Batches& batches, std::int64_t step, std::int64_t steps_per_epoch,
                               double epoch, Report& report) {
  if (!calibrates_ || calibrated_at(step)) return;
  const std::vector<double> trigger = calibration_->trigger_state();
  try {
    std::string cause = calibration_->due(step, steps_per_epoch);
    if (cause.empty() && calibration_->looks(step))
      cause = calibration_->look(step, alignment_now(batches, step));
    if (!cause.empty()) calibrate(batches, step, epoch, cause, report);
    note_calibrated(step);
  } catch (const WorkStopped&) {
    calibration_->restore_trigger(trigger);
    throw;
  } catch (const InputError& error) {
    // What the settings asked for and the batch can't give ends this racer, not the race.
    throw RunError(error.what());
  }
}

void Trainer::calibrate(Batches& batches, std::int64_t step, double epoch, const std::string& cause,
                        Report& report) {
  forget_recording();
  const at::NoGradGuard no_grad;
  settle(report);
  const Stopwatch watch;
  const RandomKey key = RandomKey::of(settings_.seed, Stream::calibration)
                            .with(static_cast<std::uint64_t>(step))
                            .with(static_cast<std::uint64_t>(calibration_->count));
  const Batch batch = calibration_->choose(batches, network_, *rule_, key);
  const auto aligned = [&] {
    Measured measured;
    const Probe alignment({measure_keys::cos_b_j, measure_keys::cos_b_j_centred});
    run_probe(alignment, batches, measured);
    return measured;
  };
  const Measured before = aligned();

  const Interruptible whole;  // from here on weights and feedback change
  const Pass pass = Pass::probing();
  Judgement judgement;
  NetworkTape tape;
  judge(network_, network_.forward(batch.x, tape, pass), batch.y, judgement, true, &gradients_);
  CalibrationEffect effect;
  effect.before = before;
  effect.loss_before = judgement.loss.item<double>();
  Lesson lesson{network_, tape, pass, batch.y, judgement.e, gradients_};
  at::Tensor values = network_.values().flat();
  effect.gradient_norm = calibration_->apply(lesson, *rule_, values);
  for (int l = 1; l <= network_.points(); ++l) rule_->forget_average(l);
  judge(network_, network_.forward(batch.x, tape, pass), batch.y, judgement, false);
  effect.loss_after = judgement.loss.item<double>();
  effect.after = aligned();
  effect.seconds = watch.seconds();

  Event event;
  event.racer = static_cast<std::uint16_t>(racer_);
  event.step = step;
  event.epoch = epoch;
  event.kind = EventKind::calibration;
  event.cause = cause;
  event.data = calibration_json(effect);
  report.events.push_back(event);
}

void Trainer::check_calibration(const Batches& batches) const {
  if (!calibrates_ || settings_.calibration.when == CalibrationSettings::When::never) return;
  std::int64_t samples = batches.train_count();
  if (settings_.calibration.batch == CalibrationSettings::Batch::class_balanced)
    samples = batches
                  .balanced(RandomKey::of(0, Stream::calibration), settings_.calibration.batch_size,
                            network_.classes())
                  .y.size(0);
  calibration_->check(samples, network_.rows_of(1), network_.classes());
}

}  // namespace grapevine
