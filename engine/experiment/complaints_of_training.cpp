// What doesn't go together in training: schedules, alerts, what is monitored, the device's name.
#include "engine/error.h"
#include "engine/experiment/alert.h"
#include "engine/experiment/complaints.h"
#include "engine/experiment/groups/alert_settings.h"
#include "engine/experiment/groups/data_settings.h"
#include "engine/experiment/groups/run_settings.h"
#include "engine/experiment/groups/training_settings.h"
#include "engine/experiment/monitor.h"
#include "engine/experiment/nearest.h"
#include "engine/experiment/registry.h"

namespace grapevine {
namespace {

/// What plateau looks at has to be measured.
void about_metric(const Experiment& experiment, const std::string& key, Complaints& all) {
  const MeasureDescriptor* metric = find_measure(key);
  const DataDescriptor* data = find_data(DataSettings::of(experiment).name);
  if (!metric || !data) return;
  const std::string named = "schedule.metric=" + key;
  if (metric->phase == Phase::validation && !validates(experiment))
    all.push_back({"schedule.metric", named + " needs validation data: set data.validation"});
  if (metric->quantity == Quantity::share && data->text)
    all.push_back({"schedule.metric", named + ": a language model has a perplexity in the accuracy's place"});
  if (metric->quantity == Quantity::perplexity && !data->text)
    all.push_back({"schedule.metric", named + ": only a language model has a perplexity; use an accuracy"});
}

bool is_device(const std::string& word) {
  const bool cuda_number = word.starts_with("cuda:") && word.size() > 5 && word.size() < 8 &&
                           word.find_first_not_of("0123456789", 5) == std::string::npos;
  return word == "auto" || word == "cpu" || word == "cuda" || cuda_number;
}

/// "; did you mean cuda:1?" for CUDA:1, cuda1 and gpu:1, for slips too; "" for what is like none.
std::string device_meant(const std::string& given) {
  std::string word = in_lower_case(given);
  if (word.starts_with("gpu")) word.replace(0, 3, "cuda");
  if (word.starts_with("cuda") && word.size() > 4 && word[4] != ':')
    word = "cuda:" + word.substr(word.find_first_of("0123456789") == 4 ? 4 : 5);
  if (!is_device(word)) {
    const std::vector<std::string> near = nearest_words(word, {"cuda", "cpu", "auto"}, 1);
    word = near.empty() ? "" : near.front();
  }
  return word.empty() ? "" : "; did you mean " + word + "?";
}

void about_schedule(const Experiment& experiment, Complaints& all) {
  const ScheduleSettings asked = ScheduleSettings::of(experiment);
  if (asked.kind == ScheduleKind::multistep && asked.milestones.empty())
    all.push_back({"schedule.milestones",
                   "schedule.milestones is empty, so that schedule.name=multistep would never "
                   "lower the rate; list the epochs, as 10,20"});
  if (asked.kind == ScheduleKind::plateau) about_metric(experiment, asked.metric, all);
  if (asked.kind == ScheduleKind::noam && asked.warmup > 0)
    all.push_back({"schedule.warmup", "schedule.warmup=" + std::to_string(asked.warmup) +
                                          ": noam rises by itself, over schedule.warmup_steps; set "
                                          "schedule.warmup=0"});
}

void about_run(const Experiment& experiment, Complaints& all) {
  const RunSettings asked = RunSettings::of(experiment);
  constexpr std::size_t longest_name = 10000;
  if (const std::size_t size = asked.name.size(); size > longest_name)
    all.push_back({"name", "name has " + std::to_string(size) + " bytes; give it " +
                               std::to_string(longest_name) + " at most"});
  if (!is_device(asked.device))
    all.push_back({"device", "device=" + asked.device +
                                 " is not allowed: expected auto, cpu, cuda or cuda:<number>" +
                                 device_meant(asked.device)});
}

}  // namespace

void complain_of_training(const Experiment& experiment, Complaints& all) {
  about_schedule(experiment, all);
  try {
    parse_alerts(AlertSettings::of(experiment).alerts);
  } catch (const InputError& error) {
    all.push_back({"alerts", error.what()});
  }
  if (is_monitored(experiment))
    if (std::string trouble = monitor_trouble(experiment); !trouble.empty())
      all.push_back({"train.monitor", std::move(trouble)});
  about_run(experiment, all);
}

}  // namespace grapevine
