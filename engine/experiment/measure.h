// What is measured: what a number means, when it is taken, how it is written and drawn. What a probe takes
// (probe.measures) has a header of its own in probes/measures. Plain C++; values.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace grapevine {

/// When a number is taken: at each step, over an epoch or behind it, at a probe.
enum class Phase { batch, train, validation, test, probe };
enum class Better { none, up, down };
/// What kind of number it is.
enum class Quantity {
  number,
  cosine,      ///< in [-1, 1]
  degrees,     ///< an angle
  share,       ///< in [0, 1]
  perplexity,  ///< a language model's, in the accuracy's place: 1 at best
};

/// What a measure is to the stage's needle.
enum class Needle {
  none,
  median,  ///< its angle, of the samples' signals …
  low,     ///< … where its fan begins
  high,    ///< … and ends
  signal,  ///< the mean cosine of the signals: where there are no quantiles
  update,  ///< the cosine of the update: of rules without signals
};

/// What is measured of a whole run, in each phase that has it: key_in() makes keys of these.
namespace family {
inline constexpr const char *loss = "loss", *accuracy = "accuracy", *perplexity = "perplexity",
                            *word_perplexity = "word_perplexity";
/// Numbers that no phase shares: keys as they are.
inline constexpr const char *training_seconds = "training_seconds",
                            *evaluation_seconds = "evaluation_seconds", *learning_rate = "learning_rate",
                            *probe_seconds = "probe_seconds";
/// What an epoch's line in documents calls the time that it was trained.
inline constexpr const char* seconds_of_epochs = "seconds";
}  // namespace family

/// A measured quantity. Its index in `measures()` is the number that samples carry.
struct MeasureDescriptor {
  std::string key;   ///< "cos_b_j", "test_accuracy"
  std::string name;  ///< "cos(B, J̄)"
  std::string help;
  Phase phase = Phase::probe;
  Better better = Better::none;
  Quantity quantity = Quantity::number;
  bool per_point = false;      ///< one series per feedback point or segment (numbered from 1); else point 0
  std::string family;          ///< what is measured in several phases, "accuracy"; else the key
  bool is_score = false;       ///< what a run is judged by in this phase, where it has it
  std::string caution = {};    ///< how it can mislead: one sentence for people; empty where it hardly can
  std::string error = {};      ///< key of the series with its standard error; empty = it has none
  std::string epoch_key = {};  ///< what an epoch's line in documents calls it; empty = the key
  bool only_stored = false;    ///< of earlier versions' runs: no new run has it
  bool is_error = false;       ///< the `error` of another: measures() fills it in
  bool has_rules_sign = false;  ///< a cosine of B_l, which is negative for a good rule with alignment_sign −1
  Needle needle = Needle::none;

  const std::string& in_epochs() const { return epoch_key.empty() ? key : epoch_key; }
  /// Does an epoch end with it?
  bool is_of_epochs() const {
    return phase == Phase::train || phase == Phase::validation || phase == Phase::test;
  }
  /// What people are shown: an estimate may lie beyond what it is an estimate of.
  double shown(double value) const {
    if (quantity == Quantity::cosine) return std::clamp(value, -1.0, 1.0);
    return quantity == Quantity::share ? std::clamp(value, 0.0, 1.0) : value;
  }

  /// Is `value` better than `other`? Never where nothing is better.
  bool is_ahead(double value, double other) const {
    return better == Better::up ? value > other : better == Better::down && value < other;
  }
};

/// The key of a family in a phase: "test_accuracy"; a batch's is the family itself.
std::string key_in(Phase phase, const std::string& family);
/// What is measured of a whole run: at each step, each epoch, each probe.
std::vector<MeasureDescriptor> run_measures();

