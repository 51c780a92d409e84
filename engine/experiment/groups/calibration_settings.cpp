#include "engine/experiment/groups/calibration_settings.h"

#include "engine/experiment/bound_settings.h"

namespace grapevine {
namespace {

void bind_event(Binder& to, CalibrationSettings& settings, const Condition& at_event) {
  TriggerSettings& trigger = settings.trigger;
  auto detector = to.choice(trigger.cusum, "detector", {{"ewma", false}, {"cusum", true}},
                            "what finds alignment lost: a moving average, or a cumulative sum");
  detector.only_where(at_event).choice_named(false, "EWMA").choice_named(true, "CUSUM");
  to.integer(settings.check_every, "check_every", at_least(1).at_most(largest_count),
             "steps between two looks at \u0109")
      .only_where(at_event);
  to.number(trigger.smoothing, "smoothing", at_least(0).below(1),
            "fraction of the old average in the new one")
      .only_where(at_event);
  to.number(trigger.low, "low", at_least(-1).at_most(1), "alignment that counts as lost when below")
      .only_where(at_event)
      .live();
  to.number(trigger.high, "high", at_least(-1).at_most(1),
            "alignment above which the trigger is armed again; cusum's reference")
      .only_where(at_event)
      .live();
  to.integer(trigger.checks, "checks", at_least(1).at_most(1000000), "checks in a row below the threshold")
      .only_where(at_event);
  to.number(trigger.slack, "slack", at_least(0).at_most(2),
            "\u03ba, shortfall that cusum forgives at each check")
      .only_where(detector.is({true}));
  to.number(trigger.limit, "limit", above(0), "h, summed shortfall at which cusum fires")
      .only_where(detector.is({true}));
  to.integer(trigger.min_gap, "min_gap", at_least(0).at_most(largest_count), "least steps between two")
      .only_where(at_event);
  to.integer(settings.budget, "budget", at_least(0).at_most(largest_count), "most BP batches; 0 = no limit")
      .only_where(at_event);
}

}  // namespace

void CalibrationSettings::bind(Binder& to) {
  auto calendar = to.choice(when, "when",
                            {{"never", When::never},
                             {"epochs", When::epochs},
                             {"steps", When::steps},
                             {"event", When::event},
                             {"manual", When::manual}},
                            "when one exact BP step anchors the network (direct rules only)");
  calendar.live();
  const Condition at_all = calendar.is({When::epochs, When::steps, When::event, When::manual});
  to.integer(every, "every", at_least(1).at_most(largest_count), "epochs or steps between two")
      .only_where(calendar.is({When::epochs, When::steps}))
      .live();
  auto moved = to.choice(what, "what",
                         {{"weights", What::weights}, {"feedback", What::feedback}, {"both", What::both}},
                         "what the exact gradient moves: the weights, the feedback (ridge refit)");
  moved.only_where(at_all);
  auto chosen = to.choice(batch, "batch",
                          {{"uniform", Batch::uniform},
                           {"class_balanced", Batch::class_balanced},
                           {"uncertain", Batch::uncertain},
                           {"worst_residual", Batch::worst_residual}},
                          "how its mini-batch is chosen: any, as many of each class, largest entropy, worst "
                          "predicted by the feedback");
  chosen.only_where(at_all);
  to.integer(batch_size, "batch_size", at_least(1).at_most(1 << 20), "samples of its mini-batch")
      .only_where(at_all);
  to.integer(pool, "pool", at_least(1).at_most(1 << 20),
             "samples, forward only, that the mini-batch is chosen from")
      .only_where(chosen.is({Batch::uncertain, Batch::worst_residual}));
  to.number(lr, "lr", above(0), "learning rate of its own SGD").only_where(at_all).live();
  to.number(momentum, "momentum", at_least(0).below(1), "momentum of its own SGD").only_where(at_all);
  to.number(clip, "clip", at_least(0), "largest norm of its gradient; 0 = off").only_where(at_all).live();
  to.number(ridge, "ridge", above(0), "\u03bb of the refit, in units of the errors' mean square a class")
      .only_where(moved.is({What::feedback, What::both}));
  bind_event(to, *this, calendar.is({When::event}));
}

CalibrationSettings CalibrationSettings::of(const Experiment& experiment) {
  return settings_from<CalibrationSettings>(experiment);
}

}  // namespace grapevine
