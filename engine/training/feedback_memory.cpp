#include "engine/training/feedback_memory.h"

#include <cmath>

#include "engine/error.h"
#include "engine/experiment/groups/run_settings.h"
#include "engine/experiment/number_text.h"
#include "engine/models/model.h"
#include "engine/plans/plan.h"
#include "engine/rules/rule.h"

namespace grapevine {
namespace {

FeedbackBytes bytes_of_all(const std::vector<Experiment>& racers, const DataShape& shape) {
  FeedbackBytes sum;
  for (const Experiment& racer : racers) {
    const FeedbackBytes own = feedback_bytes(racer, shape);
    sum.matrices += own.matrices;
    sum.with_all += own.with_all;
  }
  return sum;
}

const std::string structure_key = std::string(rule_group) + StructureSettings::key;

std::vector<Experiment> with_structure(std::vector<Experiment> racers, std::string_view structure) {
  for (Experiment& racer : racers)
    if (racer.has(structure_key)) racer.set_text(structure_key, structure);
  return racers;
}

/// "per_channel (1.2 MB), grid 4×4 (9.1 MB) …": those that take less than now.
std::string alternatives(const std::vector<Experiment>& racers, const DataShape& shape, double now) {
  std::string text;
  for (const auto& [structure, kind] : StructureSettings::words()) {
    if (kind == StructureSettings::Kind::dense) continue;
    const std::vector<Experiment> changed = with_structure(racers, structure);
    const double bytes = bytes_of_all(changed, shape).with_all;
    if (bytes >= now) continue;
    std::string name(structure);
    for (const Experiment& racer : changed)
      if (racer.has(structure_key)) name = StructureSettings::of(racer).name();
    text += (text.empty() ? "" : ", ") + name + " (" + size_text(bytes) + ")";
  }
  return text;
}

// Each racer keeps the note: of thousands one that names all would be most of the database.
constexpr std::size_t most_named = 20;

std::string in_words(const FeedbackBytes& bytes) {
  const std::string rest =
      bytes.with_all > bytes.matrices ? " (" + size_text(bytes.with_all) + " including optimizer state)" : "";
  return size_text(bytes.matrices) + rest;
}

std::string percent_text(double share) {
  return short_text(share * 100, 3) + " %";
}

}  // namespace

FeedbackBytes feedback_bytes(const Experiment& experiment) {
  return feedback_bytes(experiment, data_shape(experiment));
}

FeedbackBytes feedback_bytes(const Experiment& experiment, const DataShape& shape) {
  const NetworkCost cost = measure_cost(build_model(experiment, shape));
  const Rule::FeedbackMemory numbers = make_rule(experiment)->feedback_memory(cost);
  return {numbers.matrices * sizeof(float), numbers.with_all * sizeof(float)};
}

std::string size_text(double bytes) {
  const char* units[] = {"bytes", "kB", "MB", "GB", "TB"};
  std::size_t unit = 0;
  while (bytes >= 999.5 && unit + 1 < std::size(units)) {
    bytes /= 1000;
    ++unit;
  }
  return fixed_text(bytes, unit == 0 || bytes >= 99.95 ? 0 : 1) + " " + units[unit];
}

std::string feedback_note(const std::vector<Experiment>& racers, const DataShape& shape) {
  if (racers.size() > most_named) {
    const FeedbackBytes sum = bytes_of_all(racers, shape);
    if (sum.matrices == 0) return "";
    return "feedback matrices: " + std::to_string(racers.size()) + " racers " + in_words(sum);
  }
  const std::vector<std::string> labels = racer_labels(racers);
  std::string text;
  for (std::size_t i = 0; i < racers.size(); ++i) {
    const FeedbackBytes bytes = feedback_bytes(racers[i], shape);
    if (bytes.matrices == 0) continue;
    text += (text.empty() ? "feedback matrices: " : ", ") + labels[i] + " " + in_words(bytes);
  }
  return text;
}

void check_feedback_memory(const std::vector<Experiment>& racers, const DataShape& shape,
                           const std::string& device, double memory) {
  const double share = RunSettings::of(racers.front()).feedback_memory,
               now = bytes_of_all(racers, shape).with_all;
  if (memory <= 0 || now <= share * memory) return;
  const std::string others = alternatives(racers, shape, now);
  throw InputError(
      "the feedback matrices, including optimizer state, would take " + size_text(now) + ", more than " +
      percent_text(share) + " of the " + size_text(memory) + " of memory of " +
      (device == "cpu" ? "this machine" : device) + " (feedback_memory); " +
      (others.empty() ? "choose a smaller model" : "with rule.structure they would take less: " + others) +
      ", or raise feedback_memory");
}

}  // namespace grapevine
