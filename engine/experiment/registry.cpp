#include "engine/experiment/registry.h"

#include <rule_headers.h>

#include <algorithm>

namespace grapevine {
namespace {

/// Both have the same validation and test files; words as the published counts have them.
DataDescriptor wikitext(const char* key, const char* name, const char* help, long train_words) {
  return {key,
          name,
          help,
          0,
          0,
          0,
          0,
          train_words,
          245569,
          "set data.dir to the folder that holds wiki.train.tokens, wiki.valid.tokens and wiki.test.tokens",
          true,
          217646};
}

std::vector<DataDescriptor> make_data_sets() {
  const std::string idx_files =
      "train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte "
      "(plain or .gz)";
  return {
      {"fashion_mnist", "Fashion-MNIST", "Articles of clothing, 28×28 grey, 10 classes", 1, 28, 28, 10, 60000,
       10000,
       "install Debian's package dataset-fashion-mnist, or set data.dir to the folder that holds " +
           idx_files},
      {"mnist", "MNIST", "Handwritten digits, 28×28 grey, 10 classes; any folder of IDX files", 1, 28, 28, 10,
       60000, 10000, "set data.dir to the folder that holds " + idx_files},
      {"cifar10", "CIFAR-10", "Natural images, 32×32 colour, 10 classes", 3, 32, 32, 10, 50000, 10000,
       "set data.dir to the folder that holds data_batch_1.bin … data_batch_5.bin and test_batch.bin (the "
       "official binary version), or the same names without .bin (the python version)"},
      {"cifar100", "CIFAR-100", "Natural images, 32×32 colour, 100 classes", 3, 32, 32, 100, 50000, 10000,
       "set data.dir to the folder that holds train.bin and test.bin (the official binary version), or train "
       "and test (the python version)"},
      {"tiny_imagenet", "Tiny ImageNet", "Natural images, 64×64 colour, 200 classes", 3, 64, 64, 200, 100000,
       10000, "set data.dir to the folder that holds wnids.txt, train and val (tiny-imagenet-200, unpacked)"},
      {"shapes", "Shapes",
       "Synthetic shapes with noise, 28×28 grey, 10 or 100 classes; made on the fly, needs no files", 1, 28,
       28, 10, 0, 0, "nothing to get: it is made on the fly"},
      wikitext("wikitext2", "WikiText-2", "Articles of Wikipedia, 2 million words; byte-pair encoded",
               2088628),
      wikitext("wikitext103", "WikiText-103", "Articles of Wikipedia, 103 million words; byte-pair encoded",
               103227021),
  };
}

MeasureDescriptor run_measure(const char* key, const char* name, const char* help, bool is_share = false) {
  MeasureDescriptor measure;
  measure.key = key;
  measure.name = name;
  measure.help = help;
  measure.is_share = is_share;
  return measure;
}

MeasureDescriptor perplexity(const char* key, const char* name, const char* help) {
  MeasureDescriptor measure = run_measure(key, name, help);
  measure.is_perplexity = true;
  return measure;
}

MeasureDescriptor point_measure(const char* key, const char* name, const char* help, bool is_cosine) {
  MeasureDescriptor measure = run_measure(key, name, help);
  measure.per_point = true;
  measure.is_cosine = is_cosine;
  return measure;
}

/// Beside a measure of J̄ where that is estimated.
MeasureDescriptor error_measure(const std::string& key, const std::string& name) {
  return point_measure(
      (key + "_error").c_str(), ("error of " + name).c_str(),
      "standard error of the estimate by random projections: with more than 32 classes, and of "
      "language models",
      false);
}

MeasureDescriptor probe_measure(const char* key, const char* name, const char* help, bool is_cosine,
                                bool by_default = true) {
  MeasureDescriptor measure = point_measure(key, name, help, is_cosine);
  measure.probe = true;
  measure.by_default = by_default;
  return measure;
}

std::vector<MeasureDescriptor> make_measures() {
  return {
      run_measure("loss", "batch loss", "mean softmax cross-entropy of the step's batch"),
      run_measure("accuracy", "batch accuracy", "share of the step's batch classified rightly", true),
      run_measure("train_loss", "training loss", "mean of the batch losses over the epoch"),
      run_measure("train_accuracy", "training accuracy", "share of the epoch's samples classified rightly",
                  true),
      run_measure("test_loss", "test loss", "mean cross-entropy on the test set after the epoch"),
      run_measure("test_accuracy", "test accuracy",
                  "share of the test set classified rightly after the epoch", true),
      run_measure("validation_loss", "validation loss", "mean cross-entropy on the held-out training data"),
      run_measure("validation_accuracy", "validation accuracy",
                  "share of the held-out data classified rightly", true),
      perplexity("perplexity", "batch perplexity", "exp of the batch loss, per token"),
      perplexity("train_perplexity", "training perplexity",
                 "exp of the training loss: a language model's, per token, in the accuracy's place"),
      perplexity("test_perplexity", "test perplexity", "exp of the test loss, per token"),
      perplexity("test_word_perplexity", "test perplexity by word",
                 "the same per published word: numbers of other vocabularies compare"),
      perplexity("validation_perplexity", "validation perplexity", "exp of the validation loss, per token"),
      perplexity("validation_word_perplexity", "validation perplexity by word",
                 "the same per published word"),
      run_measure("epoch_seconds", "epoch seconds", "training time of the epoch"),
      run_measure("learning_rate", "learning rate", "the optimiser's rate, where it changes"),
      run_measure("probe_seconds", "probe seconds", "cost of one measurement"),
      probe_measure("cos_b_j", "cos(B, J\u0304)", "cosine of the feedback matrix with the true mean Jacobian",
                    true),
      error_measure("cos_b_j", "cos(B, J\u0304)"),
      probe_measure(
          "cos_b_jhat", "cos(B, J\u0302) by column",
          "mean over columns of the cosine with the step's estimate (the papers' measure); not a scale of "
          "alignment",
          true),
      probe_measure("cos_b_jhat_frobenius", "cos(B, J\u0302)",
                    "Frobenius cosine with the step's estimate (eq. 5)", true),
      probe_measure("cos_jhat_j", "cos(J\u0302, J\u0304)",
                    "Frobenius cosine of the step's estimate with the true Jacobian", true),
      error_measure("cos_jhat_j", "cos(J\u0302, J\u0304)"),
      probe_measure(
          "eq4_bound", "eq. 4 bound",
          "expected cos(J\u0302, J\u0304) is at least this (Gaussian, one draw, per-layer trace); takes an "
          "adjoint sweep a class, however many; not for language models",
          true),
      probe_measure("lemma_b2_bound", "Lemma B.2 bound",
                    "lower bound of cos(B, J\u0304) from the two cosines before it", true),
      error_measure("lemma_b2_bound", "the Lemma B.2 bound"),
      probe_measure(
          "cos_b_j_centred", "cos(B, J\u0304) centred",
          "the same after each column's mean over classes is taken off: softmax errors never act along it",
          true),
      error_measure("cos_b_j_centred", "cos(B, J\u0304) centred"),
      probe_measure("c_hat", "\u0109",
                    "estimate of cos(B, J\u0304) from the step's tangents alone; reads low with a "
                    "shared trace",
                    true),
      probe_measure("cos_delta", "cos(\u03b4, \u03b4 of BP)",
                    "mean over samples of the signal's cosine with BP's", true),
      probe_measure(
          "sample_angles", "angles of samples",
          "quantiles over the probe batch of the angle between a sample's signal and BP's, in degrees",
          false),
      point_measure("sample_angle_p10", "angle, 10 %", "a tenth of the samples' signals are nearer to BP's",
                    false),
      point_measure("sample_angle_p25", "angle, 25 %", "a quarter of the samples' signals are nearer to BP's",
                    false),
      point_measure("sample_angle_p50", "angle, median", "half of the samples' signals are nearer to BP's",
                    false),
      point_measure("sample_angle_p75", "angle, 75 %",
                    "three quarters of the samples' signals are nearer to BP's", false),
      point_measure("sample_angle_p90", "angle, 90 %",
                    "nine tenths of the samples' signals are nearer to BP's", false),
      probe_measure("cos_update", "cos(update, BP's)", "cosine of the segment's gradient with BP's", true),
      probe_measure(
          "angle", "angle(W, transport)",
          "degrees between the segment's weights and the ones that carry errors back; and the ratio of "
          "their norms",
          false),
      point_measure("transport_ratio", "\u2016R\u2016/\u2016W\u2016",
                    "norm of the transport weights over the forward ones'", false),
      probe_measure("norms", "norms",
                    "norms of weights, signals and matrices; mean, spread and zeros of activations", false),
      point_measure("norm_weights", "\u2016W\u2016", "norm of the segment's weights", false),
      point_measure("norm_signal", "\u2016\u03b4\u2016", "norm of the signal", false),
      point_measure("norm_feedback", "\u2016B\u2016", "Frobenius norm of the feedback matrix", false),
      point_measure("activation_mean", "activation mean", "mean activation at the feedback point", false),
      point_measure("activation_spread", "activation spread", "standard deviation of the activations", false),
      point_measure("activation_zeros", "zero activations", "share of activations that are zero", false),
  };
}

template <class Descriptor>
const Descriptor* find_by_key(const std::vector<Descriptor>& all, std::string_view key) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const Descriptor& d) { return d.key == key; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace

const std::vector<RuleDescriptor>& rules() {
  static const std::vector<RuleDescriptor> all = {
#define GRAPEVINE_RULE(key) describe_##key(),
#include "engine/experiment/settings.h"
#include "engine/rules/rules.def"
#undef GRAPEVINE_RULE
  };
  return all;
}

const std::vector<ModelDescriptor>& models() {
  static const std::vector<ModelDescriptor> all = {
      {"mlp", "MLP", "Fully connected layers of the widths in model.hidden, then one to the classes", false,
       false, true},
      {"lenet5", "LeNet-5", "Two 5×5 convolutions with pooling, then fully connected layers", false, false,
       true},
      {"alexnet", "AlexNet", "Five convolutions; a small form for images below 63 pixels, else torchvision's",
       false, false, true},
      {"vgg16", "VGG-16", "Thirteen 3×3 convolutions with batch norm, for images of 32 pixels and more"},
      {"resnet20", "ResNet-20", "Nine residual blocks of 16, 32 and 64 channels with option-A shortcuts",
       false, true},
      {"resnet56", "ResNet-56",
       "Twenty-seven residual blocks of 16, 32 and 64 channels with option-A shortcuts", false, true},
      {"transformer", "Transformer",
       "A causal language model of encoder blocks: attention and feed-forward, layer norms behind the sums",
       true, true, true, false},
      {"custom", "Own network",
       "The layers that model.segments lists, which implies this; on text the decoder stands above them",
       true},
  };
  return all;
}

const std::vector<DataDescriptor>& data_sets() {
  static const std::vector<DataDescriptor> all = make_data_sets();
  return all;
}

const std::vector<MeasureDescriptor>& measures() {
  static const std::vector<MeasureDescriptor> all = make_measures();
  return all;
}

bool ModelDescriptor::takes(const DataDescriptor& data) const {
  return data.text ? text : images;
}

const RuleDescriptor* find_rule(std::string_view key) {
  return find_by_key(rules(), key);
}
const ModelDescriptor* find_model(std::string_view key) {
  return find_by_key(models(), key);
}
const DataDescriptor* find_data(std::string_view key) {
  return find_by_key(data_sets(), key);
}

int measure_index(std::string_view key) {
  const MeasureDescriptor* found = find_by_key(measures(), key);
  return found ? static_cast<int>(found - measures().data()) : -1;
}

}  // namespace grapevine
