#include "engine/training/race.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <nlohmann/json.hpp>

#include "engine/error.h"
#include "engine/experiment/groups/run_settings.h"
#include "engine/experiment/layer_kind.h"
#include "engine/experiment/measured_times.h"
#include "engine/experiment/own_network.h"
#include "engine/experiment/registry.h"
#include "engine/experiment/settings.h"
#include "engine/files/machine.h"
#include "engine/models/model.h"
#include "engine/nn/device.h"
#include "engine/nn/norm_values.h"
#include "engine/nn/plain_errors.h"
#include "engine/session/interruption.h"
#include "engine/training/checkpoint_numbers.h"
#include "engine/training/costs.h"
#include "engine/training/feedback_memory.h"
#include "engine/training/parameters.h"
#include "engine/training/stopwatch.h"

namespace grapevine {
namespace {

/// What automatic measuring comes to where that is little; "" where it is enough, or was asked for.
std::string few_measurements_note(const Experiment& first, std::int64_t steps, std::int64_t every) {
  const std::int64_t times = measured_times(steps, every);
  if (ProbeSettings::of(first).every || times == 0 || times >= few_measurements) return "";
  return "; measured " + std::to_string(times) +
         " times in this run (automatic: 5 % of the work), more often by probe.every=" +
         std::to_string(std::max<std::int64_t>(1, steps / 20));
}

// In a checkpoint's numbers: what is to be done before the next step.
constexpr const char *due_begin = "due/begin", *due_after_step = "due/after_step",
                     *due_end_epoch = "due/end_epoch";
constexpr double due_but_calibrated = 2;

/// From a fork to its join, or one segment with residual layers in it.
std::vector<std::pair<int, int>> residual_blocks(const NetworkSpec& spec) {
  std::vector<std::pair<int, int>> blocks;
  int forks = 0, first = 0;
  for (int segment = 1; segment <= static_cast<int>(spec.segments.size()); ++segment) {
    bool residual = false;
    for (const LayerSpec& layer : spec.segments[static_cast<std::size_t>(segment - 1)]) {
      residual = residual || layer.kind == LayerKind::residual;
      if (layer.kind == LayerKind::fork && forks++ == 0) first = segment;
      if (layer.kind == LayerKind::join && --forks == 0) blocks.emplace_back(first, segment);
    }
    if (residual && forks == 0) blocks.emplace_back(segment, segment);
  }
  return blocks;
}

NetworkSketch sketch(const NetworkSpec& spec, const Network& network) {
  NetworkSketch drawn;
  for (const SegmentSpec& segment : spec.segments) drawn.segments.push_back(describe(segment));
  for (int l = 1; l <= network.segments(); ++l) drawn.features.push_back(network.features(l));
  drawn.blocks = residual_blocks(spec);
  drawn.inputs = 1;
  for (const std::int64_t size : spec.input) drawn.inputs *= size;
  return drawn;
}

/// What the numbers of a schedule's rate or its metric don't show by themselves; "" mostly.
std::string schedule_note(const Trainer& trainer) {
  const ScheduleSettings schedule = ScheduleSettings::of(trainer.experiment());
  if (schedule.warmup <= 0 || schedule.kind == ScheduleKind::constant) return {};
  const std::string rise = "schedule.warmup: the rate rises over " + std::to_string(schedule.warmup) +
                           (schedule.warmup == 1 ? " epoch" : " epochs");
  if (trainer.beginning().rise_within_schedule)
    return rise + " while the schedule already runs: this run keeps what version 0.1.0 began it with";
  return rise + ", and the schedule begins after them (in version 0.1.0 it began with them)";
}

std::string metric_note(const Trainer& trainer, bool has_validation) {
  const ScheduleSettings schedule = ScheduleSettings::of(trainer.experiment());
  const MeasureDescriptor* metric = find_measure(schedule.metric);
  if (schedule.kind != ScheduleKind::plateau || !has_validation || !metric || metric->phase != Phase::test)
    return {};
  return "schedule.metric=" + schedule.metric + ": the test data decide on the learning rate; " +
         key_in(Phase::validation, metric->family) + " leaves that to the validation data";
}

void add_once(std::vector<std::string>& notes, const std::string& note) {
  if (!note.empty() && std::find(notes.begin(), notes.end(), note) == notes.end()) notes.push_back(note);
}

}  // namespace

RaceInfo Race::prepare(const WorkHooks& hooks) {
  return in_plain_words([&] { return set_up(hooks); });
}

RaceInfo Race::set_up(const WorkHooks& hooks) {
  const Experiment& first = experiments_.front();
  // First of all: a session that fails here still settles what there is.
  epoch_seconds_.assign(experiments_.size(), 0);
  failed_.assign(experiments_.size(), false);
  done_.assign(experiments_.size(), false);
  due_.assign(experiments_.size(), {});
  stop_ = hooks.stop;
  RaceInfo info;
  const RunSettings run = RunSettings::of(first);
  info.threads = choose_threads(run.threads);
  const at::Device device = choose_device(run.device);
  const at::TensorOptions options = at::TensorOptions().dtype(at::kFloat).device(device);
  check_feedback_memory(experiments_, data_shape(first), device.str(), device_memory(device));
  batches_ = make_batches(BatchSettings::of(first), options, hooks);
  const DataShape shape{batches_->sample_shape(), batches_->classes()};
  std::string norms;
  std::map<std::string, std::shared_ptr<StepTapes>> tapes;  // by layers; the input is the same for all
  for (std::size_t i = 0; i < experiments_.size(); ++i) {
    const NetworkSpec spec = build_model(experiments_[i], shape);
    std::shared_ptr<StepTapes>& own = tapes[write_segments(spec.segments)];
    if (!own) own = std::make_shared<StepTapes>();
    trainers_.push_back(std::make_unique<Trainer>(static_cast<int>(i), experiments_[i], spec, options, own));
    if (i < kept_.size()) trainers_.back()->keep(kept_[i]);
    trainers_.back()->check_calibration(*batches_);
    trainers_.back()->hear_stop(hooks.stop);
    if (hooks.stopped()) throw WorkStopped{};
    info.networks.push_back(sketch(spec, trainers_.back()->network()));
    if (norms.empty()) norms = norm_note(spec, batches_->batch_size(), batches_->train_count());
  }
  info.segment_names = info.networks.front().segments;
  steps_per_epoch_ = batches_->per_epoch();
  const TrainSettings train = TrainSettings::of(first);
  total_steps_ = train.epochs * steps_per_epoch_;
  if (train.max_steps > 0) total_steps_ = std::min(total_steps_, train.max_steps);
  for (auto& trainer : trainers_) trainer->set_last_step(total_steps_);
  info.steps_per_epoch = steps_per_epoch_;
  info.total_steps = total_steps_;
  info.feedback_points = trainers_.front()->network().points();
  info.device = device.str();
  info.notes = batches_->notes();
  if (!norms.empty()) info.notes.push_back(norms);
  info.library = library_version();
  info.data_digest = batches_->digest();
  for (const auto& trainer : trainers_) info.beginnings.push_back(trainer->beginning());
  std::vector<std::string> cadences;
  std::int64_t rarest = 0;
  for (const auto& trainer : trainers_) {
    rarest = std::max(rarest, trainer->probe_every());
    add_once(cadences, trainer->probe_every() > 0
                           ? trainer->experiment().rule() + " every " + std::to_string(trainer->probe_every())
                           : trainer->experiment().rule() + " never");
  }
  std::string cadence;
  for (const std::string& own : cadences) cadence += (cadence.empty() ? "" : ", ") + own;
  // In short epochs measurements would cost more than the training that they watch.
  const std::string an_epoch = std::to_string(steps_per_epoch_);
  info.notes.push_back("alignment is measured (steps): " + cadence +
                       (rarest > steps_per_epoch_
                            ? "; an epoch has " + an_epoch + ": probe.every=" + an_epoch + " measures each"
                            : "") +
                       few_measurements_note(first, total_steps_, rarest));
  if (trainers_.front()->network().decoder())
    for (const std::string& key : ProbeSettings::of(first).measures)
      if (any_needs({key}, Need::whole_jacobian))
        info.notes.push_back(key + " is not measured: a language model's mean Jacobian is only estimated");
  if (run.gpu_graphs && !trainers_.front()->replay())
    info.notes.push_back(
        "gpu_graphs: nothing is recorded " +
        (device.is_cuda() ? std::string("by a build without CUDA's headers") : "on " + info.device));
  for (const auto& trainer : trainers_) {
    add_once(info.notes, trainer->start_note());
    add_once(info.notes, schedule_note(*trainer));
    add_once(info.notes, metric_note(*trainer, batches_->validation_count() > 0));
  }
  for (const std::string& note :
       {feedback_note(experiments_, shape),
        activation_note(activation_bytes(experiments_, shape),
                        device.is_cpu() ? static_cast<double>(available_memory()) : 0)})
    if (!note.empty()) info.notes.push_back(note);
  return info;
}

double Race::epoch() const {
  return steps_per_epoch_ > 0 ? static_cast<double>(step_) / static_cast<double>(steps_per_epoch_) : 0;
}

// Runs work(i) for every racer still in the race; one that fails is reported and left behind, unless it was
// the last.
template <class Work>
void Race::for_each_active(Report& report, Work work) {
  for (std::size_t i = 0; i < trainers_.size(); ++i) {
    if (failed_[i] || done_[i]) continue;
    try {
      in_plain_words([&] { work(i); });
    } catch (const RunError& error) {
      failed_[i] = true;
      if (nobody_is_left()) throw;
      Event event;
      event.racer = static_cast<std::uint16_t>(i);
      event.step = step_;
      event.epoch = epoch();
      event.kind = EventKind::failed;
      event.cause = error.what();
      report.events.push_back(event);
    }
  }
}

// Counts what work(trainer) takes as the racer's training, apart from its probes.
template <class Work>
void Race::train(std::size_t racer, Work work) {
  Trainer& trainer = *trainers_[racer];
  const Stopwatch watch;
  work(trainer);
  epoch_seconds_[racer] += std::max(0.0, watch.seconds() - trainer.take_probe_seconds());
}

/// `due` stays set where the work is cut.
template <class Work>
void Race::unless_stopped(bool& due, Work work) {
  if (!due || stopped_) return;
  try {
    work();
    due = false;
  } catch (const WorkStopped&) {
    stopped_ = true;
  }
}

void Race::begin(Report& report) {
  for (std::size_t i = 0; i < trainers_.size(); ++i) due_[i].begin = trainers_[i]->probe_every() > 0;
  catch_up(report);
}

bool Race::anything_due() const {
  for (std::size_t i = 0; i < due_.size(); ++i)
    if (due_[i].any() && !failed_[i] && !done_[i]) return true;
  return false;
}

/// False when it was cut again.
bool Race::catch_up(Report& report) {
  stopped_ = false;
  if (!anything_due()) return true;
  for (std::size_t i = 0; i < trainers_.size(); ++i) {
    unless_stopped(due_[i].begin, [&] {
      const Interruptible guard(stop_);
      in_plain_words([&] { trainers_[i]->probe(*batches_, step_, epoch(), report); });
    });
    trainers_[i]->take_probe_seconds();
  }
  for_each_active(report, [&](std::size_t i) {
    train(i, [&](Trainer& trainer) {
      unless_stopped(due_[i].after_step,
                     [&] { trainer.after_step(*batches_, step_, steps_per_epoch_, report); });
    });
  });
  settle(report);  // the epoch's time is whole
  const std::int64_t index = (step_ - origin_ - 1) / steps_per_epoch_;
  for_each_active(report, [&](std::size_t i) {
    unless_stopped(due_[i].end_epoch, [&] {
      trainers_[i]->end_epoch(*batches_, index, step_, epoch(), epoch_seconds_[i], report);
      epoch_seconds_[i] = 0;
      if (trainers_[i]->best().is_over() && step_ < total_steps_) end_early(i, report);
    });
  });
  return !anything_due();
}

bool Race::step(Report& report) {
  if (!catch_up(report)) return true;
  if (step_ >= total_steps_ || nobody_is_left()) return false;
  ++step_;
  const std::int64_t epoch_index = (step_ - 1) / steps_per_epoch_;
  const Batch& batch =
      *in_plain_words([&] { return &batches_->training(epoch_index, (step_ - 1) % steps_per_epoch_); });
  for_each_active(report, [&](std::size_t i) {
    train(i, [&](Trainer& trainer) {
      trainer.step(batch, step_, steps_per_epoch_, report);
      trainer.probe_traces(step_, epoch(), report);
      due_[i].after_step = true;
      unless_stopped(due_[i].after_step,
                     [&] { trainer.after_step(*batches_, step_, steps_per_epoch_, report); });
    });
  });
  // A run that ends within an epoch is tested where it ends.
  if (step_ % steps_per_epoch_ == 0 || step_ == total_steps_) {
    for (Due& due : due_) due.end_epoch = true;
    if (!stopped_) catch_up(report);
  }
  return (step_ < total_steps_ && !nobody_is_left()) || anything_due();
}

bool Race::nobody_is_left() const {
  for (std::size_t i = 0; i < trainers_.size(); ++i)
    if (!failed_[i] && !done_[i]) return false;
  return true;
}

// A racer's numbers are those of the run alone: it ends by its own patience, whatever the others do.
void Race::end_early(std::size_t racer, Report& report) {
  const BestSoFar& best = trainers_[racer]->best();
  done_[racer] = true;
  Event event;
  event.racer = static_cast<std::uint16_t>(racer);
  event.step = step_;
  event.epoch = epoch();
  event.kind = EventKind::finished;
  event.cause = "ended early after " + std::to_string(step_) + " steps: " + best.measure()->name +
                " has had no new best for " + std::to_string(best.waited()) +
                (best.waited() == 1 ? " epoch" : " epochs") + " (train.patience)";
  event.data = nlohmann::json{{"early_stop", true},
                              {"measure", best.measure()->key},
                              {"best", best.value()},
                              {"best_step", best.step()}}
                   .dump();
  report.events.push_back(event);
}

void Race::settle(Report& report) {
  for_each_active(report,
                  [&](std::size_t i) { train(i, [&](Trainer& trainer) { trainer.settle(report); }); });
}

/// Only where something is due: other checkpoints are as they always were.
void Race::save_due(const Due& due, bool calibrated, std::map<std::string, double>& numbers) {
  if (due.begin) numbers[due_begin] = 1;
  if (due.after_step) numbers[due_after_step] = calibrated ? due_but_calibrated : 1;
  if (due.end_epoch) numbers[due_end_epoch] = 1;
}

/// What rebuilds the network elsewhere, without the data.
void Race::note_data(std::map<std::string, double>& numbers) const {
  const auto note = [&](const std::string& name, const auto& values) {
    for (std::size_t i = 0; i < values.size(); ++i)
      numbers[name + "/" + std::to_string(i)] = static_cast<double>(values[i]);
  };
  const Normalisation taken_off = batches_->normalisation();
  note(mean_numbers, taken_off.mean);
  note(deviation_numbers, taken_off.deviation);
  note(shape_numbers, batches_->sample_shape());
  numbers[classes_number] = static_cast<double>(batches_->classes());
}

CheckpointSet Race::checkpoint() const {
  CheckpointSet set;
  for (std::size_t i = 0; i < trainers_.size(); ++i) {
    Checkpoint checkpoint;
    checkpoint.step = step_;
    checkpoint.epoch = epoch();
    trainers_[i]->save(checkpoint);
    checkpoint.numbers["epoch/seconds"] = epoch_seconds_[i];
    save_due(due_[i], trainers_[i]->calibrated_at(step_), checkpoint.numbers);
    checkpoint.numbers[failed_number] = failed_[i] ? 1 : 0;
    if (done_[i]) checkpoint.numbers[done_number] = 1;
    note_data(checkpoint.numbers);
    if (origin_ > 0) checkpoint.numbers[origin_number] = static_cast<double>(origin_);
    set.racers.push_back(std::move(checkpoint));
  }
  return set;
}

void Race::restore(const CheckpointSet& set) {
  if (set.racers.size() != trainers_.size())
    throw InputError("the checkpoint is of " + std::to_string(set.racers.size()) + " racers, the race has " +
                     std::to_string(trainers_.size()));
  origin_ = origin_step(set.racers.front());
  total_steps_ += origin_;
  for (auto& trainer : trainers_) trainer->set_last_step(total_steps_);
  load(set);
}

void Race::load(const CheckpointSet& set) {
  for (std::size_t i = 0; i < trainers_.size(); ++i) {
    const Checkpoint& checkpoint = set.racers[i];
    trainers_[i]->load(checkpoint);
    step_ = checkpoint.step;
    const auto number = [&](const char* name) { return number_or_zero(checkpoint.numbers, name); };
    epoch_seconds_[i] = number("epoch/seconds");
    failed_[i] = number(failed_number) > 0;
    done_[i] = number(done_number) > 0;
    due_[i] = {number(due_begin) > 0, number(due_after_step) > 0, number(due_end_epoch) > 0};
    if (number(due_after_step) == due_but_calibrated) trainers_[i]->note_calibrated(step_);
  }
}

}  // namespace grapevine
