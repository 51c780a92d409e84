// Combinations of settings that can't work, each value being fine by itself.
#include <algorithm>

#include "engine/error.h"
#include "engine/experiment/alert.h"
#include "engine/experiment/experiment.h"
#include "engine/experiment/monitor.h"
#include "engine/experiment/nearest.h"
#include "engine/experiment/registry.h"
#include "engine/experiment/settings.h"

namespace grapevine {
namespace {

using Complaints = std::vector<Experiment::Complaint>;

/// 0 where the error has no class, that of a language model, or own files say how many there are.
std::int64_t classes_of(const Experiment& experiment) {
  const DataDescriptor* data = find_data(experiment.text("data.name"));
  if (!data || data->text) return 0;
  return data->classes_among(experiment.integer("data.classes"), experiment.text("data.labels") == "coarse");
}

void about_structure(const Experiment& experiment, Complaints& all) {
  if (!experiment.has("rule.structure")) return;
  const std::string& structure = experiment.text("rule.structure");
  const std::int64_t kernel = experiment.integer("rule.kernel"), rank = experiment.integer("rule.rank");
  if (structure == "kernel" && kernel % 2 == 0)
    all.push_back({"rule.kernel", "rule.kernel=" + std::to_string(kernel) +
                                      ": a kernel has its middle on a pixel; use an odd number, as " +
                                      std::to_string(kernel - 1) + " or " + std::to_string(kernel + 1)});
  const std::int64_t classes = classes_of(experiment);
  if (structure == "low_rank" && classes > 0 && rank > classes)
    all.push_back({"rule.rank",
                   "rule.rank=" + std::to_string(rank) + ": feedback matrices of " + std::to_string(classes) +
                       " classes have no higher rank than that; use at most " + std::to_string(classes)});
}

void about_rule(const Experiment& experiment, Complaints& all) {
  about_structure(experiment, all);
  if (experiment.has("rule.orthogonal") && experiment.boolean("rule.orthogonal") &&
      experiment.text("model.name") == "mlp" && !experiment.integers("model.hidden").empty()) {
    const IntegerList& widths = experiment.integers("model.hidden");
    const std::int64_t least = *std::min_element(widths.begin(), widths.end());
    const std::int64_t directions = experiment.integer("rule.directions");
    if (directions > least)
      all.push_back(
          {"rule.directions", "rule.directions=" + std::to_string(directions) + ": a layer of " +
                                  std::to_string(least) +
                                  " features has no more orthogonal directions than that; ask for fewer, or "
                                  "set rule.orthogonal to false"});
  }
  if (experiment.has("rule.orthogonal") && experiment.boolean("rule.orthogonal") &&
      experiment.text("rule.space") == "smaller")
    all.push_back(
        {"rule.orthogonal",
         "rule.orthogonal=true: with rule.space=smaller weights are perturbed, whose tangents are not "
         "orthogonal; set rule.space to activation, or rule.orthogonal to false"});
  const RuleDescriptor* rule = find_rule(experiment.rule());
  const std::string& model = experiment.text("model.name");
  if (rule && !rule->models.empty() &&
      std::find(rule->models.begin(), rule->models.end(), model) == rule->models.end()) {
    std::string fine;
    for (const auto& key : rule->models) fine += (fine.empty() ? "" : " or ") + key;
    all.push_back(
        {"model.name", "model.name=" + model + ": rule " + rule->key + " runs on " + fine + " only"});
  }
  const std::string& when = experiment.text("calibration.when");
  if (when != "never" && rule && !rule->calibrates)
    all.push_back({"calibration.when", "calibration.when=" + when + ": rule " + experiment.rule() +
                                           " has no direct feedback to calibrate; set it to never"});
  const std::int64_t batch = experiment.integer("calibration.batch_size"), classes = classes_of(experiment);
  if (when != "never" && experiment.text("calibration.what") != "weights" && batch < classes)
    all.push_back({"calibration.batch_size",
                   "calibration.batch_size=" + std::to_string(batch) +
                       ": a refit of the feedback needs at least as many samples as there are classes (" +
                       std::to_string(classes) + ")"});
  if (experiment.text("calibration.batch") == "worst_residual" && when != "never" &&
      experiment.rule() == "drtp")
    all.push_back({"calibration.batch",
                   "calibration.batch=worst_residual: drtp's matrices predict targets, not tangents; "
                   "use uniform, class_balanced or uncertain"});
  if (when == "event" && experiment.number("calibration.high") < experiment.number("calibration.low"))
    all.push_back(
        {"calibration.high", "calibration.high=" + to_text(experiment.value("calibration.high")) +
                                 " is below calibration.low: the trigger would never be armed again"});
}

void about_data(const Experiment& experiment, Complaints& all) {
  const std::int64_t classes = experiment.integer("data.classes");
  const DataDescriptor* data = find_data(experiment.text("data.name"));
  if (data && !data->class_counts.empty() &&
      std::find(data->class_counts.begin(), data->class_counts.end(), classes) == data->class_counts.end()) {
    std::string fine;
    for (const int count : data->class_counts) fine += (fine.empty() ? "" : " or ") + std::to_string(count);
    all.push_back({"data.classes", "data.classes=" + std::to_string(classes) +
                                       " is not allowed: " + data->key + " come in " + fine + " classes"});
  }
  if (data && data->own && experiment.text("data.dir").empty())
    all.push_back({"data.dir", "data.name=" + data->key + " reads your own files: " + data->how_to_get});
  const double held_out = experiment.number("data.validation");
  if (data && data->text) {
    if (held_out > 0)
      all.push_back({"data.validation", "data.validation=" + to_text(experiment.value("data.validation")) +
                                            ": " + data->name +
                                            " comes with validation data of its own; leave it at 0"});
    return;
  }
  const std::int64_t available = training_records(experiment);
  if (held_out >= 1 && available > 0 && held_out >= static_cast<double>(available))
    all.push_back({"data.validation", "data.validation=" + to_text(experiment.value("data.validation")) +
                                          " would leave no training data; use less than " +
                                          std::to_string(available)});
  if (held_out > 0 && held_out < 1 && available > 0 && held_out * static_cast<double>(available) < 1)
    all.push_back({"data.validation", "data.validation=" + to_text(experiment.value("data.validation")) +
                                          " of " + std::to_string(available) +
                                          " records is less than one; hold out a larger share, or give a "
                                          "number of records from 1 on"});
}

/// Images go to models for images, text to models for text.
void about_kinds(const Experiment& experiment, Complaints& all) {
  const DataDescriptor* data = find_data(experiment.text("data.name"));
  const ModelDescriptor* model = find_model(experiment.text("model.name"));
  if (!data || !model || model->takes(*data)) return;
  std::string fitting_models, fitting_data;
  for (const ModelDescriptor& one : models())
    if (one.takes(*data)) fitting_models += (fitting_models.empty() ? "" : ", ") + one.key;
  for (const DataDescriptor& one : data_sets())
    if (model->takes(one)) fitting_data += (fitting_data.empty() ? "" : ", ") + one.key;
  const auto kind = [](bool text) { return std::string(text ? "text" : "images"); };
  all.push_back({"model.name", "model.name=" + model->key + ": it takes " + kind(!data->text) +
                                   ", and data.name=" + data->key + " is " + kind(data->text) +
                                   "; use one of " + fitting_models + ", or data.name of " + fitting_data});
}

/// What means nothing to a language model.
void about_text(const Experiment& experiment, Complaints& all) {
  const DataDescriptor* data = find_data(experiment.text("data.name"));
  const RuleDescriptor* rule = find_rule(experiment.rule());
  if (!data || !data->text) return;
  if (rule && rule->needs_classes)
    all.push_back(
        {"rule.name", "rule.name=" + rule->key +
                          ": its matrices carry the class, and a language model has words above its "
                          "output, not classes; use another direct rule"});
  const std::string& batch = experiment.text("calibration.batch");
  if (experiment.text("calibration.when") != "never" && (batch == "class_balanced" || batch == "uncertain"))
    all.push_back({"calibration.batch",
                   "calibration.batch=" + batch + " needs classes; for text use uniform or worst_residual"});
  if (experiment.number("data.validation") > 0)
    all.push_back({"data.validation",
                   "data.validation: " + data->key + " has validation text of its own; leave it at 0"});
}

void about_model(const Experiment& experiment, Complaints& all) {
  about_kinds(experiment, all);
  const ModelDescriptor* model = find_model(experiment.text("model.name"));
  if (experiment.text("model.name") == "custom" && experiment.text("model.segments").empty())
    all.push_back({"model.segments",
                   "model.segments is empty: model.name=custom needs its layers, a list of segments, as "
                   "[[{\"type\": \"flatten\"}, {\"type\": \"linear\", \"out\": 10}]]"});
  const double dropout = experiment.number("model.dropout");
  if (dropout > 0 && model && !model->has_dropout)
    all.push_back({"model.dropout", "model.dropout=" + to_text(experiment.value("model.dropout")) + ": " +
                                        model->name + " has no dropout of that setting's" +
                                        (model->key == "custom" ? "; list a dropout layer where it belongs"
                                                                : "; leave it at 0")});
  if (model && model->key == "custom" && experiment.text("model.activation") != "relu")
    all.push_back(
        {"model.activation",
         "model.activation=" + experiment.text("model.activation") +
             ": the layers of a custom network are all listed in model.segments; leave it at relu"});
  if (experiment.text("model.feedback_points") == "micro" && model && !model->has_micro)
    all.push_back({"model.feedback_points", "model.feedback_points=micro: model " +
                                                experiment.text("model.name") +
                                                " has no feedback points inside its segments; use macro"});
}

/// What plateau looks at has to be measured.
void about_metric(const Experiment& experiment, Complaints& all) {
  if (experiment.text("schedule.name") != "plateau") return;
  const std::string& key = experiment.text("schedule.metric");
  const MeasureDescriptor* metric = find_measure(key);
  const DataDescriptor* data = find_data(experiment.text("data.name"));
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

void about_training(const Experiment& experiment, Complaints& all) {
  if (experiment.text("schedule.name") == "multistep" && experiment.integers("schedule.milestones").empty())
    all.push_back({"schedule.milestones",
                   "schedule.milestones is empty, so that schedule.name=multistep would never "
                   "lower the rate; list the epochs, as 10,20"});
  about_metric(experiment, all);
  try {
    parse_alerts(experiment.text("alerts"));
  } catch (const InputError& error) {
    all.push_back({"alerts", error.what()});
  }
  if (is_monitored(experiment))
    if (std::string trouble = monitor_trouble(experiment); !trouble.empty())
      all.push_back({"train.monitor", std::move(trouble)});
  const std::int64_t warmup = experiment.integer("schedule.warmup");
  if (experiment.text("schedule.name") == "noam" && warmup > 0)
    all.push_back({"schedule.warmup", "schedule.warmup=" + std::to_string(warmup) +
                                          ": noam rises by itself, over schedule.warmup_steps; set "
                                          "schedule.warmup=0"});
  constexpr std::size_t longest_name = 10000;
  if (const std::size_t size = experiment.text("name").size(); size > longest_name)
    all.push_back({"name", "name has " + std::to_string(size) + " bytes; give it " +
                               std::to_string(longest_name) + " at most"});
  const std::string& device = experiment.text("device");
  if (!is_device(device))
    all.push_back({"device", "device=" + device +
                                 " is not allowed: expected auto, cpu, cuda or cuda:<number>" +
                                 device_meant(device)});
}

}  // namespace

std::int64_t training_records(const Experiment& experiment) {
  const std::int64_t limit = experiment.integer("data.train_limit");
  const DataDescriptor* data = find_data(experiment.text("data.name"));
  const std::int64_t published = data ? data->train_count : 0;
  return limit > 0 && published > 0 ? std::min(limit, published) : std::max(limit, published);
}

std::vector<Experiment::Complaint> Experiment::complaints() const {
  Complaints all;
  about_training(*this, all);
  about_data(*this, all);
  about_text(*this, all);
  about_model(*this, all);
  about_rule(*this, all);
  return all;
}

}  // namespace grapevine
