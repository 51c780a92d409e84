#include "engine/training/trainer.h"

#include <ATen/core/grad_mode.h>

#include <cmath>
#include <stdexcept>
#include <utility>

#include "engine/error.h"
#include "engine/experiment/groups/model_settings.h"
#include "engine/experiment/groups/run_settings.h"
#include "engine/experiment/groups/segment_rate_settings.h"
#include "engine/experiment/monitor.h"
#include "engine/experiment/registry.h"
#include "engine/models/model.h"
#include "engine/nn/decoder.h"
#include "engine/nn/device.h"
#include "engine/session/interruption.h"
#include "engine/training/costs.h"
#include "engine/training/evaluation.h"
#include "engine/training/parameters.h"
#include "engine/training/segment_rates.h"
#include "engine/training/stopwatch.h"

namespace grapevine {

TrainerSettings TrainerSettings::of(const Experiment& experiment) {
  return {RunSettings::of(experiment).seed,    OptimizerSettings::of(experiment),
          ScheduleSettings::of(experiment),    TrainSettings::of(experiment),
          CalibrationSettings::of(experiment), ProbeSettings::of(experiment)};
}

Trainer::Trainer(int racer, const Experiment& experiment, const NetworkSpec& spec,
                 const at::TensorOptions& options, std::shared_ptr<StepTapes> tapes)
    : racer_(racer),
      experiment_(experiment),
      settings_(TrainerSettings::of(experiment)),
      network_(spec, options),
      rule_(make_rule(experiment)),
      tapes_(tapes ? std::move(tapes) : std::make_shared<StepTapes>()),
      tally_(options) {
  initialise(network_, ModelSettings::of(experiment_).init, settings_.seed);
  if (const std::string path = ModelSettings::of(experiment_).weights; !path.empty())
    start_note_ = "the parameters start from " + path + " (SHA-256 " + start_from(path, network_) + ")";
  rule_->attach(network_, settings_.seed);
  const at::Tensor& values = network_.values().flat();
  optimizer_ = make_optimizer(settings_.optimizer, values);
  const std::vector<double> scales = SegmentRateSettings::of(experiment_).lr_scale;
  check_segment_rates(spec, scales);
  optimizer_->parts = segment_rates(network_.layout(), scales);
  calibration_ = std::make_unique<Calibration>(settings_.calibration, values);
  const RuleDescriptor* descriptor = find_rule(experiment_.rule());
  calibrates_ = descriptor && descriptor->calibrates;
  gradients_ = ParameterBuffer(network_.layout(), options);
  if (is_monitored(experiment_))
    if (const MeasureDescriptor* measure = monitored_measure(experiment_))
      best_ = BestSoFar(*measure, settings_.train.patience);
  keeps_best_ = CheckpointSettings::of(experiment_).keep != KeptCheckpoints::last;
  resolve_probe();
  if (!RunSettings::of(experiment_).gpu_graphs) return;
  if (auto recorder = make_recorder(options.device()))
    use_recorder(std::move(recorder), device_synchroniser(options.device()));
}

void Trainer::keep(const Beginning& beginning) {
  kept_ = beginning;
  // A newer version's run may have measures that this one knows nothing of.
  std::erase_if(kept_.measures, [](const std::string& key) { return !find_probe(key); });
  resolve_probe();
}

Beginning Trainer::beginning() const {
  const std::set<std::string> taken = measures();
  return {kept_.rise_within_schedule, probe_every_, {taken.begin(), taken.end()}};
}

/// What is asked for; else what the run began with; else the defaults of this version.
std::set<std::string> Trainer::measures() const {
  if (settings_.probe.measures.empty() && !kept_.measures.empty())
    return {kept_.measures.begin(), kept_.measures.end()};
  return measures_of(experiment_, network_.cost());
}

void Trainer::resolve_probe() {
  const std::set<std::string> taken = measures();
  probe_ = std::make_unique<Probe>(taken);
  needs_traces_ = any_needs(taken, Need::traces);
  needs_moved_ = any_needs(taken, Need::moved);
  const bool kept = !settings_.probe.every && kept_.probe_every >= 0;
  probe_every_ = kept ? kept_.probe_every : probe_cadence(experiment_, *rule_, network_.cost());
}

void Trainer::emit(Report& report, const std::string& measure, int point, std::int64_t step, double epoch,
                   double value) const {
  const int index = measure_index(measure);
  if (index < 0) throw std::logic_error("there is no measure '" + measure + "'");
  Sample sample;
  sample.racer = static_cast<std::uint16_t>(racer_);
  sample.measure = static_cast<std::uint16_t>(index);
  sample.point = static_cast<std::uint16_t>(point);
  sample.step = step;
  sample.epoch = epoch;
  sample.value = value;
  report.samples.push_back(sample);
}

// Names the first segment whose output is not finite; if all are, the loss itself overflowed behind the last.
// A loss that is read later has no outputs left to look at.
void Trainer::check_loss(double loss, std::int64_t step) const {
  if (std::isfinite(loss)) return;
  const std::string trouble =
      "the loss is not a number or infinite (NaN/Inf) at step " + std::to_string(step);
  if (tapes_->owner != this || tapes_->step != step) throw RunError(trouble);
  int where = network_.segments();
  for (int l = 1; l <= network_.segments(); ++l)
    if (!tapes_->training.outputs[static_cast<std::size_t>(l - 1)].isfinite().all().item<bool>()) {
      where = l;
      break;
    }
  throw RunError(trouble + ", first in segment " + std::to_string(where));
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
  const bool counts = !network_.decoder();  // a language model is judged by its loss alone
  tally_.note({step, epoch, static_cast<double>(batch.y.size(0))}, judgement_.loss,
              counts ? judgement_.correct : at::Tensor());
  if (tally_.full()) settle(report);
}

void Trainer::step(const Batch& batch, std::int64_t step, std::int64_t steps_per_epoch, Report& report) {
  const at::NoGradGuard no_grad;
  SeededDraws draws(settings_.seed, step);
  const double epoch = static_cast<double>(step) / static_cast<double>(steps_per_epoch);
  if (clock_) clock_->start();
  tapes_->owner = nullptr;  // until the pass is whole
  rule_->keep_traces(needs_traces_ && measures_at(step));
  // A probe looks at what a step leaves on the host too, keys of draws and traces.
  if (replay_ && !replay_->refused() && !measures_at(step)) {
    step_with_replay(batch, step, epoch, report);
  } else {
    forget_recording();
    run_forward(batch, draws);
    tapes_->owner = this;
    tapes_->step = step;
    note_loss(batch, step, epoch, report);  // before the rule learns what is not a number
    learn(batch, draws);
  }
  update(epoch, step, steps_per_epoch, report);
  Lesson own = lesson(batch, Pass::training(draws.key(Stream::dropout)));
  rule_->after_update(own, draws);
  lap(clock_, Part::optimizer);
}

double Trainer::learning_rate(std::int64_t step, std::int64_t steps_per_epoch) const {
  const std::int64_t own_step = step - origin_, epoch_index = (own_step - 1) / steps_per_epoch;
  const ScheduleSettings& schedule = settings_.schedule;
  const double factor =
      schedule.kind == ScheduleKind::noam
          ? noam_factor(schedule, own_step)
          : schedule_factor(schedule, epoch_index, settings_.train.epochs,
                            kept_.rise_within_schedule ? Rise::within_schedule : Rise::before_schedule);
  return settings_.optimizer.lr * factor * plateau_.factor;
}

void Trainer::update(double epoch, std::int64_t step, std::int64_t steps_per_epoch, Report& report) {
  at::Tensor gradients = gradients_.flat();
  clip_gradients(gradients, settings_.optimizer.clip);
  const double rate = learning_rate(step, steps_per_epoch);
  if (rate != last_rate_) emit(report, "learning_rate", 0, step, epoch, rate);
  last_rate_ = rate;
  optimizer_->weight_decay = settings_.optimizer.weight_decay + rule_->weight_decay();
  at::Tensor values = network_.values().flat();
  const at::Tensor before = needs_moved_ && measures_at(step) ? values.clone() : at::Tensor();
  optimizer_->step(values, gradients, rate);
  if (before.defined()) past_.moved = weights_moved(network_, before, values);
}

void Trainer::settle(Report& report) {
  for (const StepTally::Entry& entry : tally_.take()) {
    emit(report, family::loss, 0, entry.step, entry.epoch, entry.loss);
    if (!network_.decoder())
      emit(report, family::accuracy, 0, entry.step, entry.epoch, entry.correct / entry.count);
    else
      emit(report, family::perplexity, 0, entry.step, entry.epoch, std::exp(entry.loss));
    check_loss(entry.loss, entry.step);
    epoch_loss_ += entry.loss * entry.count;
    epoch_correct_ += entry.correct;
    epoch_count_ += entry.count;
  }
}

void Trainer::after_step(Batches& batches, std::int64_t step, std::int64_t steps_per_epoch, Report& report) {
  const double epoch = static_cast<double>(step) / static_cast<double>(steps_per_epoch);
  const Interruptible guard(stop_);
  calibrate_if_due(batches, step, steps_per_epoch, epoch, report);
  if (measures_at(step)) probe(batches, step, epoch, report);
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
    numbers = evaluate(network_, batches, settings_.train.batch);
  }
  numbers["training_seconds"] = seconds;
  numbers["evaluation_seconds"] = watch_of_evaluation.seconds();
  add_scores(numbers, Phase::train, {epoch_loss_ / epoch_count_, epoch_correct_ / epoch_count_},
             network_.decoder() != nullptr, 0);
  epoch_loss_ = epoch_correct_ = epoch_count_ = 0;
  for (const auto& [measure, value] : numbers) emit(report, measure, 0, step, at, value);
  tell_lost_losses(numbers, step, at, report);
  look_at_best(step, report);
  watch(numbers, index);
}

