#include "engine/training/race.h"

#include <algorithm>
#include <chrono>
#include <map>

#include "engine/error.h"
#include "engine/experiment/groups/run_settings.h"
#include "engine/experiment/own_network.h"
#include "engine/experiment/registry.h"
#include "engine/experiment/settings.h"
#include "engine/models/model.h"
#include "engine/nn/device.h"
#include "engine/nn/norm_values.h"
#include "engine/nn/plain_errors.h"
#include "engine/training/feedback_memory.h"

namespace grapevine {
namespace {

double since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

NetworkSketch sketch(const NetworkSpec& spec, const Network& network) {
  NetworkSketch drawn;
  for (const SegmentSpec& segment : spec.segments) drawn.segments.push_back(describe(segment));
  for (int l = 1; l <= network.segments(); ++l) drawn.features.push_back(network.features(l));
  drawn.inputs = 1;
  for (const std::int64_t size : spec.input) drawn.inputs *= size;
  return drawn;
}

}  // namespace

RaceInfo Race::prepare(const WorkHooks& hooks) {
  return in_plain_words([&] { return set_up(hooks); });
}

RaceInfo Race::set_up(const WorkHooks& hooks) {
  const Experiment& first = experiments_.front();
  // First of all: a session that fails here still settles what there is.
  epoch_seconds_.assign(experiments_.size(), 0);
  fallen_.assign(experiments_.size(), false);
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
    trainers_.back()->check_calibration(*batches_);
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
  std::string cadence;
  for (const auto& trainer : trainers_) {
    const std::string own = trainer->probe_every() > 0 ? trainer->experiment().rule() + " every " +
                                                             std::to_string(trainer->probe_every())
                                                       : trainer->experiment().rule() + " never";
    cadence += (cadence.empty() ? "" : ", ") + own;
  }
  info.notes.push_back("alignment is measured (steps): " + cadence);
  if (trainers_.front()->network().decoder())
    for (const std::string& key : ProbeSettings::of(first).measures)
      if (any_needs({key}, Need::whole_jacobian))
        info.notes.push_back(key + " is not measured: a language model's mean Jacobian is only estimated");
  if (run.gpu_graphs && !trainers_.front()->replay())
    info.notes.push_back(
        "gpu_graphs: nothing is recorded " +
        (device.is_cuda() ? std::string("by a build without CUDA's headers") : "on " + info.device));
  if (const std::string note = feedback_note(experiments_, shape); !note.empty()) info.notes.push_back(note);
  return info;
}

double Race::epoch() const {
  return steps_per_epoch_ > 0 ? static_cast<double>(step_) / static_cast<double>(steps_per_epoch_) : 0;
}

// Runs work(i) for every racer still in the race; one that fails is told and left behind, unless it was the
// last.
template <class Work>
void Race::for_the_living(Report& report, Work work) {
  for (std::size_t i = 0; i < trainers_.size(); ++i) {
    if (fallen_[i]) continue;
    try {
      const auto begin = std::chrono::steady_clock::now();
      in_plain_words([&] { work(i); });
      epoch_seconds_[i] += since(begin);
    } catch (const RunError& error) {
      fallen_[i] = true;
      bool others = false;
      for (bool fallen : fallen_) others = others || !fallen;
      if (!others) throw;
      Event event;
      event.racer = static_cast<std::uint16_t>(i);
      event.step = step_;
      event.epoch = epoch();
      event.kind = "failed";
      event.cause = error.what();
      report.events.push_back(event);
    }
  }
}

void Race::begin(Report& report) {
  for (auto& trainer : trainers_)
    if (trainer->probe_every() > 0) in_plain_words([&] { trainer->probe(*batches_, 0, 0, report); });
}

bool Race::step(Report& report) {
  if (step_ >= total_steps_) return false;
  ++step_;
  const std::int64_t epoch_index = (step_ - 1) / steps_per_epoch_;
  const Batch& batch =
      *in_plain_words([&] { return &batches_->training(epoch_index, (step_ - 1) % steps_per_epoch_); });
  for_the_living(report, [&](std::size_t i) {
    trainers_[i]->step(batch, step_, steps_per_epoch_, report);
    trainers_[i]->after_step(*batches_, step_, steps_per_epoch_, report);
  });
  // A run that ends within an epoch is tested where it ends.
  if (step_ % steps_per_epoch_ == 0 || step_ == total_steps_) {
    settle(report);  // the epoch's time is whole
    for_the_living(report, [&](std::size_t i) {
      trainers_[i]->end_epoch(*batches_, step_, epoch(), epoch_seconds_[i], report);
      epoch_seconds_[i] = 0;
    });
  }
  return step_ < total_steps_;
}

void Race::settle(Report& report) {
  for_the_living(report, [&](std::size_t i) { trainers_[i]->settle(report); });
}

CheckpointSet Race::checkpoint() const {
  CheckpointSet set;
  for (std::size_t i = 0; i < trainers_.size(); ++i) {
    Checkpoint checkpoint;
    checkpoint.step = step_;
    checkpoint.epoch = epoch();
    trainers_[i]->save(checkpoint);
    checkpoint.numbers["epoch/seconds"] = epoch_seconds_[i];
    checkpoint.numbers[fallen_number] = fallen_[i] ? 1 : 0;
    set.racers.push_back(std::move(checkpoint));
  }
  return set;
}

void Race::restore(const CheckpointSet& set) {
  if (set.racers.size() != trainers_.size())
    throw InputError("the checkpoint is of " + std::to_string(set.racers.size()) + " racers, the race has " +
                     std::to_string(trainers_.size()));
  for (std::size_t i = 0; i < trainers_.size(); ++i) {
    const Checkpoint& checkpoint = set.racers[i];
    trainers_[i]->load(checkpoint);
    step_ = checkpoint.step;
    const auto number = [&](const char* name) {
      const auto found = checkpoint.numbers.find(name);
      return found == checkpoint.numbers.end() ? 0.0 : found->second;
    };
    epoch_seconds_[i] = number("epoch/seconds");
    fallen_[i] = number(fallen_number) > 0;
  }
}

void Race::set(int racer, std::string_view key, std::string_view value) {
  bool known = false;
  for (std::size_t i = 0; i < trainers_.size(); ++i) {
    if (racer >= 0 && static_cast<std::size_t>(racer) != i) continue;
    const Setting* setting = find_setting(key, trainers_[i]->experiment().rule());
    if (!setting) continue;
    known = true;
    if (!setting->live)
      throw InputError(std::string(key) + " can't change while a run goes on; stop it and start a new one");
    trainers_[i]->set(key, parse_value(*setting, value));
  }
  if (!known) throw InputError("there is no setting '" + std::string(key) + "' for these rules");
}

void Race::calibrate(int racer, std::string_view cause, Report& report) {
  settle(report);  // who has fallen is known first
  bool any = false;
  for (std::size_t i = 0; i < trainers_.size(); ++i) {
    if ((racer >= 0 && static_cast<std::size_t>(racer) != i) || fallen_[i] || !trainers_[i]->calibrates())
      continue;
    in_plain_words([&] { trainers_[i]->calibrate(*batches_, step_, epoch(), std::string(cause), report); });
    any = true;
  }
  if (any) return;
  std::string fitting;
  for (const RuleDescriptor& rule : rules())
    if (rule.calibrates) fitting += (fitting.empty() ? "" : ", ") + rule.key;
  throw InputError("none of these rules calibrates: calibration goes with the direct rules (" + fitting +
                   ")");
}

}  // namespace grapevine
