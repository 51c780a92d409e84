// What is measured of a whole run: losses and scores phase by phase, times and rates.
#include "engine/experiment/measure.h"

namespace grapevine {
namespace {

MeasureDescriptor in_phase(Phase phase, const char* family, const char* name, const char* help) {
  MeasureDescriptor measure;
  measure.key = key_in(phase, family);
  measure.name = name;
  measure.help = help;
  measure.phase = phase;
  measure.family = family;
  return measure;
}

MeasureDescriptor loss(Phase phase, const char* name, const char* help) {
  MeasureDescriptor measure = in_phase(phase, family::loss, name, help);
  measure.better = Better::down;
  return measure;
}

MeasureDescriptor accuracy(Phase phase, const char* name, const char* help) {
  MeasureDescriptor measure = in_phase(phase, family::accuracy, name, help);
  measure.better = Better::up;
  measure.quantity = Quantity::share;
  measure.is_score = true;
  return measure;
}

MeasureDescriptor perplexity(Phase phase, const char* name, const char* help) {
  MeasureDescriptor measure = in_phase(phase, family::perplexity, name, help);
  measure.better = Better::down;
  measure.quantity = Quantity::perplexity;
  measure.is_score = true;
  return measure;
}

MeasureDescriptor word_perplexity(Phase phase, const char* name, const char* help) {
  MeasureDescriptor measure = in_phase(phase, family::word_perplexity, name, help);
  measure.better = Better::down;
  measure.quantity = Quantity::perplexity;
  return measure;
}

/// A number that no phase shares.
MeasureDescriptor single(Phase phase, const char* key, const char* name, const char* help) {
  MeasureDescriptor measure = in_phase(phase, key, name, help);
  measure.key = key;
  return measure;
}

/// Seconds of an epoch's part: what its line in documents calls them.
MeasureDescriptor epoch_seconds(Phase phase, const char* key, const char* name, const char* help,
                                const char* epoch_key) {
  MeasureDescriptor measure = single(phase, key, name, help);
  measure.epoch_key = epoch_key;
  return measure;
}

/// Version 0.1.0's, whose clock continued while the epoch before was evaluated.
MeasureDescriptor seconds_of_old_runs() {
  MeasureDescriptor measure =
      epoch_seconds(Phase::train, "epoch_seconds", "epoch seconds (0.1.0)",
                    "of runs stored by version 0.1.0: training time of the epoch and what came with it",
                    family::seconds_of_epochs);
  measure.caution =
      "seconds hold the evaluation of the epoch before as well: version 0.1.0 stored the two together";
  measure.only_stored = true;
  return measure;
}

}  // namespace

std::string key_in(Phase phase, const std::string& family) {
  switch (phase) {
    case Phase::train:
      return "train_" + family;
    case Phase::validation:
      return "validation_" + family;
    case Phase::test:
      return "test_" + family;
    case Phase::batch:
    case Phase::probe:
      return family;
  }
  return family;
}

std::vector<MeasureDescriptor> run_measures() {
  using enum Phase;
  return {
      loss(batch, "batch loss", "mean softmax cross-entropy of the step's batch"),
      accuracy(batch, "batch accuracy", "fraction of the step's batch classified correctly"),
      loss(train, "training loss", "mean of the batch losses over the epoch"),
      accuracy(train, "training accuracy", "fraction of the epoch's samples classified correctly"),
      loss(test, "test loss", "mean cross-entropy on the test set after the epoch"),
      accuracy(test, "test accuracy", "fraction of the test set classified correctly after the epoch"),
      loss(validation, "validation loss", "mean cross-entropy on the held-out training data"),
      accuracy(validation, "validation accuracy", "fraction of the held-out data classified correctly"),
      perplexity(batch, "batch perplexity", "exp of the batch loss, per token"),
      perplexity(train, "training perplexity",
                 "exp of the training loss: a language model's, per token, in the accuracy's place"),
      perplexity(test, "test perplexity", "exp of the test loss, per token"),
      word_perplexity(test, "test perplexity by word",
                      "the same per published word: numbers of other vocabularies compare"),
      perplexity(validation, "validation perplexity", "exp of the validation loss, per token"),
      word_perplexity(validation, "validation perplexity by word", "the same per published word"),
      epoch_seconds(train, family::training_seconds, "training seconds",
                    "training time of the epoch: without evaluation and without measuring",
                    family::seconds_of_epochs),
      epoch_seconds(test, family::evaluation_seconds, "evaluation seconds",
                    "time of the evaluation behind the epoch, on test and validation data", ""),
      seconds_of_old_runs(),
      single(batch, family::learning_rate, "learning rate", "the optimizer's rate, where it changes"),
      single(probe, family::probe_seconds, "probe seconds", "cost of one measurement"),
  };
}

}  // namespace grapevine