/// The training's own loss may have been taken before the update that lost the numbers.
void Trainer::tell_lost_losses(const EpochNumbers& numbers, std::int64_t step, double at,
                               Report& report) const {
  for (const Phase phase : {Phase::test, Phase::validation}) {
    const auto loss = numbers.find(key_in(phase, family::loss));
    if (loss == numbers.end() || std::isfinite(loss->second)) continue;
    Event event;
    event.racer = static_cast<std::uint16_t>(racer_);
    event.step = step;
    event.epoch = at;
    event.kind = EventKind::warning;
    event.cause = find_measure(loss->first)->name + " is not a number or infinite (NaN/Inf) after step " +
                  std::to_string(step);
    report.events.push_back(event);
  }
}

/// What plateau makes of an epoch. While the rate rises it looks at nothing.
void Trainer::watch(const EpochNumbers& numbers, std::int64_t index) {
  const ScheduleSettings& schedule = settings_.schedule;
  if (schedule.kind != ScheduleKind::plateau) return;
  if (index < schedule.warmup && !kept_.rise_within_schedule) return;
  const MeasureDescriptor* metric = find_measure(schedule.metric);
  const auto value = numbers.find(schedule.metric);
  if (metric && value != numbers.end())
    plateau_.note(value->second, schedule.decay, schedule.patience, metric->better);
}

// Among what the epoch's end has reported.
void Trainer::look_at_best(std::int64_t step, Report& report) {
  if (!best_.measure()) return;
  const int looked_at = measure_index(best_.measure()->key);
  for (const Sample& sample : report.samples)
    if (sample.measure == looked_at && sample.racer == racer_ && sample.step == step)
      best_.note(sample.value, step);
  if (keeps_best_ && best_.step() == step) report.new_best = true;
}

void Trainer::set(std::string_view key, const Value& value) {
  forget_recording();
  if (key.starts_with(rule_group) && !rule_->set(key.substr(std::string_view(rule_group).size()), value))
    throw InputError(std::string(key) + " can't change while a " + experiment_.rule() +
                     " run is in progress");
  experiment_.set(key, value);
  settings_ = TrainerSettings::of(experiment_);
  calibration_->change(settings_.calibration);
  resolve_probe();
}

}  // namespace grapevine
