// Test and validation of a network: loss and accuracy, or perplexity. Worker thread only.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "engine/batches/batches.h"
#include "engine/experiment/measure.h"
#include "engine/nn/network.h"

namespace grapevine {

struct Scores {
  double loss = 0, accuracy = 0;
};
/// Measure to value.
using EpochNumbers = std::map<std::string, double>;

/// What is known of a phase, under the measures' keys. A language model's perplexity takes the accuracy's
/// place: by token, and by published word where `tokens_per_word` is known.
void add_scores(EpochNumbers& numbers, Phase phase, const Scores& scores, bool is_language_model,
                double tokens_per_word);
/// The network on all test data, and on validation data where there are some, so many samples at once as fit
/// next to what a training step of `batch` takes. Throws WorkStopped between layers where it is asked to
/// stop.
EpochNumbers evaluate(Network& network, Batches& batches, std::int64_t batch);

}  // namespace grapevine
