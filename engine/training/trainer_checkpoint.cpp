// What a checkpoint holds of a trainer, and how it continues from one.
#include <nlohmann/json.hpp>

#include "engine/error.h"
#include "engine/experiment/registry.h"
#include "engine/experiment/settings.h"
#include "engine/nn/arrays.h"
#include "engine/training/trainer.h"

namespace grapevine {
namespace {

const std::string probe_prefix = "probe/";
const std::string frozen_prefix = "frozen/";  // and a layer, whose feedback takes no updates

}  // namespace

NamedTensors Trainer::tensors() const {
  NamedTensors all{{"weights", network_.values().flat()}};
  for (const auto& [name, tensor] : network_.states()) all.emplace_back("states/" + name, tensor);
  for (auto& [name, tensor] : rule_->state()) all.emplace_back("rule/" + name, tensor);
  for (auto& [name, tensor] : optimizer_->state()) all.emplace_back("optimizer/" + name, tensor);
  for (auto& entry : calibration_->state()) all.push_back(entry);
  return all;
}

void Trainer::save(Checkpoint& checkpoint) const {
  for (const auto& [name, tensor] : tensors()) checkpoint.arrays[name] = to_array(tensor);
  checkpoint.numbers["optimizer/updates"] = static_cast<double>(optimizer_->updates);
  checkpoint.numbers["calibration/count"] = static_cast<double>(calibration_->count);
  const std::vector<double> trigger = calibration_->trigger_state();
  for (std::size_t i = 0; i < trigger.size(); ++i)
    checkpoint.numbers["calibration/detector/" + std::to_string(i)] = trigger[i];
  for (const int layer : rule_->frozen()) checkpoint.numbers[frozen_prefix + std::to_string(layer)] = 1;
  checkpoint.numbers["epoch/loss"] = epoch_loss_;
  checkpoint.numbers["epoch/correct"] = epoch_correct_;
  checkpoint.numbers["epoch/count"] = epoch_count_;
  checkpoint.numbers["learning_rate"] = last_rate_;
  best_.save(checkpoint.numbers);
  checkpoint.best = keeps_best_ && best_.step() == checkpoint.step;
  checkpoint.numbers["plateau/begun"] = plateau_.begun ? 1 : 0;
  checkpoint.numbers["plateau/best"] = plateau_.best;
  checkpoint.numbers["plateau/factor"] = plateau_.factor;
  checkpoint.numbers["plateau/standing"] = plateau_.standing;
  for (const auto& [name, number] : past_.numbers) checkpoint.numbers[probe_prefix + name] = number;
  // Settings may have changed on the way; a resumed run starts from those that held here.
  const std::string settings = experiment_.to_json().dump();
  checkpoint.arrays["experiment"] = {
      "u8", {static_cast<std::int64_t>(settings.size())}, {settings.begin(), settings.end()}};
}

std::int64_t Trainer::checkpoint_size() const {
  std::int64_t bytes = 0;
  for (const auto& [name, tensor] : tensors()) bytes += static_cast<std::int64_t>(tensor.nbytes());
  return bytes;
}

void Trainer::load(const Checkpoint& checkpoint) {
  forget_recording();
  // First: what is frozen may have state of its own.
  for (const int layer : rule_->feedback_layers())
    rule_->freeze(layer, checkpoint.numbers.contains(frozen_prefix + std::to_string(layer)));
  for (auto& [name, tensor] : tensors()) {
    const auto found = checkpoint.arrays.find(name);
    const bool begins_anew =
        (name.starts_with("rule/") && checkpoint.numbers.contains(new_rule_number)) ||
        (name.starts_with("optimizer/") && checkpoint.numbers.contains(new_optimizer_number));
    if (found == checkpoint.arrays.end() && begins_anew) continue;
    if (found == checkpoint.arrays.end())
      throw InputError("the checkpoint has no '" + name +
                       "': it belongs to another experiment or an older version");
    from_array(found->second, name, tensor);
  }
  const auto number = [&](const char* name) {
    const auto found = checkpoint.numbers.find(name);
    return found == checkpoint.numbers.end() ? 0.0 : found->second;
  };
  optimizer_->updates = static_cast<std::int64_t>(number("optimizer/updates"));
  calibration_->count = static_cast<std::int64_t>(number("calibration/count"));
  std::vector<double> trigger;
  for (std::size_t i = 0;; ++i) {
    const auto found = checkpoint.numbers.find("calibration/detector/" + std::to_string(i));
    if (found == checkpoint.numbers.end()) break;
    trigger.push_back(found->second);
  }
  calibration_->restore_trigger(trigger);
  epoch_loss_ = number("epoch/loss");
  epoch_correct_ = number("epoch/correct");
  epoch_count_ = number("epoch/count");
  origin_ = origin_step(checkpoint);
  past_.numbers.clear();
  // A new run that begins with another one's state (begin_new_run(): its clock is at 0) has its own schedule
  // before it, its own best and its own sums, whatever the other one's had come to.
  const bool begins = origin_ > 0 && checkpoint.step == origin_ && checkpoint.seconds == 0;
  if (begins) {
    plateau_ = {};
    last_rate_ = -1;
  } else {
    best_.load(checkpoint.numbers);
    plateau_ = {number("plateau/best"), number("plateau/factor"), number("plateau/standing"),
                number("plateau/begun") > 0};
    last_rate_ = number("learning_rate");
    for (const auto& [name, value] : checkpoint.numbers)
      if (name.starts_with(probe_prefix)) past_.numbers[name.substr(probe_prefix.size())] = value;
  }
  const auto settings = checkpoint.arrays.find("experiment");
  if (settings == checkpoint.arrays.end()) return;
  const Experiment then = Experiment::from_json(
      nlohmann::json::parse(settings->second.bytes.begin(), settings->second.bytes.end()));
  for (const auto& [key, value] : then.entries()) {
    const Setting* setting = find_setting(key, experiment_.rule());
    if (setting && setting->live && experiment_.value(key) != value) set(key, value);
  }
}

}  // namespace grapevine
