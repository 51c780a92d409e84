// Forks: new runs that continue from a stored run's last checkpoint with other settings.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/error.h"
#include "engine/experiment/bound_settings.h"
#include "engine/experiment/groups/training_settings.h"
#include "engine/experiment/json_text.h"
#include "engine/experiment/settings.h"
#include "engine/launch/resume.h"
#include "engine/runs/stored_experiment.h"

namespace grapevine {
namespace {

/// What continues is the network, on its data, batch by batch.
bool may_change(const std::string& key, const std::string& rule) {
  const Setting* setting = find_setting(key, rule);
  return setting && setting->may_change_in_fork();
}

/// Of a setting that a race shares.
bool is_shared(const std::string& set, const std::string& rule) {
  const Setting* setting = find_setting(set.substr(0, set.find('=')), rule);
  return setting && setting->scope != Scope::run;
}

/// The run's own settings with these in place of some of them.
Experiment changed(const Experiment& run, const std::vector<std::string>& sets, const std::string& who) {
  const ExperimentPlan plan = make_plan(run.to_json().dump(), "the settings of " + who, {sets, {}});
  const Experiment& made = plan.racers.front();
  for (const auto& [key, value] : made.entries()) {
    const bool differs = !run.has(key) || run.value(key) != value;
    if (differs && !may_change(key, made.rule()))
      throw InputError("--set " + key +
                       ": a fork continues with the same network and the same batches; it may change " +
                       changeable_in_forks() + " (" + key_of(&TrainSettings::epochs) +
                       " counts those of the run it continues, too). For other settings start a new run");
  }
  return made;
}

bool differs_in(const Experiment& one, const Experiment& other, std::string_view group, bool live_too) {
  for (const auto& [key, value] : one.entries()) {
    if (!key.starts_with(group)) continue;
    const Setting* setting = find_setting(key, one.rule());
    if (!live_too && setting && setting->live) continue;
    if (!other.has(key) || other.value(key) != value) return true;
  }
  return false;
}

void forget(Checkpoint& state, std::string_view beginning, const char* number) {
  std::erase_if(state.arrays, [&](const auto& entry) { return entry.first.starts_with(beginning); });
  state.numbers[number] = 1;
}

}  // namespace

void begin_fork(Checkpoint& state, const Experiment& fork) {
  const auto found = state.arrays.find("experiment");
  if (found != state.arrays.end()) {
    const Experiment parent = Experiment::from_json(parse_document(
        {reinterpret_cast<const char*>(found->second.bytes.data()), found->second.bytes.size()},
        "the settings in the checkpoint"));
    if (parent.rule() != fork.rule() || differs_in(parent, fork, rule_group, false)) {
      forget(state, "rule/", new_rule_number);
      std::erase_if(state.numbers, [](const auto& entry) { return entry.first.starts_with("frozen/"); });
    }
    if (OptimizerSettings::of(parent).kind != OptimizerSettings::of(fork).kind) {
      forget(state, "optimizer/", new_optimizer_number);
      state.numbers.erase("optimizer/updates");
    }
    state.arrays.erase(found);  // its live settings would take the place of the fork's
  }
  state.numbers.erase(done_number);
  state.numbers.erase(failed_number);
  state.seconds = 0;
}

Continuation read_fork(const std::string& database, const ForkRequest& fork,
                       const std::optional<std::string>& device, const std::optional<std::string>& threads) {
  { const RunReader readable(database); }
  mark_interrupted(database);
  RunReader reader(database);
  const RunReader::Beginning begin = reader.fork_from(fork.id);
  const Checkpoint& state = begin.set.racers.front();
  const RunData parent = reader.load(fork.id);
  Experiment as_it_is = stored_experiment(parent);
  take_live_changes(as_it_is, state);
  set_machine(as_it_is, device, threads);
  const std::string who = "run " + std::to_string(fork.id);
  Continuation all;
  std::vector<std::string> shared;
  std::copy_if(fork.sets.begin(), fork.sets.end(), std::back_inserter(shared),
               [&](const std::string& set) { return is_shared(set, as_it_is.rule()); });
  if (!fork.alone) all.plan.racers.push_back(changed(as_it_is, shared, who));
  all.plan.racers.push_back(changed(as_it_is, fork.sets, who));
  if (!fork.alone && all.plan.racers[0] == all.plan.racers[1])
    throw InputError("a fork of " + who +
                     " that changes nothing would race against itself: give what it is to " +
                     "do otherwise, as --set rule.name=dfa");
  all.plan.is_race = !fork.alone;
  forget_starting_weights(all.plan);
  CheckpointSet first;
  for (const Experiment& racer : all.plan.racers) {
    first.racers.push_back(state);
    begin_fork(first.racers.back(), racer);
    all.race.origins.push_back(begin.origins.front());
  }
  all.race.forks = true;
  all.race.resumed_step = state.step;
  all.checkpoint = std::move(first);
  all.trained = fork.id;
  all.data_digest = parent.data_digest;
  all.begins_from = words_of(begin.origins.front());
  return all;
}

}  // namespace grapevine
