// The table of settings that every experiment has.
#include <cmath>

#include "engine/experiment/registry.h"
#include "engine/experiment/setting_makers.h"
#include "engine/experiment/settings.h"
#include "engine/experiment/vocabulary.h"

namespace grapevine {
namespace {

constexpr double no_limit = std::numeric_limits<double>::infinity();
constexpr std::int64_t largest_count = std::int64_t{1} << 40;

Setting text_setting(std::string key, std::string fallback, std::string help) {
  Setting setting;
  setting.key = std::move(key);
  setting.fallback = std::move(fallback);
  setting.help = std::move(help);
  return setting;
}

Setting integer_list(std::string key, IntegerList fallback, std::int64_t low, std::string help) {
  Setting setting = text_setting(std::move(key), "", std::move(help));
  setting.kind = Kind::integer_list;
  setting.fallback = std::move(fallback);
  setting.low = static_cast<double>(low);
  return setting;
}

Setting text_list(std::string key, TextList choices, std::string help) {
  Setting setting = text_setting(std::move(key), "", std::move(help));
  setting.kind = Kind::text_list;
  setting.fallback = TextList{};
  setting.choices = std::move(choices);
  return setting;
}

template <class Descriptor>
TextList keys_of(const std::vector<Descriptor>& all) {
  TextList keys;
  for (const auto& descriptor : all) keys.push_back(descriptor.key);
  return keys;
}

void add_general(std::vector<Setting>& all) {
  all.push_back(text_setting("name", "", "what to call the run"));
  all.push_back(
      count_setting("seed", 0, 0, largest_count, "start of all random numbers; the same seed, the same run"));
  all.push_back(text_setting("device", "auto", "auto, cpu, cuda or cuda:<number>"));
  all.push_back(count_setting("threads", 0, 0, 1024, "processor threads for arithmetic; 0 = all cores"));
  all.push_back(switch_setting("gpu_graphs", false,
                               "on a GPU, record a step and replay it where that gives the same numbers and "
                               "is faster; for small networks"));
  all.push_back(
      number_setting("feedback_memory", 0.5, 0, true, 100, false,
                     "share of the memory of the machine (or of the GPU) that feedback matrices and what "
                     "they learn by may take; with more a run does not start"));
}

void add_data(std::vector<Setting>& all) {
  TextList images, texts;
  for (const DataDescriptor& data : data_sets()) (data.text ? texts : images).push_back(data.key);
  all.push_back(choice_setting("data.name", "fashion_mnist", keys_of(data_sets()), "the data set"));
  all.push_back(
      text_setting("data.dir", "", "folder that directly holds the files; empty = the usual places"));
  all.push_back(count_setting("data.train_limit", 0, 0, largest_count,
                              "use the first so many training records (of text: tokens); 0 = all"));
  all.push_back(count_setting("data.test_limit", 0, 0, largest_count,
                              "use the first so many test records (of text: tokens, of validation data too); "
                              "0 = all"));
  Setting validation =
      text_setting("data.validation", "", "training records held out: a count, or a share below 1");
  validation.kind = Kind::count_or_share;
  validation.fallback = 0.0;
  validation.low = 0;
  all.push_back(only_where(validation, "data.name", images));
  all.push_back(
      only_where(count_setting("data.classes", 10, 10, 100, "10 shapes, or 100: each with ten fillings"),
                 "data.name", {"shapes"}));
  all.push_back(only_where(
      text_list("data.augment", {"crop", "flip"},
                "changes of training images: crop (after padding by 4 black pixels), flip (left to right)"),
      "data.name", images));
  all.push_back(only_where(count_setting("data.resize", 0, 0, 1024,
                                         "side in pixels that images get, bilinear and antialiased, after "
                                         "crop and flip; 0 = as they are"),
                           "data.name", images));
  all.push_back(only_where(switch_setting("data.normalize", true,
                                          "subtract the training mean, divide by its deviation, a channel"),
                           "data.name", images));
  all.push_back(only_where(count_setting("data.vocabulary", 32000, least_vocabulary, most_vocabulary,
                                         "tokens of the byte-pair encoding, learned from the training text"),
                           "data.name", texts));
  all.push_back(only_where(count_setting("data.context", 128, 1, 65536,
                                         "tokens of one piece of text; nothing is carried to the next"),
                           "data.name", texts));
}

void add_model(std::vector<Setting>& all) {
  all.push_back(choice_setting("model.name", "mlp", keys_of(models()), "the architecture"));
  Setting hidden = integer_list("model.hidden", {512, 512, 512}, 1, "widths of the hidden layers");
  hidden.high = 65536;
  all.push_back(only_where(hidden, "model.name", {"mlp"}));
  all.push_back(
      only_where(choice_setting("model.width", "wide", {"wide", "classic"},
                                "32-64-128 channels with padding, or the classic 6-16-120-84 without"),
                 "model.name", {"lenet5"}));
  Setting segments = text_setting("model.segments", "",
                                  "the layers of your own network, a list a segment; what follows from the "
                                  "shape before (in, features) may be left out");
  segments.kind = Kind::segments;
  all.push_back(only_where(segments, "model.name", {"custom"}));
  all.push_back(choice_setting("model.init", "uniform_fan_in", {"uniform_fan_in", "he", "xavier", "zero"},
                               "how weights start; uniform_fan_in is U(±1/√fan_in); biases start at 0"));
  all.push_back(choice_setting("model.activation", "relu", {"relu", "tanh", "sigmoid", "gelu"},
                               "the hidden layers' function"));
  all.push_back(only_where(switch_setting("model.batch_norm", false, "batch norm after each convolution"),
                           "model.name", {"lenet5", "alexnet"}));
  const auto of_transformer = [&](const char* key, std::int64_t fallback, std::int64_t most,
                                  const char* help) {
    all.push_back(only_where(count_setting(key, fallback, 1, most, help), "model.name", {"transformer"}));
  };
  of_transformer("model.d_model", 512, 65536, "features of a token");
  of_transformer("model.d_ff", 2048, 65536, "features inside a block's feed-forward part");
  of_transformer("model.depth", 6, 256, "encoder blocks");
  of_transformer("model.heads", 8, 1024, "attention heads; they divide model.d_model evenly");
  all.push_back(only_where(choice_setting("model.classifier", "small", {"small", "large"},
                                          "one linear layer, or 4096-4096 with dropout"),
                           "model.name", {"vgg16"}));
  all.push_back(
      number_setting("model.dropout", 0, 0, false, 1, true, "share of hidden activations set to zero"));
  all.push_back(
      choice_setting("model.feedback_points", "macro", {"macro", "micro"},
                     "where feedback arrives in models of blocks: after each block, or inside it too"));
}

void add_optimizer(std::vector<Setting>& all) {
  all.push_back(choice_setting("optimizer.name", "adam", {"sgd", "adam", "adamw", "rmsprop"},
                               "how gradients move the weights"));
  all.push_back(live(number_setting("optimizer.lr", 1e-4, 0, true, no_limit, false, "learning rate")));
  all.push_back(only_where(number_setting("optimizer.momentum", 0.9, 0, false, 1, true, "momentum of sgd"),
                           "optimizer.name", {"sgd"}));
  all.push_back(live(number_setting("optimizer.weight_decay", 0, 0, false, no_limit, false,
                                    "added to the gradient times the weight (adamw: taken off the weight)")));
  const TextList adams{"adam", "adamw"};
  all.push_back(
      only_where(number_setting("optimizer.beta1", 0.9, 0, false, 1, true, "decay of Adam's first moment"),
                 "optimizer.name", adams));
  all.push_back(
      only_where(number_setting("optimizer.beta2", 0.999, 0, false, 1, true, "decay of Adam's second moment"),
                 "optimizer.name", adams));
  all.push_back(
      only_where(number_setting("optimizer.alpha", 0.99, 0, false, 1, true, "decay of rmsprop's mean square"),
                 "optimizer.name", {"rmsprop"}));
  all.push_back(live(number_setting("optimizer.clip", 0, 0, false, no_limit, false,
                                    "largest norm of the whole gradient; 0 = off")));
}

void add_schedule(std::vector<Setting>& all) {
  all.push_back(choice_setting(
      "schedule.name", "constant", {"constant", "exponential", "multistep", "cosine", "plateau", "noam"},
      "how the learning rate changes from epoch to epoch (noam: from step to step)"));
  all.push_back(only_where(
      number_setting("schedule.decay", 0.95, 0, true, 1, false,
                     "factor an epoch (exponential), a milestone (multistep) or a standstill (plateau)"),
      "schedule.name", {"exponential", "multistep", "plateau"}));
  all.push_back(only_where(integer_list("schedule.milestones", {}, 1, "epochs after which multistep decays"),
                           "schedule.name", {"multistep"}));
  all.push_back(only_where(
      choice_setting("schedule.metric", "test_loss", {"train_loss", "test_loss", "validation_loss"},
                     "what has to fall, or plateau lowers the rate"),
      "schedule.name", {"plateau"}));
  all.push_back(only_where(
      count_setting("schedule.patience", 1, 0, 1000000, "epochs without a new best that plateau forgives"),
      "schedule.name", {"plateau"}));
  all.push_back(
      only_where(count_setting("schedule.warmup_steps", 4000, 1, largest_count,
                               "steps to noam's peak, which is optimizer.lr; then it falls as 1/\u221astep"),
                 "schedule.name", {"noam"}));
  all.push_back(count_setting("schedule.warmup", 0, 0, 100000, "epochs of linear rise to the full rate"));
}

void add_training(std::vector<Setting>& all) {
  all.push_back(count_setting("train.epochs", 10, 1, 1000000, "passes over the training data"));
  all.push_back(count_setting("train.batch", 128, 1, 1 << 20, "samples a step"));
  all.push_back(
      count_setting("train.max_steps", 0, 0, largest_count, "stop after so many steps; 0 = no limit"));
  all.push_back(number_setting("checkpoint.every_seconds", 30, 0, false, 86400, false,
                               "seconds between checkpoints; 0 = only at the end"));
}

void add_calibration_event(std::vector<Setting>& all) {
  const auto at_event = [&](Setting setting) {
    return only_where(std::move(setting), "calibration.when", {"event"});
  };
  const auto under = [&](Setting setting, const char* detector) {
    return only_where(std::move(setting), "calibration.detector", {detector});
  };
  all.push_back(at_event(choice_setting("calibration.detector", "ewma", {"ewma", "cusum"},
                                        "what finds alignment lost: a moving average, or a cumulative sum")));
  all.push_back(at_event(
      count_setting("calibration.check_every", 10, 1, largest_count, "steps between two looks at \u0109")));
  all.push_back(at_event(number_setting("calibration.smoothing", 0.9, 0, false, 1, true,
                                        "share of the old average in the new one")));
  all.push_back(live(at_event(number_setting("calibration.low", 0.3, -1, false, 1, false,
                                             "alignment that counts as lost when below"))));
  all.push_back(
      live(at_event(number_setting("calibration.high", 0.5, -1, false, 1, false,
                                   "alignment above which the trigger is armed again; cusum's reference"))));
  all.push_back(
      at_event(count_setting("calibration.checks", 3, 1, 1000000, "checks in a row below the threshold")));
  all.push_back(under(number_setting("calibration.slack", 0.05, 0, false, 2, false,
                                     "\u03ba, shortfall that cusum forgives at each check"),
                      "cusum"));
  all.push_back(under(number_setting("calibration.limit", 1, 0, true, no_limit, false,
                                     "h, summed shortfall at which cusum fires"),
                      "cusum"));
  all.push_back(
      at_event(count_setting("calibration.min_gap", 100, 0, largest_count, "least steps between two")));
  all.push_back(
      at_event(count_setting("calibration.budget", 0, 0, largest_count, "most BP batches; 0 = no limit")));
}

void add_calibration(std::vector<Setting>& all) {
  const TextList regular{"epochs", "steps"}, any{"epochs", "steps", "event", "manual"};
  all.push_back(
      live(choice_setting("calibration.when", "never", {"never", "epochs", "steps", "event", "manual"},
                          "when one exact BP step anchors the network (direct rules only)")));
  all.push_back(
      live(only_where(count_setting("calibration.every", 1, 1, largest_count, "epochs or steps between two"),
                      "calibration.when", regular)));
  const auto where_any = [&](Setting setting) {
    return only_where(std::move(setting), "calibration.when", any);
  };
  all.push_back(
      where_any(choice_setting("calibration.what", "weights", {"weights", "feedback", "both"},
                               "what the exact gradient moves: the weights, the feedback (ridge refit)")));
  all.push_back(where_any(choice_setting("calibration.batch", "uniform",
                                         {"uniform", "class_balanced", "uncertain", "worst_residual"},
                                         "how its mini-batch is chosen: any, as many of each class, largest "
                                         "entropy, worst predicted by the feedback")));
  all.push_back(
      where_any(count_setting("calibration.batch_size", 128, 1, 1 << 20, "samples of its mini-batch")));
  all.push_back(only_where(count_setting("calibration.pool", 1024, 1, 1 << 20,
                                         "samples, forward only, that the mini-batch is chosen from"),
                           "calibration.batch", {"uncertain", "worst_residual"}));
  all.push_back(live(where_any(
      number_setting("calibration.lr", 0.01, 0, true, no_limit, false, "learning rate of its own SGD"))));
  all.push_back(
      where_any(number_setting("calibration.momentum", 0.9, 0, false, 1, true, "momentum of its own SGD")));
  all.push_back(live(where_any(number_setting("calibration.clip", 1, 0, false, no_limit, false,
                                              "largest norm of its gradient; 0 = off"))));
  all.push_back(only_where(number_setting("calibration.ridge", 1e-3, 0, true, no_limit, false,
                                          "\u03bb of the refit, in units of the errors' mean square a class"),
                           "calibration.what", {"feedback", "both"}));
  add_calibration_event(all);
}

void add_probe(std::vector<Setting>& all) {
  Setting every =
      text_setting("probe.every", "auto",
                   "steps between measurements; 0 = off, auto = so that they cost under 5 % by FLOPs");
  every.kind = Kind::integer_or_auto;
  every.low = 0;
  every.high = static_cast<double>(largest_count);
  every.live = true;
  all.push_back(every);
  all.push_back(
      count_setting("probe.batch", 256, 1, 1 << 20, "samples of the fixed batch that measures use"));
  TextList keys;
  for (const auto& measure : measures())
    if (measure.probe) keys.push_back(measure.key);
  all.push_back(
      text_list("probe.measures", keys, "what is measured; empty = all that cost no more than cos_b_j"));
}

}  // namespace

const std::vector<Setting>& experiment_settings() {
  static const std::vector<Setting> all = [] {
    std::vector<Setting> settings;
    add_general(settings);
    add_data(settings);
    add_model(settings);
    settings.push_back(choice_setting("rule.name", "grape", keys_of(rules()), "the learning rule"));
    add_optimizer(settings);
    add_schedule(settings);
    add_training(settings);
    add_calibration(settings);
    add_probe(settings);
    return settings;
  }();
  return all;
}

}  // namespace grapevine
