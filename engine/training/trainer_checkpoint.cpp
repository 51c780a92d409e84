// What a checkpoint holds of a trainer, and how it continues from one.
#include <nlohmann/json.hpp>

#include "engine/error.h"
#include "engine/experiment/registry.h"
#include "engine/experiment/settings.h"
#include "engine/nn/arrays.h"
#include "engine/training/trainer.h"

namespace grapevine {
namespace {

const std::string frozen_prefix = "frozen/";  // and a layer, whose feedback takes no updates

}  // namespace

NamedTensors Trainer::tensors() const {
  NamedTensors all{{"weights", network_.values().flat()}};
  for (const auto& [name, tensor] : network_.states()) all.emplace_back("states/" + name, tensor);
  for (auto& [name, tensor] : rule_->state()) all.emplace_back("rule/" + name, tensor);
  for (auto& [name, tensor] : update_.state()) all.emplace_back("optimizer/" + name, tensor);
  for (const auto& entry : calibration_.state()) all.push_back(entry);
  return all;
}

void Trainer::save(Checkpoint& checkpoint) const {
  for (const auto& [name, tensor] : tensors()) checkpoint.arrays[name] = to_array(tensor);
  for (const int layer : rule_->frozen()) checkpoint.numbers[frozen_prefix + std::to_string(layer)] = 1;
  update_.save(checkpoint.numbers);
  calibration_.save(checkpoint.numbers);
  losses_.save(checkpoint.numbers);
  measuring_.save(checkpoint.numbers);
  best_.save(checkpoint.numbers);
  checkpoint.best = keeps_best_ && best_.step() == checkpoint.step;
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
  // A new run that begins with another one's state (begin_new_run(): its clock is at 0) has its own schedule
  // before it, its own best and its own sums, whatever the other one's had come to.
  const std::int64_t origin = origin_step(checkpoint);
  const bool begins = origin > 0 && checkpoint.step == origin && checkpoint.seconds == 0;
  update_.load(checkpoint.numbers, origin, begins);
  calibration_.load(checkpoint.numbers);
  losses_.load(checkpoint.numbers);
  if (begins) {
    measuring_.forget_past();
  } else {
    measuring_.load(checkpoint.numbers);
    best_.load(checkpoint.numbers);
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
