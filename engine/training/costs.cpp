#include "engine/training/costs.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <numeric>

#include "engine/experiment/groups/training_settings.h"
#include "engine/experiment/own_network.h"
#include "engine/probes/probe.h"
#include "engine/training/feedback_memory.h"

namespace grapevine {
namespace {

// Probes may take this fraction of training. A probe's adjoint sweeps run a little below the rate of a
// training step's products, hence less than the 5 % promised.
constexpr double probe_share = 0.04;

}  // namespace

// Of a language model the classes are the words above its decoder.
std::set<std::string> measures_of(const Experiment& experiment, const NetworkCost& cost) {
  const double classes = cost.decoder > 0 ? cost.decoder / cost.classes : cost.classes;
  return probe_measures(ProbeSettings::of(experiment), static_cast<std::int64_t>(classes));
}

double step_multiply_adds(const Experiment& experiment, const Rule& rule, const NetworkCost& cost) {
  const double rows = static_cast<double>(TrainSettings::of(experiment).batch) * cost.rows;
  return rule.multiply_adds(cost, rows) + 3 * rows * cost.decoder;
}

double probe_multiply_adds(const Experiment& experiment, Rule& rule, const NetworkCost& cost) {
  const double rows = static_cast<double>(ProbeSettings::of(experiment).batch) * cost.rows;
  return Probe::multiply_adds(measures_of(experiment, cost), rule, cost, rows) + 2 * rows * cost.decoder;
}

double activation_bytes(const std::vector<Experiment>& racers, const DataShape& shape) {
  std::map<std::string, double> values;  // by layers: such racers share their tapes
  for (const Experiment& racer : racers) {
    const NetworkSpec spec = build_model(racer, shape);
    values[write_segments(spec.segments)] = measure_cost(spec).values;
  }
  double sum = 0;
  for (const auto& [layers, own] : values) sum += own;
  return sum * static_cast<double>(TrainSettings::of(racers.front()).batch) * sizeof(float);
}

std::string activation_note(double bytes, double free) {
  if (bytes < 1e9) return "";
  // What the layers keep; signals and products on their way back come next to it.
  return "a batch's activations take about " + size_text(bytes) + ", a step two to three times that" +
         (free > 0 && 2 * bytes > free
              ? "; " + size_text(free) +
                    " of memory are free: a smaller train.batch needs less, for text a smaller data.context"
              : "");
}

std::int64_t probe_cadence(const Experiment& experiment, Rule& rule, const NetworkCost& cost) {
  if (const auto asked = ProbeSettings::of(experiment).every) return *asked;
  const double probe = probe_multiply_adds(experiment, rule, cost);
  const double step = step_multiply_adds(experiment, rule, cost);
  return std::max<std::int64_t>(1, static_cast<std::int64_t>(std::ceil(probe / (probe_share * step))));
}

namespace {

double layers_in(const std::vector<LayerSpec>& layers) {
  double count = 0;
  for (const LayerSpec& layer : layers) count += 1 + layers_in(layer.body) + layers_in(layer.shortcut);
  return count;
}

// Values that the layers leave of one sample, the input among them: with every layer a segment, its shape is
// known. A layer inside another counts as large as that one's result.
double values_left(const NetworkSpec& spec) {
  NetworkSpec apart{spec.input, {}, spec.words};
  for (const SegmentSpec& segment : spec.segments)
    for (const LayerSpec& layer : segment) apart.segments.push_back({layer});
  std::vector<std::vector<std::int64_t>> shapes;
  measure_cost(apart, &shapes);
  const auto size = [](const std::vector<std::int64_t>& shape) {
    return std::accumulate(shape.begin(), shape.end(), 1.0, std::multiplies<>());
  };
  double values = size(spec.input);
  for (std::size_t i = 0; i < shapes.size(); ++i) values += size(shapes[i]) * layers_in(apart.segments[i]);
  return values;
}

}  // namespace

std::int64_t samples_at_once(const NetworkSpec& spec, std::int64_t batch, std::int64_t most) {
  constexpr double values = 1e9 / sizeof(float);
  const double fitting = std::floor(values / values_left(spec));
  return std::min(most, std::max(batch, static_cast<std::int64_t>(std::min(fitting, 1e9))));
}

}  // namespace grapevine
