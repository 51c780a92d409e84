#include "engine/experiment/monitor.h"

#include "engine/experiment/groups/data_settings.h"
#include "engine/experiment/groups/training_settings.h"
#include "engine/experiment/registry.h"

namespace grapevine {
namespace {

bool is_text(const Experiment& experiment) {
  const DataDescriptor* data = find_data(DataSettings::of(experiment).name);
  return data && data->text;
}

bool ends_an_epoch(const MeasureDescriptor& measure) {
  return measure.better != Better::none && !measure.per_point &&
         (measure.phase == Phase::train || measure.phase == Phase::validation ||
          measure.phase == Phase::test);
}

/// What another run of these measures would say first: "test_accuracy".
std::string on_test_data(const Experiment& experiment) {
  return score_in(Phase::test, is_text(experiment)).key;
}

}  // namespace

std::vector<std::string> monitor_words() {
  std::vector<std::string> words{"auto"};
  for (const MeasureDescriptor& measure : run_measures())
    if (ends_an_epoch(measure)) words.push_back(measure.key);
  return words;
}

bool is_monitored(const Experiment& experiment) {
  return TrainSettings::of(experiment).patience > 0 ||
         CheckpointSettings::of(experiment).keep != KeptCheckpoints::last;
}

const MeasureDescriptor* monitored_measure(const Experiment& experiment) {
  const std::string asked = TrainSettings::of(experiment).monitor;
  if (asked != "auto") return find_measure(asked);
  if (!validates(experiment)) return nullptr;
  return &score_in(Phase::validation, is_text(experiment));
}

std::string monitor_trouble(const Experiment& experiment) {
  const std::string who = TrainSettings::of(experiment).patience > 0 ? "train.patience" : "checkpoint.keep";
  const MeasureDescriptor* measure = monitored_measure(experiment);
  if (!measure)
    return "train.monitor=auto: " + who +
           " looks at the validation data, and there are none; set data.validation, or " +
           "train.monitor to a measure (" + on_test_data(experiment) + " looks at the test data)";
  const std::string asked = "train.monitor=" + measure->key;
  if (measure->phase == Phase::validation && !validates(experiment))
    return asked + " needs validation data: set data.validation";
  const bool text = is_text(experiment);
  const Quantity others = text ? Quantity::share : Quantity::perplexity;
  if (measure->quantity == others)
    return asked + (text ? ": a language model has no accuracy; use " : ": images have no perplexity; use ") +
           score_in(measure->phase, text).key;
  return "";
}

bool validates(const Experiment& experiment) {
  return is_text(experiment) || DataSettings::of(experiment).validation > 0;
}

}  // namespace grapevine