/// What a probe prepares for a measure, or the rule must have: without it there is no such series.
enum class Need {
  feedback,         ///< the rule's matrices B_l
  estimating_rule,  ///< a rule that estimates Jacobians
  estimate,         ///< that of the last step, Ĵ_l: there is none before the first
  average,          ///< the mean of the estimates so far, of a rule that follows it
  traces,           ///< the tangents that the last step's estimate was made of
  transport,        ///< weights of its own that carry errors back
  jacobian,         ///< J̄_l: exactly, or through projections where there are many classes
  whole_jacobian,   ///< all of J̄_l, however many classes there are
  rehearsal,        ///< the rule's gradients on the probe's batch, and its signals where it has some
  own_signals,      ///< a rehearsal of a rule that has signals
  bp_signals,       ///< BP's on the same batch
  bp_gradients,     ///< and its gradients
  moved,            ///< the weights as they were before the last step
  past,             ///< what this run's earlier probes left: sums over the run
};

/// Measures that a probe takes together: probe.measures names them by the first one's key.
struct ProbeDescriptor {
  MeasureDescriptor measure;
  std::vector<MeasureDescriptor> beside = {};  ///< series that come with it: its error, or a family's
  std::vector<Need> needs = {};                ///< what it costs follows from them (probes/probe.cpp)
  bool is_family = false;                      ///< the key names the series in `beside` and has none itself
  bool by_default = true;                      ///< measured when probe.measures is empty
  /// Where a rule that gives all it needs has no such series all the same: a sentence for people.
  std::string missing_where = {};

  bool has(Need need) const { return std::find(needs.begin(), needs.end(), need) != needs.end(); }
  /// Made of what a step leaves: not at the probe before the first.
  bool follows_a_step() const {
    return has(Need::estimate) || has(Need::average) || has(Need::traces) || has(Need::moved);
  }
};

/// One number per feedback point or segment.
inline MeasureDescriptor point_measure(std::string key, std::string name, std::string help,
                                       Better better = Better::none, Quantity quantity = Quantity::number) {
  MeasureDescriptor measure;
  measure.family = key;
  measure.key = std::move(key);
  measure.name = std::move(name);
  measure.help = std::move(help);
  measure.better = better;
  measure.quantity = quantity;
  measure.per_point = true;
  return measure;
}

inline MeasureDescriptor point_cosine(std::string key, std::string name, std::string help) {
  return point_measure(std::move(key), std::move(name), std::move(help), Better::up, Quantity::cosine);
}

/// A cosine of the rule's matrix B_l.
inline MeasureDescriptor feedback_cosine(std::string key, std::string name, std::string help) {
  MeasureDescriptor measure = point_cosine(std::move(key), std::move(name), std::move(help));
  measure.has_rules_sign = true;
  return measure;
}

inline MeasureDescriptor shown_by_needle(MeasureDescriptor measure, Needle needle) {
  measure.needle = needle;
  return measure;
}

inline MeasureDescriptor in_degrees(MeasureDescriptor measure) {
  measure.quantity = Quantity::degrees;
  return measure;
}

/// A number of the whole network.
inline MeasureDescriptor network_measure(std::string key, std::string name, std::string help,
                                         Better better = Better::none, Quantity quantity = Quantity::number) {
  MeasureDescriptor measure =
      point_measure(std::move(key), std::move(name), std::move(help), better, quantity);
  measure.per_point = false;
  return measure;
}

inline MeasureDescriptor deceiving(MeasureDescriptor measure, std::string caution) {
  measure.caution = std::move(caution);
  return measure;
}

/// A measure whose standard error error_of() describes.
inline MeasureDescriptor estimated(MeasureDescriptor measure) {
  measure.error = measure.key + "_error";
  return measure;
}

/// The standard error of a measure of J̄ where that is estimated; `name` is what people call the measure.
inline MeasureDescriptor error_of(const std::string& key, const std::string& name) {
  return point_measure(key + "_error", "error of " + name,
                       "standard error of the estimate by random projections: with more than 32 classes, and "
                       "of language models",
                       Better::down);
}

}  // namespace grapevine
