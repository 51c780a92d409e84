// The lists of what exists: rules, models, data sets, measures. Descriptors only, in plain C++; what computes
// is in the files of the same name next to them. Immutable after start-up; any thread may call.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/experiment/lesion.h"
#include "engine/experiment/measure.h"

namespace grapevine {

struct Setting;  // settings.h, for code that uses RuleDescriptor::settings

/// The way that feedback takes to the layers, as the papers' Figure 1 draws it.
enum class FeedbackRoute {
  backward,   ///< down from segment to segment, through the weights themselves
  transport,  ///< the same way, through weights of its own
  direct,     ///< from the output's error straight to each feedback point
  input,      ///< into the input, for a second forward pass
  forward,    ///< along the forward pass: tangents
  local       ///< none: each segment by itself
};

/// 0xRRGGBB on a light and on a dark ground.
struct RuleHue {
  std::uint32_t light = 0, dark = 0;
};

/// How a rule is drawn and distinguished from others.
struct RuleLook {
  FeedbackRoute route = FeedbackRoute::direct;
  std::string family;  ///< key of the rule whose hue it has; empty = its own
  std::string manner;  ///< "direct, fixed B": a few words beneath the name
  /// Of the rule that names a family. Hues are at least 15 apart in CIEDE2000 under normal, protan, deutan
  /// and tritan sight, with a contrast of 3 on the light and 3.5 on the dark ground
  /// (tests/plot/test_colours).
  std::optional<RuleHue> hue = {};
};

/// A learning rule as the form, the help and the store see it (rules/<key>.h has one each).
struct RuleDescriptor {
  // Made and copied where Setting is known.
  RuleDescriptor();
  RuleDescriptor(const RuleDescriptor&);
  RuleDescriptor(RuleDescriptor&&) noexcept;
  RuleDescriptor& operator=(const RuleDescriptor&);
  RuleDescriptor& operator=(RuleDescriptor&&) noexcept;
  ~RuleDescriptor();

  std::string key;       ///< "grape"
  std::string name;      ///< "GrAPE"
  std::string help;      ///< one line
  std::string equation;  ///< the signal or update in one line of text
  std::vector<Setting> settings;
  bool has_feedback = false;   ///< has matrices B_l, C×n_l
  bool has_estimate = false;   ///< makes a Jacobian estimate Ĵ_l each step
  bool calibrates = false;     ///< calibration (§5) goes with every direct rule
  bool has_transport = false;  ///< sends errors back through weights of its own (measure `angle`)
  bool has_signals = true;     ///< gives each feedback point a δ_l
  double alignment_sign = 1;   ///< of a well-aligned B's cosine with J̄: −1 where the signal is +onehot
  Interventions interventions = Interventions::none();  ///< what can be done to its feedback
  RuleLook look;
  bool needs_classes = false;       ///< uses the label itself: not for language models
  bool scales_inputs = false;       ///< its models scale every later segment's input to length √n
  std::vector<std::string> models;  ///< the only models it runs on; empty = all
};

struct ModelDescriptor {
  std::string key;
  std::string name;
  std::string help;
  bool text = false;         ///< takes text: a language model then, judged by perplexity
  bool has_micro = false;    ///< has feedback points inside its blocks too (model.feedback_points)
  bool has_dropout = false;  ///< model.dropout has an effect on it
  bool images = true;        ///< takes images; a network that takes text too is what its data make it
  bool takes(const struct DataDescriptor& data) const;
};

struct DataDescriptor {
  std::string key;
  std::string name;
  std::string help;
  int channels = 1;  ///< of images; all four are 0 for text
  int height = 28;
  int width = 28;
  int classes = 10;
  long train_count = 0;  ///< published size, of text in words with one <eos> a line; 0 = made on the fly
  long test_count = 0;
  std::string how_to_get = {};         ///< one sentence, shown when the files are missing
  bool text = false;                   ///< text (text_set.h), else images (image_set.h)
  long validation_count = 0;           ///< of text, which comes with validation data of its own
  std::vector<int> class_counts = {};  ///< that data.classes chooses from; empty = there is no choice
  /// The user's own files: shape, classes and counts come from the files, and 0 above.
  bool own = false;
  bool of_arrays = false;  ///< own arrays of numbers: data.label_offset, data.transpose
  int coarse_classes = 0;  ///< groups of the classes, which data.labels=coarse takes for them; 0 = none
  /// How many there are where data.classes is `asked` and data.labels is coarse or not; 0 = own files say it.
  std::int64_t classes_among(std::int64_t asked, bool coarse = false) const;
};

const std::vector<RuleDescriptor>& rules();
const std::vector<ModelDescriptor>& models();
const std::vector<DataDescriptor>& data_sets();
const std::vector<MeasureDescriptor>& measures();
/// Those that a probe takes; each with the series next to it is a part of measures(), in the same order.
const std::vector<ProbeDescriptor>& probes();

const RuleDescriptor* find_rule(std::string_view key);
const ModelDescriptor* find_model(std::string_view key);
const DataDescriptor* find_data(std::string_view key);
const ProbeDescriptor* find_probe(std::string_view key);
/// Index in measures(), or -1.
int measure_index(std::string_view key);
const MeasureDescriptor* find_measure(std::string_view key);
/// The probe that brings a measure, its own or one beside; nullptr for what no probe takes.
const ProbeDescriptor* probe_with(std::string_view measure_key);
/// Why runs of this rule have no such series: a sentence for people, "" where they can have it.
std::string why_undefined(const ProbeDescriptor& probe, const RuleDescriptor& rule);
/// What a run may be judged by in a phase: the first for which it has numbers; else the first of all.
std::vector<const MeasureDescriptor*> scores(Phase phase);
/// What runs on text, or on images, are judged by in a phase.
const MeasureDescriptor& score_in(Phase phase, bool text);
/// The measure that the stage's needle shows so (Needle::none has none).
const MeasureDescriptor& needle_measure(Needle needle);

}  // namespace grapevine
