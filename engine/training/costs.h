// What a run costs, by arithmetic alone: multiply-adds of a step and of a probe, how often a probe may come,
// how many samples fit into memory at once. Pure; any thread may call.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "engine/experiment/experiment.h"
#include "engine/experiment/layer_spec.h"
#include "engine/models/model.h"
#include "engine/rules/rule.h"

namespace grapevine {

/// Multiply-adds of a training step, a language model's decoder included (its forward pass, error and
/// gradient are every rule's); and of one probe.
double step_multiply_adds(const Experiment& experiment, const Rule& rule, const NetworkCost& cost);
double probe_multiply_adds(const Experiment& experiment, Rule& rule, const NetworkCost& cost);

/// Bytes that the layers of these racers keep of one batch until it has been learned from, in float32. Racers
/// of one architecture share them.
double activation_bytes(const std::vector<Experiment>& racers, const DataShape& shape);
/// "a batch's activations take about 6.6 GB …", with what to do where too little is free (0 = unknown) for a
/// step; "" below 1 GB.
std::string activation_note(double bytes, double free);

/// The cadence that keeps probes under 5 % of training by FLOPs; `asked` 0 = off.
std::int64_t probe_cadence(const Experiment& experiment, Rule& rule, const NetworkCost& cost);

/// The measures that the experiment's probes take, on a network of this size.
std::set<std::string> measures_of(const Experiment& experiment, const NetworkCost& cost);

/// Samples that are tested at once: so many that what the layers leave of them stays near 1 GB, but a
/// training batch at least and `most` at most.
std::int64_t samples_at_once(const NetworkSpec& spec, std::int64_t batch, std::int64_t most);

}  // namespace grapevine
