// A trainer's probes: on a batch of their own, next to the training steps. What belongs to no step is
// computed on tapes and gradients of its own.
#include <ATen/core/grad_mode.h>

#include "engine/probes/c_hat.h"
#include "engine/session/interruption.h"
#include "engine/training/stopwatch.h"
#include "engine/training/trainer.h"

namespace grapevine {

// ĉ_l on the probe batch, by forward passes alone; positive where the signals point BP's way.
std::vector<double> Trainer::alignment_now(Batches& batches, std::int64_t step) {
  forget_recording();
  const at::NoGradGuard no_grad;
  if (!rule_->feedback()) return {};
  prepare_probe_batch(batches);
  const Pass pass = Pass::probing();
  judge(network_, network_.forward(probe_batch_.x, tapes_->probe, pass), probe_batch_.y, probe_judgement_,
        true);
  Lesson lesson{network_, tapes_->probe, pass, probe_batch_.y, probe_judgement_.e, probe_gradients_};
  SeededDraws draws(settings_.seed, -step);  // no training step has a negative number
  std::vector<double> alignment = alignment_from_tangents(
      lesson, *rule_->feedback(), draws,
      [this](std::size_t l) -> const FeedbackStructure& { return rule_->structure(l); });
  for (double& value : alignment) value *= rule_->alignment_sign();
  return alignment;
}

void Trainer::prepare_probe_batch(Batches& batches) {
  if (probe_batch_.x.defined()) return;
  probe_batch_ = batches.drawn(RandomKey::of(settings_.seed, Stream::probe), settings_.probe.batch);
}

void Trainer::make_probe_gradients() {
  if (probe_gradients_.defined()) return;
  probe_gradients_ = ParameterBuffer(network_.layout(), network_.options());
  exact_gradients_ = ParameterBuffer(network_.layout(), network_.options());
}

void Trainer::run_probe(const Probe& probe, Batches& batches, Measured& out, ProbePast* past) {
  prepare_probe_batch(batches);
  measure_probe_batch(probe, out, past);
}

void Trainer::measure_probe_batch(const Probe& probe, Measured& out, ProbePast* past) {
  forget_recording();
  const at::NoGradGuard no_grad;
  make_probe_gradients();
  const Pass pass = Pass::probing();
  judge(network_, network_.forward(probe_batch_.x, tapes_->probe, pass), probe_batch_.y, probe_judgement_,
        true);
  Lesson lesson{network_, tapes_->probe, pass, probe_batch_.y, probe_judgement_.e, probe_gradients_};
  probe.measure(*rule_, lesson, exact_gradients_, out, past);
}

double Trainer::time_probe(const Batch& batch) {
  const std::int64_t n = settings_.probe.batch;
  const at::Tensor rows = at::arange(n, batch.y.options()).remainder(batch.x.size(0));
  probe_batch_ = batch.rows(rows);
  double seconds = 0;
  for (int round = 0; round < 3; ++round) {
    const Stopwatch watch;
    Measured measured;
    ProbePast past;
    measure_probe_batch(*probe_, measured, &past);  // every measure ends in a number read back
    seconds = watch.seconds();
  }
  return seconds;
}

// What a step's traces alone tell. They can't be had again, and the rest of a probe can: this part is never
// cut, and done once.
void Trainer::probe_traces(std::int64_t step, double epoch, Report& report) {
  const std::vector<KeptTrace>* traces = rule_->traces();
  if (!needs_traces_ || !measures_at(step) || !traces || traces->empty()) return;
  settle(report);
  const Stopwatch watch;
  const at::NoGradGuard no_grad;
  std::set<std::string> those;
  for (const std::string& key : measures())
    if (any_needs({key}, Need::traces)) those.insert(key);
  Lesson lesson{network_,       tapes_->probe,      Pass::probing(),
                probe_batch_.y, probe_judgement_.e, probe_gradients_};
  Measured measured;
  Probe(those).measure(*rule_, lesson, exact_gradients_, measured);
  rule_->keep_traces(false);
  for (const auto& [key, value] : measured) emit(report, key.first, key.second, step, epoch, value);
  probe_seconds_ += watch.seconds();
}

void Trainer::probe(Batches& batches, std::int64_t step, double epoch, Report& report) {
  settle(report);
  const Stopwatch watch;
  if (clock_) clock_->start();
  Measured measured;
  ProbePast past = past_;  // a probe that is cut leaves nothing
  past.step = step;
  if (step == 0) {
    const Interruptible guard(stop_);
    const Probe first(before_the_first_step(measures()));
    run_probe(first, batches, measured, &past);
  } else {
    run_probe(*probe_, batches, measured, &past);
  }
  past_ = std::move(past);
  lap(clock_, Part::probe);
  for (const auto& [key, value] : measured) emit(report, key.first, key.second, step, epoch, value);
  const double seconds = watch.seconds();
  probe_seconds_ += seconds;
  emit(report, "probe_seconds", 0, step, epoch, seconds);
}

}  // namespace grapevine
