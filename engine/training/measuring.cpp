#include "engine/training/measuring.h"

#include <ATen/core/grad_mode.h>

#include "engine/probes/c_hat.h"
#include "engine/probes/jacobian.h"
#include "engine/training/costs.h"
#include "engine/training/stopwatch.h"

namespace grapevine {
namespace {

const std::string past_prefix = "probe/";

}  // namespace

ProbePlan ProbePlan::of(const Experiment& experiment, const Beginning& kept, Rule& rule,
                        const NetworkCost& cost) {
  const ProbeSettings asked = ProbeSettings::of(experiment);
  ProbePlan plan;
  if (asked.measures.empty() && !kept.measures.empty())
    plan.measures = {kept.measures.begin(), kept.measures.end()};
  else
    plan.measures = measures_of(experiment, cost);
  const bool keeps_cadence = !asked.every && kept.probe_every >= 0;
  plan.every = keeps_cadence ? kept.probe_every : probe_cadence(experiment, rule, cost);
  plan.batch = asked.batch;
  return plan;
}

void Measuring::follow(ProbePlan plan) {
  plan_ = std::move(plan);
  probe_ = Probe(plan_.measures);
  needs_traces_ = any_needs(plan_.measures, Need::traces);
  needs_moved_ = any_needs(plan_.measures, Need::moved);
}

void Measuring::note_moved(const at::Tensor& before, const at::Tensor& after) {
  past_.moved = weights_moved(racer_.network, before, after);
}

void Measuring::prepare_batch(Batches& batches) {
  if (batch_.x.defined()) return;
  batch_ = batches.drawn(RandomKey::of(racer_.seed, Stream::probe), plan_.batch);
}

void Measuring::make_gradients() {
  if (gradients_.defined()) return;
  gradients_ = ParameterBuffer(racer_.network.layout(), racer_.network.options());
  exact_gradients_ = ParameterBuffer(racer_.network.layout(), racer_.network.options());
}

Lesson Measuring::last_lesson() {
  return {racer_.network, racer_.tapes->probe, Pass::probing(), batch_.y, judgement_.e, gradients_};
}

Lesson Measuring::run_forward() {
  const at::Tensor& z = racer_.network.forward(batch_.x, racer_.tapes->probe, Pass::probing());
  judge(racer_.network, z, batch_.y, judgement_, true);
  return last_lesson();
}

Lesson Measuring::lesson(Batches& batches) {
  prepare_batch(batches);
  make_gradients();
  return run_forward();
}

std::vector<double> Measuring::alignment(Batches& batches, std::int64_t step) {
  const at::NoGradGuard no_grad;
  if (!racer_.rule.feedback()) return {};
  prepare_batch(batches);
  Lesson lesson = run_forward();
  SeededDraws draws(racer_.seed, -step);  // no training step has a negative number
  std::vector<double> alignment = alignment_from_tangents(
      lesson, *racer_.rule.feedback(), draws,
      [this](std::size_t l) -> const FeedbackStructure& { return racer_.rule.structure(l); });
  for (double& value : alignment) value *= racer_.rule.alignment_sign();
  return alignment;
}

at::Tensor Measuring::mean_jacobian(Batches& batches, int point) {
  prepare_batch(batches);
  Lesson lesson = run_forward();
  return mean_jacobians(lesson)[point_index(point)];
}

void Measuring::take(const Probe& probe, Measured& out, ProbePast* past) {
  const at::NoGradGuard no_grad;
  make_gradients();
  Lesson lesson = run_forward();
  probe.measure(racer_.rule, lesson, exact_gradients_, out, past);
}

Measured Measuring::measure(const Probe& probe, Batches& batches) {
  prepare_batch(batches);
  Measured measured;
  take(probe, measured, nullptr);
  return measured;
}

double Measuring::time_probe(const Batch& batch) {
  const at::Tensor rows = at::arange(plan_.batch, batch.y.options()).remainder(batch.x.size(0));
  batch_ = batch.rows(rows);
  double seconds = 0;
  for (int round = 0; round < 3; ++round) {
    const Stopwatch watch;
    Measured measured;
    ProbePast past;
    take(probe_, measured, &past);  // every measure ends in a number read back
    seconds = watch.seconds();
  }
  return seconds;
}

void Measuring::probe_traces(std::int64_t step, double epoch, Report& report) {
  const std::vector<KeptTrace>* traces = racer_.rule.traces();
  if (!needs_traces_at(step) || !traces || traces->empty()) return;
  racer_.losses.settle(report);
  const Stopwatch watch;
  const at::NoGradGuard no_grad;
  std::set<std::string> those;
  for (const std::string& key : plan_.measures)
    if (any_needs({key}, Need::traces)) those.insert(key);
  Lesson lesson = last_lesson();
  Measured measured;
  Probe(those).measure(racer_.rule, lesson, exact_gradients_, measured);
  racer_.rule.keep_traces(false);
  for (const auto& [key, value] : measured)
    racer_.reports.add(report, key.first, key.second, step, epoch, value);
  seconds_ += watch.seconds();
}

void Measuring::probe(Batches& batches, std::int64_t step, double epoch, PartClock* clock, Report& report) {
  racer_.losses.settle(report);
  const Stopwatch watch;
  if (clock) clock->start();
  Measured measured;
  ProbePast past = past_;  // a probe that is cut leaves nothing
  past.step = step;
  prepare_batch(batches);
  if (step == 0)
    take(Probe(before_the_first_step(plan_.measures)), measured, &past);
  else
    take(probe_, measured, &past);
  past_ = std::move(past);
  lap(clock, Part::probe);
  for (const auto& [key, value] : measured)
    racer_.reports.add(report, key.first, key.second, step, epoch, value);
  const double seconds = watch.seconds();
  seconds_ += seconds;
  racer_.reports.add(report, family::probe_seconds, 0, step, epoch, seconds);
}

void Measuring::save(std::map<std::string, double>& numbers) const {
  for (const auto& [name, number] : past_.numbers) numbers[past_prefix + name] = number;
}

void Measuring::load(const std::map<std::string, double>& numbers) {
  forget_past();
  for (const auto& [name, value] : numbers)
    if (name.starts_with(past_prefix)) past_.numbers[name.substr(past_prefix.size())] = value;
}

}  // namespace grapevine
