#include "engine/launch/queueing.h"

#include <map>
#include <nlohmann/json.hpp>
#include <numeric>
#include <optional>
#include <set>

#include "engine/error.h"
#include "engine/experiment/content_uuid.h"
#include "engine/experiment/groups/data_settings.h"
#include "engine/experiment/groups/model_settings.h"
#include "engine/experiment/groups/rule_name.h"
#include "engine/experiment/groups/run_settings.h"
#include "engine/experiment/groups/training_settings.h"
#include "engine/experiment/registry.h"
#include "engine/launch/paper_cells.h"
#include "engine/runs/setting_differences.h"
#include "engine/runs/stored_settings.h"

namespace grapevine {
namespace {

constexpr std::string_view racers_of_a_plan = "race";

ExperimentPlan plan_of(const std::string& text) {
  return make_plan(text, "the queued experiment", {});
}

std::optional<ExperimentPlan> readable_plan(const std::string& text) {
  try {
    return plan_of(text);
  } catch (const Error&) {
    return std::nullopt;
  }
}

/// "lr 0.01, batch 32" an experiment: what else than rule and seed tells it from the others.
std::vector<std::string> texts_of_differences(const std::vector<std::string>& experiments) {
  std::vector<std::string> texts(experiments.size()), rules;
  for (const std::string& experiment : experiments)
    rules.push_back(StoredSettings::of(experiment).given(&RuleName::name).value_or(""));
  for (const SettingDifference& difference : setting_differences(experiments)) {
    const bool is_in_the_title =
        difference.is_the_seed() || difference.is_the_rule() || difference.key == racers_of_a_plan;
    if (is_in_the_title || !difference.tells_apart(rules)) continue;
    for (std::size_t i = 0; i < texts.size(); ++i)
      if (const std::string words = difference.words_of(i); !words.empty())
        texts[i] += (texts[i].empty() ? "" : ", ") + words;
  }
  return texts;
}

void add_differences(const std::vector<QueueEntry>& entries, const std::vector<std::size_t>& members,
                     std::vector<std::string>& titles) {
  std::vector<std::string> experiments;
  for (const std::size_t i : members) experiments.push_back(entries[i].plan);
  const std::vector<std::string> apart = texts_of_differences(experiments);
  for (std::size_t k = 0; k < members.size(); ++k) {
    std::string& title = titles[members[k]];
    if (!apart[k].empty()) title.insert(title.rfind(", seed "), ", " + apart[k]);
  }
}

/// A cell of the papers' tables by its table and row, and not by the settings that tell it from others.
void name_by_table(const std::string& text, std::string& title) {
  const std::optional<ExperimentPlan> plan = readable_plan(text);
  if (!plan || plan->racers.size() != 1) return;
  try {
    if (const std::string place = paper_title_of(plan->racers.front()); !place.empty())
      title = place + title.substr(title.rfind(", seed "));
  } catch (const Error&) {
    // Without the presets there are no tables.
  }
}

}  // namespace

Queued queued_plan(const ExperimentPlan& plan, int seeds) {
  Queued queued;
  ExperimentPlan each = plan;
  for (Experiment& racer : each.racers) make_folders_absolute(racer);
  const std::int64_t first = RunSettings::of(plan.racers.front()).seed;
  for (int i = 0; i < seeds; ++i) {
    for (Experiment& racer : each.racers) racer.set(key_of(&RunSettings::seed), first + i);
    queued.plans.push_back(plan_to_json(each).dump());
  }
  if (seeds > 1) queued.group_uuid = uuid_of_content(queued.plans.front());
  return queued;
}

Queued queued_cells(const Sweep& sweep, const std::vector<std::size_t>& which) {
  Queued queued;
  queued.group_uuid = sweep.uuid;
  for (const std::size_t i : which) {
    ExperimentPlan plan;
    plan.racers = {sweep.cells[i].experiment};
    make_folders_absolute(plan.racers.front());
    queued.plans.push_back(plan_to_json(plan).dump());
  }
  return queued;
}

Queued queued_sweep(const Sweep& sweep) {
  std::vector<std::size_t> all(sweep.cells.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  return queued_cells(sweep, all);
}

std::vector<std::int64_t> add_to_queue(RunQueue& queue, const Queued& queued) {
  if (!queued.once) return queue.add(queued.plans, queued.group_uuid);
  std::set<std::string> present;
  for (const QueueEntry& entry : queue.list())
    if (entry.state == QueueState::waiting || entry.state == QueueState::running) present.insert(entry.plan);
  std::vector<std::string> plans;
  for (const std::string& plan : queued.plans)
    if (present.insert(plan).second) plans.push_back(plan);
  return queue.add(plans, queued.group_uuid);
}

LaunchRequest request_of(const QueueTurn& turn, bool beside) {
  LaunchRequest request;
  if (turn.resumed_run != 0) {
    request.resumed_id = turn.resumed_run;
    return request;
  }
  request.plan = plan_of(turn.entry.plan);
  // A race has a group of its own.
  if (!request.plan.is_race) request.sweep_uuid = turn.entry.group_uuid;
  for (Experiment& racer : request.plan.racers)
    if (beside && RunSettings::of(racer).threads == 0)
      racer.set(key_of(&RunSettings::threads), std::int64_t{1});
  return request;
}

std::string title_of_plan(const std::string& text) {
  const std::optional<ExperimentPlan> plan = readable_plan(text);
  if (!plan) return "";
  std::string rules;
  for (const std::string& label : racer_labels(plan->racers)) rules += (rules.empty() ? "" : ", ") + label;
  const Experiment& first = plan->racers.front();
  const ModelDescriptor* model = find_model(ModelSettings::of(first).name);
  const DataDescriptor* data = find_data(DataSettings::of(first).name);
  return rules + " · " + (model ? model->name : ModelSettings::of(first).name) + " on " +
         (data ? data->name : DataSettings::of(first).name) + ", seed " +
         std::to_string(RunSettings::of(first).seed);
}

std::vector<std::string> titles_of(const std::vector<QueueEntry>& entries) {
  std::vector<std::string> titles(entries.size());
  std::map<std::string, std::vector<std::size_t>> groups;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    titles[i] = title_of_plan(entries[i].plan);
    if (entries[i].group_uuid.empty()) name_by_table(entries[i].plan, titles[i]);
    if (!entries[i].group_uuid.empty() && !titles[i].empty()) groups[entries[i].group_uuid].push_back(i);
  }
  for (const auto& [uuid, members] : groups) add_differences(entries, members, titles);
  // Single ones that would be called the same, as two variants of a rule.
  std::map<std::string, std::vector<std::size_t>> namesakes;
  for (std::size_t i = 0; i < entries.size(); ++i)
    if (!titles[i].empty()) namesakes[titles[i]].push_back(i);
  for (const auto& [title, members] : namesakes)
    if (members.size() > 1) add_differences(entries, members, titles);
  return titles;
}

std::string device_of_plan(const std::string& text) {
  const std::optional<ExperimentPlan> plan = readable_plan(text);
  return plan ? RunSettings::of(plan->racers.front()).device : "";
}

double epochs_of_plan(const std::string& text) {
  const std::optional<ExperimentPlan> plan = readable_plan(text);
  return plan ? static_cast<double>(TrainSettings::of(plan->racers.front()).epochs) : 0;
}

}  // namespace grapevine
