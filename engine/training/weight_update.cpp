#include "engine/training/weight_update.h"

#include <utility>

#include "engine/experiment/groups/segment_rate_settings.h"
#include "engine/experiment/measure.h"
#include "engine/experiment/registry.h"
#include "engine/training/checkpoint_numbers.h"
#include "engine/training/segment_rates.h"

namespace grapevine {

UpdateSettings UpdateSettings::of(const Experiment& experiment) {
  return {OptimizerSettings::of(experiment), ScheduleSettings::of(experiment),
          TrainSettings::of(experiment).epochs, SegmentRateSettings::of(experiment).lr_scale};
}

WeightUpdate::WeightUpdate(const UpdateSettings& settings, const Network& network)
    : settings_(settings), optimizer_(make_optimizer(settings.optimizer, network.values().flat())) {
  check_segment_rates(network.spec(), settings.rate_scales);
  optimizer_->parts = segment_rates(network.layout(), settings.rate_scales);
}

double WeightUpdate::rate(std::int64_t step, std::int64_t steps_per_epoch) const {
  const std::int64_t own_step = step - origin_, epoch_index = (own_step - 1) / steps_per_epoch;
  const ScheduleSettings& schedule = settings_.schedule;
  const double factor = schedule.kind == ScheduleKind::noam
                            ? noam_factor(schedule, own_step)
                            : schedule_factor(schedule, epoch_index, settings_.epochs, rise_);
  return settings_.optimizer.lr * factor * plateau_.factor;
}

bool WeightUpdate::note_rate(double rate) {
  return std::exchange(last_rate_, rate) != rate;
}

void WeightUpdate::apply(at::Tensor& values, at::Tensor& gradients, double rate, double rule_decay) {
  clip_gradients(gradients, settings_.optimizer.clip);
  optimizer_->weight_decay = settings_.optimizer.weight_decay + rule_decay;
  optimizer_->step(values, gradients, rate);
}

void WeightUpdate::watch(const EpochNumbers& numbers, std::int64_t index) {
  const ScheduleSettings& schedule = settings_.schedule;
  if (schedule.kind != ScheduleKind::plateau) return;
  if (index < schedule.warmup && rise_ == Rise::before_schedule) return;
  const MeasureDescriptor* metric = find_measure(schedule.metric);
  const auto value = numbers.find(schedule.metric);
  if (metric && value != numbers.end())
    plateau_.note(value->second, schedule.decay, schedule.patience, metric->better);
}

std::string WeightUpdate::words() const {
  static const std::map<OptimizerKind, std::string> names{{OptimizerKind::sgd, "SGD"},
                                                          {OptimizerKind::adam, "Adam"},
                                                          {OptimizerKind::adamw, "AdamW"},
                                                          {OptimizerKind::rmsprop, "RMSprop"}};
  const OptimizerSettings& settings = settings_.optimizer;
  if (settings.kind == OptimizerKind::sgd && settings.momentum == 0 && optimizer_->weight_decay == 0)
    return "";
  return names.at(settings.kind);
}

void WeightUpdate::save(std::map<std::string, double>& numbers) const {
  numbers["optimizer/updates"] = static_cast<double>(optimizer_->updates);
  numbers["learning_rate"] = last_rate_;
  numbers["plateau/begun"] = plateau_.begun ? 1 : 0;
  numbers["plateau/best"] = plateau_.best;
  numbers["plateau/factor"] = plateau_.factor;
  numbers["plateau/standing"] = plateau_.standing;
}

void WeightUpdate::load(const std::map<std::string, double>& numbers, std::int64_t origin, bool begins) {
  const auto number = [&](const char* name) { return number_or_zero(numbers, name); };
  optimizer_->updates = static_cast<std::int64_t>(number("optimizer/updates"));
  origin_ = origin;
  plateau_ = begins ? Plateau{}
                    : Plateau{number("plateau/best"), number("plateau/factor"), number("plateau/standing"),
                              number("plateau/begun") > 0};
  last_rate_ = begins ? -1 : number("learning_rate");
}

}  // namespace grapevine
