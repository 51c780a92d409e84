#include "engine/training/trainer.h"

#include <ATen/core/grad_mode.h>

#include <cmath>
#include <utility>

#include "engine/error.h"
#include "engine/experiment/groups/model_settings.h"
#include "engine/experiment/groups/run_settings.h"
#include "engine/experiment/monitor.h"
#include "engine/experiment/registry.h"
#include "engine/nn/device.h"
#include "engine/session/interruption.h"
#include "engine/training/parameters.h"
#include "engine/training/stopwatch.h"

namespace grapevine {
namespace {

/// Its first values. Returns where they are from, "" where they were drawn.
std::string give_values(Network& network, const Experiment& experiment) {
  const ModelSettings model = ModelSettings::of(experiment);
  initialise(network, model.init, RunSettings::of(experiment).seed);
  if (model.weights.empty()) return "";
  return "the parameters start from " + model.weights + " (SHA-256 " + start_from(model.weights, network) +
         ")";
}

std::unique_ptr<Rule> attached_rule(const Network& network, const Experiment& experiment) {
  std::unique_ptr<Rule> rule = make_rule(experiment);
  rule->attach(network, RunSettings::of(experiment).seed);
  return rule;
}

}  // namespace

Trainer::Trainer(int racer, const Experiment& experiment, const NetworkSpec& spec,
                 const at::TensorOptions& options, std::shared_ptr<StepTapes> tapes)
    : experiment_(experiment),
      seed_(RunSettings::of(experiment).seed),
      reports_(racer),
      network_(spec, options),
      start_note_(give_values(network_, experiment)),
      rule_(attached_rule(network_, experiment)),
      tapes_(tapes ? std::move(tapes) : std::make_shared<StepTapes>()),
      gradients_(network_.layout(), options),
      losses_(reports_, network_, tapes_, options),
      update_(UpdateSettings::of(experiment), network_),
      measuring_(parts()),
      calibration_(parts(), measuring_, gradients_, CalibrationSettings::of(experiment),
                   find_rule(experiment.rule())->calibrates),
      feedback_changes_(parts(), measuring_, *find_rule(experiment.rule())),
      looking_(parts(), measuring_, update_) {
  if (is_monitored(experiment_))
    if (const MeasureDescriptor* measure = monitored_measure(experiment_))
      best_ = BestSoFar(*measure, TrainSettings::of(experiment_).patience);
  keeps_best_ = CheckpointSettings::of(experiment_).keep != KeptCheckpoints::last;
  measuring_.follow(probe_plan());
  if (!RunSettings::of(experiment_).gpu_graphs) return;
  if (auto recorder = make_recorder(options.device()))
    use_recorder(std::move(recorder), device_synchroniser(options.device()));
}

RacerParts Trainer::parts() {
  return {reports_, seed_, network_, *rule_, tapes_, losses_};
}

void Trainer::keep(const Beginning& beginning) {
  kept_ = beginning;
  // A newer version's run may have measures that this one knows nothing of.
  std::erase_if(kept_.measures, [](const std::string& key) { return !find_probe(key); });
  update_.set_rise(kept_.rise_within_schedule ? Rise::within_schedule : Rise::before_schedule);
  measuring_.follow(probe_plan());
}

Beginning Trainer::beginning() const {
  const ProbePlan& plan = measuring_.plan();
  return {kept_.rise_within_schedule, plan.every, {plan.measures.begin(), plan.measures.end()}};
}

ProbePlan Trainer::probe_plan() const {
  return ProbePlan::of(experiment_, kept_, *rule_, network_.cost());
}

Lesson Trainer::lesson(const Batch& batch, const Pass& pass) {
  return {network_, tapes_->training, pass, batch.y, judgement_.e, gradients_, clock_};
}

void Trainer::run_forward(const Batch& batch, Draws& draws) {
  const Pass pass = Pass::training(draws.key(Stream::dropout));
  judge(network_, network_.forward(batch.x, tapes_->training, pass), batch.y, judgement_, true, &gradients_);
  lap(clock_, Part::forward);
}

void Trainer::learn(const Batch& batch, Draws& draws) {
  Lesson own = lesson(batch, Pass::training(draws.key(Stream::dropout)));
  rule_->learn(own, draws);
}

void Trainer::note_loss(const Batch& batch, std::int64_t step, double epoch, Report& report) {
  losses_.note(step, epoch, batch.y.size(0), judgement_, report);
}

void Trainer::step(const Batch& batch, std::int64_t step, std::int64_t steps_per_epoch, Report& report) {
  const at::NoGradGuard no_grad;
  SeededDraws draws(seed_, step);
  const double epoch = static_cast<double>(step) / static_cast<double>(steps_per_epoch);
  if (clock_) clock_->start();
  tapes_->begin();
  rule_->keep_traces(measuring_.needs_traces_at(step));
  // A probe looks at what a step leaves on the host too, keys of draws and traces.
  if (replay_ && !replay_->refused() && !measuring_.measures_at(step)) {
    step_with_replay(batch, step, epoch, report);
  } else {
    forget_recording();
    run_forward(batch, draws);
    tapes_->keep(network_, step);
    note_loss(batch, step, epoch, report);  // before the rule learns what is not a number
    learn(batch, draws);
  }
  update(epoch, step, steps_per_epoch, report);
  Lesson own = lesson(batch, Pass::training(draws.key(Stream::dropout)));
  rule_->after_update(own, draws);
  lap(clock_, Part::optimizer);
}

void Trainer::update(double epoch, std::int64_t step, std::int64_t steps_per_epoch, Report& report) {
  const double rate = update_.rate(step, steps_per_epoch);
  if (update_.note_rate(rate)) reports_.add(report, family::learning_rate, 0, step, epoch, rate);
  at::Tensor gradients = gradients_.flat(), values = network_.values().flat();
  const at::Tensor before = measuring_.needs_moved_at(step) ? values.clone() : at::Tensor();
  update_.apply(values, gradients, rate, rule_->weight_decay());
  if (before.defined()) measuring_.note_moved(before, values);
}

void Trainer::after_step(Batches& batches, std::int64_t step, std::int64_t steps_per_epoch, Report& report) {
  const double epoch = static_cast<double>(step) / static_cast<double>(steps_per_epoch);
  const Interruptible guard(stop_);
  if (calibration_.works_after(step, steps_per_epoch)) forget_recording();
  calibration_.after_step(batches, step, steps_per_epoch, epoch, report);
  if (measuring_.measures_at(step)) probe(batches, step, epoch, report);
}

void Trainer::probe(Batches& batches, std::int64_t step, double epoch, Report& report) {
  forget_recording();
  const Interruptible guard(stop_);
  measuring_.probe(batches, step, epoch, clock_, report);
}

double Trainer::time_probe(const Batch& batch) {
  forget_recording();
  return measuring_.time_probe(batch);
}

void Trainer::calibrate(Batches& batches, std::int64_t step, double epoch, const std::string& cause,
                        Report& report) {
  forget_recording();
  calibration_.calibrate(batches, step, epoch, cause, report);
}

void Trainer::intervene(const LiveChange& change, Batches& batches, std::int64_t step, double epoch,
                        Report& report) {
  forget_recording();
  feedback_changes_.carry_out(change, batches, step, epoch, report);
}

Inspection Trainer::inspect(Batches& batches, int point, bool at_rest) {
  if (looking_.has_point(point)) forget_recording();
  return looking_.inspect(batches, point, at_rest);
}

Rehearsal Trainer::rehearse(const Batch& batch, std::int64_t step, std::int64_t steps_per_epoch,
                            const RehearsalRequest& request) {
  if (network_.points() > 0) forget_recording();
  return looking_.rehearse(batch, step, steps_per_epoch, request, tensors());
}

void Trainer::end_epoch(Batches& batches, std::int64_t index, std::int64_t step, double at, double seconds,
                        Report& report) {
  settle(report);
  // All is computed before anything is reported: what is interrupted here is done again as a whole.
  forget_recording();
  const Stopwatch watch_of_evaluation;
  EpochNumbers numbers;
  {
    const Interruptible guard(stop_);
    numbers = evaluate(network_, batches, TrainSettings::of(experiment_).batch);
  }
  numbers[family::training_seconds] = seconds;
  numbers[family::evaluation_seconds] = watch_of_evaluation.seconds();
  add_scores(numbers, Phase::train, losses_.means(), network_.decoder() != nullptr, 0);
  losses_.begin_epoch();
  for (const auto& [measure, value] : numbers) reports_.add(report, measure, 0, step, at, value);
  tell_lost_losses(numbers, step, at, report);
  look_at_best(step, report);
  update_.watch(numbers, index);
}

/// The training's own loss may have been taken before the update that lost the numbers.
void Trainer::tell_lost_losses(const EpochNumbers& numbers, std::int64_t step, double at,
                               Report& report) const {
  for (const Phase phase : {Phase::test, Phase::validation}) {
    const auto loss = numbers.find(key_in(phase, family::loss));
    if (loss == numbers.end() || std::isfinite(loss->second)) continue;
    report.events.push_back(reports_.event(EventKind::warning, step, at,
                                           find_measure(loss->first)->name +
                                               " is not a number or infinite (NaN/Inf) after step " +
                                               std::to_string(step)));
  }
}

// Among what the epoch's end has reported.
void Trainer::look_at_best(std::int64_t step, Report& report) {
  if (!best_.measure()) return;
  const int looked_at = measure_index(best_.measure()->key);
  for (const Sample& sample : report.samples)
    if (sample.measure == looked_at && sample.racer == reports_.racer() && sample.step == step)
      best_.note(sample.value, step);
  if (keeps_best_ && best_.step() == step) report.new_best = true;
}

void Trainer::set(std::string_view key, const Value& value) {
  forget_recording();
  if (key.starts_with(rule_group) && !rule_->set(key.substr(std::string_view(rule_group).size()), value))
    throw InputError(std::string(key) + " can't change while a " + experiment_.rule() +
                     " run is in progress");
  experiment_.set(key, value);
  update_.change(UpdateSettings::of(experiment_));
  calibration_.change(CalibrationSettings::of(experiment_));
  measuring_.follow(probe_plan());
}

}  // namespace grapevine
