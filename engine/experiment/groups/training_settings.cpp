#include "engine/experiment/groups/training_settings.h"

#include "engine/experiment/bound_settings.h"
#include "engine/experiment/measure.h"
#include "engine/experiment/monitor.h"

namespace grapevine {

void OptimizerSettings::bind(Binder& to) {
  using enum OptimizerKind;
  const auto name =
      to.choice(kind, "name", {{"sgd", sgd}, {"adam", adam}, {"adamw", adamw}, {"rmsprop", rmsprop}},
                "how gradients move the weights")
          .labelled("Optimizer")
          .choice_named(sgd, "SGD")
          .choice_named(adam, "Adam")
          .choice_named(adamw, "AdamW")
          .choice_named(rmsprop, "RMSProp");
  to.number(lr, "lr", above(0), "learning rate").live();
  to.number(momentum, "momentum", at_least(0).below(1), "momentum of sgd").only_where(name.is({sgd}));
  to.number(weight_decay, "weight_decay", at_least(0),
            "added to the gradient times the weight (adamw: taken off the weight)")
      .live();
  to.number(beta1, "beta1", at_least(0).below(1), "decay of Adam's first moment")
      .only_where(name.is({adam, adamw}));
  to.number(beta2, "beta2", at_least(0).below(1), "decay of Adam's second moment")
      .only_where(name.is({adam, adamw}));
  to.number(alpha, "alpha", at_least(0).below(1), "decay of rmsprop's mean square")
      .only_where(name.is({rmsprop}));
  to.number(clip, "clip", at_least(0), "largest norm of the whole gradient; 0 = off").live();
}

void ScheduleSettings::bind(Binder& to) {
  using enum ScheduleKind;
  const auto name = to.choice(kind, "name",
                              {{"constant", constant},
                               {"exponential", exponential},
                               {"multistep", multistep},
                               {"cosine", cosine},
                               {"plateau", plateau},
                               {"noam", noam}},
                              "how the learning rate changes from epoch to epoch (noam: from step to step)")
                        .labelled("Schedule");
  to.number(decay, "decay", above(0).at_most(1),
            "factor per epoch (exponential), milestone (multistep) or standstill (plateau)")
      .only_where(name.is({exponential, multistep, plateau}));
  to.integers(milestones, "milestones", at_least(1),
              "epochs after which multistep decays, counted from the end of the warm-up")
      .only_where(name.is({multistep}));
  TextList metrics;
  for (const MeasureDescriptor& measure : run_measures())
    if (measure.is_of_epochs() && measure.better != Better::none) metrics.push_back(measure.key);
  to.word(metric, "metric", metrics, "what has to become better, or plateau lowers the rate")
      .only_where(name.is({plateau}));
  to.integer(patience, "patience", at_least(0).at_most(1000000),
             "epochs without a new best that plateau forgives")
      .only_where(name.is({plateau}));
  to.integer(warmup_steps, "warmup_steps", at_least(1).at_most(largest_count),
             "steps to noam's peak, which is optimizer.lr; then it falls as 1/\u221astep")
      .only_where(name.is({noam}));
  to.integer(
        warmup, "warmup", at_least(0).at_most(100000),
        "epochs of linear rise to the full rate, at which the schedule then begins; noam has warmup_steps")
      .only_where(name.is({constant, exponential, multistep, cosine, plateau}));
}

void TrainSettings::bind(Binder& to) {
  to.integer(epochs, "epochs", at_least(1).at_most(1000000), "passes over the training data")
      .may_change_in_fork();
  to.integer(batch, "batch", at_least(1).at_most(1 << 20), "samples per step");
  to.integer(max_steps, "max_steps", at_least(0).at_most(largest_count),
             "stop after so many steps; 0 = no limit")
      .labelled("Maximum steps")
      .may_change_in_fork();
  to.integer(patience, "patience", at_least(0).at_most(1000000),
             "end a run after so many epochs without a new best of train.monitor; 0 = never")
      .may_change_in_fork();
  to.word(monitor, "monitor", monitor_words(),
          "the measure that train.patience and checkpoint.keep look at; auto is the validation data's "
          "accuracy, or a language model's perplexity on them")
      .may_change_in_fork();
}

void CheckpointSettings::bind(Binder& to) {
  to.number(every_seconds, "every_seconds", at_least(0).at_most(86400),
            "seconds between checkpoints; 0 = only at the end")
      .labelled("Checkpoint interval (s)");
  to.choice(
      keep, "keep",
      {{"last", KeptCheckpoints::last}, {"best", KeptCheckpoints::best}, {"both", KeptCheckpoints::both}},
      "which state stays of a finished run: its last, or that of the best epoch by train.monitor");
}

OptimizerSettings OptimizerSettings::of(const Experiment& experiment) {
  return settings_from<OptimizerSettings>(experiment);
}
ScheduleSettings ScheduleSettings::of(const Experiment& experiment) {
  return settings_from<ScheduleSettings>(experiment);
}
TrainSettings TrainSettings::of(const Experiment& experiment) {
  return settings_from<TrainSettings>(experiment);
}
CheckpointSettings CheckpointSettings::of(const Experiment& experiment) {
  return settings_from<CheckpointSettings>(experiment);
}

}  // namespace grapevine
