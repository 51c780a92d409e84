// Commands to a race's racers between two steps: settings, calibrations, lesions, and taking one back.
#include <algorithm>

#include "engine/error.h"
#include "engine/experiment/registry.h"
#include "engine/experiment/settings.h"
#include "engine/experiment/shown.h"
#include "engine/nn/plain_errors.h"
#include "engine/session/interruption.h"
#include "engine/training/race.h"

namespace grapevine {

/// That racer, or all for -1.
std::vector<std::size_t> Race::meant(int racer) const {
  std::vector<std::size_t> all;
  for (std::size_t i = 0; i < trainers_.size(); ++i)
    if (racer < 0 || static_cast<std::size_t>(racer) == i) all.push_back(i);
  if (all.empty())
    throw InputError("there is no racer " + std::to_string(racer + 1) + ": the race has " +
                     std::to_string(trainers_.size()));
  return all;
}

void Race::check(const LiveChange& change) const {
  std::string why;
  bool possible = false;
  for (const std::size_t i : meant(change.racer)) {
    const Trainer& trainer = *trainers_[i];
    std::string refusal;
    if (change.kind == LiveChange::Kind::set) {
      const Setting* setting = find_setting(change.key, trainer.experiment().rule());
      if (setting && !setting->live)
        throw InputError(change.key +
                         " can't change while a run is in progress; stop it and start a new one");
      if (setting) parse_value(*setting, change.value);
      if (!setting) refusal = "there is no setting '" + shown(change.key) + "' for these rules";
      if (const std::string near = nearest_key(change.key, trainer.experiment().rule());
          !setting && !near.empty())
        refusal += "; did you mean " + near + "?";
    } else if (change.kind == LiveChange::Kind::calibrate) {
      if (!trainer.calibrates()) refusal = "-";
    } else {
      refusal = trainer.refusal(change);
    }
    possible = possible || refusal.empty();
    // Of several reasons that of a rule which has such feedback says more.
    if (why.empty() || grapevine::refusal(change, *find_rule(trainer.experiment().rule())).empty())
      why = refusal;
  }
  if (possible) return;
  if (change.kind != LiveChange::Kind::calibrate) throw InputError(why);
  std::string fitting;
  for (const RuleDescriptor& rule : rules())
    if (rule.calibrates) fitting += (fitting.empty() ? "" : ", ") + rule.key;
  throw InputError("none of these rules calibrates: calibration goes with the direct rules (" + fitting +
                   ")");
}

void Race::set(int racer, std::string_view key, std::string_view value) {
  const LiveChange change = LiveChange::setting(std::string(key), std::string(value), racer);
  check(change);
  for (const std::size_t i : meant(racer))
    if (const Setting* setting = find_setting(key, trainers_[i]->experiment().rule()))
      trainers_[i]->set(key, parse_value(*setting, value));
}

void Race::calibrate(int racer, std::string_view cause, Report& report) {
  check(LiveChange::calibration(racer));
  settle(report);  // which racers have failed is known first
  if (!catch_up(report)) throw WorkStopped{};
  bool any = false;
  for (const std::size_t i : meant(racer)) {
    if (failed_[i] || done_[i] || !trainers_[i]->calibrates()) continue;
    const Interruptible guard(any ? std::function<bool()>() : stop_);  // all of them or none
    in_plain_words([&] { trainers_[i]->calibrate(*batches_, step_, epoch(), std::string(cause), report); });
    any = true;
  }
  if (!any) throw InputError("the racers that calibrate are no longer in the race");
}

void Race::intervene(const LiveChange& change, Report& report) {
  check(change);
  settle(report);
  if (!catch_up(report)) throw WorkStopped{};
  bool any = false;
  for (const std::size_t i : meant(change.racer)) {
    if (failed_[i] || done_[i] || !trainers_[i]->refusal(change).empty()) continue;
    const Interruptible guard(any ? std::function<bool()>() : stop_);  // all of them or none
    in_plain_words([&] { trainers_[i]->intervene(change, *batches_, step_, epoch(), report); });
    any = true;
  }
  if (!any) throw InputError("who has such feedback is no longer in the race");
}

void Race::put_back(const CheckpointSet& set) {
  load(set);
}

std::int64_t Race::checkpoint_size() const {
  std::int64_t bytes = 0;
  for (const auto& trainer : trainers_) bytes += trainer->checkpoint_size();
  return bytes;
}

}  // namespace grapevine
