// What doesn't go with the data, and with the model.
#include "engine/experiment/complaints.h"

#include <algorithm>

#include "engine/experiment/groups/calibration_settings.h"
#include "engine/experiment/groups/data_settings.h"
#include "engine/experiment/groups/model_settings.h"
#include "engine/experiment/registry.h"
#include "engine/experiment/settings.h"

namespace grapevine {
namespace {

void about_data(const Experiment& experiment, Complaints& all) {
  const DataSettings asked = DataSettings::of(experiment);
  const DataDescriptor* data = find_data(asked.name);
  const std::int64_t classes = asked.classes;
  if (data && !data->class_counts.empty() &&
      std::find(data->class_counts.begin(), data->class_counts.end(), classes) == data->class_counts.end()) {
    std::string fine;
    for (const int count : data->class_counts) fine += (fine.empty() ? "" : " or ") + std::to_string(count);
    all.push_back({"data.classes", "data.classes=" + std::to_string(classes) +
                                       " is not allowed: " + data->key + " come in " + fine + " classes"});
  }
  if (data && data->own && asked.dir.empty())
    all.push_back({"data.dir", "data.name=" + data->key + " reads your own files: " + data->how_to_get});
  const double held_out = asked.validation;
  const std::string its_share = given(experiment, "data.validation");
  if (data && data->text) {
    if (held_out > 0)
      all.push_back({"data.validation", its_share + ": " + data->name +
                                            " comes with validation data of its own; leave it at 0"});
    return;
  }
  const std::int64_t available = training_records(experiment);
  if (held_out >= 1 && available > 0 && held_out >= static_cast<double>(available))
    all.push_back({"data.validation",
                   its_share + " would leave no training data; use less than " + std::to_string(available)});
  if (held_out > 0 && held_out < 1 && available > 0 && held_out * static_cast<double>(available) < 1)
    all.push_back({"data.validation", its_share + " of " + std::to_string(available) +
                                          " records is less than one; hold out a larger share, or give a "
                                          "number of records from 1 on"});
}

/// Images go to models for images, text to models for text.
void about_kinds(const Experiment& experiment, Complaints& all) {
  const DataDescriptor* data = find_data(DataSettings::of(experiment).name);
  const ModelDescriptor* model = find_model(ModelSettings::of(experiment).name);
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
  using Batch = CalibrationSettings::Batch;
  const DataDescriptor* data = find_data(DataSettings::of(experiment).name);
  const RuleDescriptor* rule = find_rule(experiment.rule());
  if (!data || !data->text) return;
  if (rule && rule->needs_classes)
    all.push_back(
        {"rule.name", "rule.name=" + rule->key +
                          ": its matrices carry the class, and a language model has words above its "
                          "output, not classes; use another direct rule"});
  const CalibrationSettings calibration = CalibrationSettings::of(experiment);
  if (calibration.when != CalibrationSettings::When::never &&
      (calibration.batch == Batch::class_balanced || calibration.batch == Batch::uncertain))
    all.push_back({"calibration.batch", given(experiment, "calibration.batch") +
                                            " needs classes; for text use uniform or worst_residual"});
}

void about_model(const Experiment& experiment, Complaints& all) {
  about_kinds(experiment, all);
  const ModelSettings asked = ModelSettings::of(experiment), plain;
  const ModelDescriptor* model = find_model(asked.name);
  if (!model) return;
  const bool listed = means_something(experiment, "model.segments");
  if (listed && asked.segments.empty())
    all.push_back({"model.segments", "model.segments is empty: model.name=" + model->key +
                                         " needs its layers, a list of segments, as "
                                         "[[{\"type\": \"flatten\"}, {\"type\": \"linear\", \"out\": 10}]]"});
  if (asked.dropout > 0 && !model->has_dropout)
    all.push_back(
        {"model.dropout", given(experiment, "model.dropout") + ": " + model->name +
                              " has no dropout that this setting changes" +
                              (listed ? "; list a dropout layer where it belongs" : "; leave it at 0")});
  if (listed && asked.activation != plain.activation)
    all.push_back({"model.activation", given(experiment, "model.activation") + ": the layers of a " +
                                           model->key +
                                           " network are all listed in model.segments; leave it at " +
                                           layer_name(plain.activation)});
  if (asked.micro && !model->has_micro)
    all.push_back({"model.feedback_points", "model.feedback_points=micro: model " + model->key +
                                                " has no feedback points inside its segments; use macro"});
}

}  // namespace

bool means_something(const Experiment& experiment, std::string_view key) {
  const Setting* setting = find_setting(key, experiment.rule());
  if (!setting || setting->depends_on.empty()) return setting != nullptr;
  const auto& words = setting->depends_values;
  const std::string now = to_text(experiment.value(setting->depends_on));
  return std::find(words.begin(), words.end(), now) != words.end();
}

std::string given(const Experiment& experiment, std::string_view key) {
  return std::string(key) + "=" + to_text(experiment.value(key));
}

std::int64_t classes_of(const Experiment& experiment) {
  const DataSettings asked = DataSettings::of(experiment);
  const DataDescriptor* data = find_data(asked.name);
  return data && !data->text ? data->classes_among(asked.classes, asked.labels == LabelKind::coarse) : 0;
}

std::int64_t training_records(const Experiment& experiment) {
  const DataSettings asked = DataSettings::of(experiment);
  const std::int64_t limit = asked.train_limit;
  const DataDescriptor* data = find_data(asked.name);
  const std::int64_t published = data ? data->train_count : 0;
  return limit > 0 && published > 0 ? std::min(limit, published) : std::max(limit, published);
}

std::vector<Experiment::Complaint> Experiment::complaints() const {
  Complaints all;
  complain_of_training(*this, all);
  about_data(*this, all);
  about_text(*this, all);
  about_model(*this, all);
  complain_of_rule(*this, all);
  return all;
}

}  // namespace grapevine
