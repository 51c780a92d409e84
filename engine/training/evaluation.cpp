#include "engine/training/evaluation.h"

#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <cmath>

#include "engine/experiment/measure.h"
#include "engine/nn/decoder.h"
#include "engine/nn/judgement.h"
#include "engine/training/costs.h"

namespace grapevine {
namespace {

using Samples = std::function<Batch(std::int64_t first, std::int64_t count)>;

Scores scores_on(Network& network, const Samples& part, std::int64_t count, std::int64_t slice) {
  const at::NoGradGuard no_grad;
  NetworkTape tape;
  Judgement judgement;
  double loss = 0, correct = 0;
  for (std::int64_t begin = 0; begin < count; begin += slice) {
    const std::int64_t n = std::min(slice, count - begin);
    const Batch batch = part(begin, n);
    judge(network, network.forward(batch.x, tape, Pass::testing()), batch.y, judgement, false);
    loss += judgement.loss.item<double>() * static_cast<double>(n);
    if (!network.decoder()) correct += judgement.correct.item<double>();
  }
  return {loss / static_cast<double>(count), correct / static_cast<double>(count)};
}

}  // namespace

void add_scores(EpochNumbers& numbers, Phase phase, const Scores& scores, bool is_language_model,
                double tokens_per_word) {
  numbers[key_in(phase, family::loss)] = scores.loss;
  if (!is_language_model) {
    numbers[key_in(phase, family::accuracy)] = scores.accuracy;
    return;
  }
  numbers[key_in(phase, family::perplexity)] = std::exp(scores.loss);
  if (tokens_per_word > 0)
    numbers[key_in(phase, family::word_perplexity)] = std::exp(scores.loss * tokens_per_word);
}

EpochNumbers evaluate(Network& network, Batches& batches, std::int64_t batch) {
  const std::int64_t slice = samples_at_once(network.spec(), batch, batches.test_slice());
  const bool is_language_model = network.decoder() != nullptr;
  EpochNumbers numbers;
  const Samples test = [&](std::int64_t first, std::int64_t n) { return batches.test(first, n); };
  add_scores(numbers, Phase::test, scores_on(network, test, batches.test_count(), slice), is_language_model,
             batches.tokens_per_word(true));
  if (batches.validation_count() == 0) return numbers;
  const Samples validation = [&](std::int64_t first, std::int64_t n) { return batches.validation(first, n); };
  add_scores(numbers, Phase::validation, scores_on(network, validation, batches.validation_count(), slice),
             is_language_model, batches.tokens_per_word(false));
  return numbers;
}

}  // namespace grapevine
