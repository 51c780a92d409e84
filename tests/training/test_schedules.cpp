// Learning rates epoch by epoch against the closed forms of torch.optim.lr_scheduler (SequentialLR of
// LinearLR and a schedule), plateau against ReduceLROnPlateau, and what a resumed run keeps of how it began.
#include <QtTest>
#include <cmath>
#include <numbers>

#include "engine/experiment/registry.h"
#include "engine/optim/schedule.h"
#include "engine/training/race.h"

namespace grapevine {
namespace {

Experiment small(const std::map<std::string, std::string>& settings = {}) {
  Experiment experiment("dfa");
  for (const auto& [key, value] : std::map<std::string, std::string>{{"data.name", "shapes"},
                                                                     {"data.train_limit", "64"},
                                                                     {"data.test_limit", "20"},
                                                                     {"model.hidden", "8"},
                                                                     {"train.batch", "32"},
                                                                     {"threads", "1"},
                                                                     {"probe.every", "0"},
                                                                     {"optimizer.lr", "0.1"}})
    experiment.set_text(key, value);
  for (const auto& [key, value] : settings) experiment.set_text(key, value);
  return experiment;
}

struct Trained {
  RaceInfo info;
  std::vector<Sample> samples;

  std::vector<double> values(const std::string& measure) const {
    std::vector<double> all;
    for (const Sample& sample : samples)
      if (measures()[sample.measure].key == measure) all.push_back(sample.value);
    return all;
  }
  /// At which steps a measure came about.
  std::vector<std::int64_t> steps(const std::string& measure) const {
    std::vector<std::int64_t> all;
    for (const Sample& sample : samples)
      if (measures()[sample.measure].key == measure) all.push_back(sample.step);
    return all;
  }
};

Trained train(const Experiment& experiment, const std::vector<Beginning>& kept = {}) {
  Race race({experiment});
  if (!kept.empty()) race.keep(kept);
  Trained trained{race.prepare(), {}};
  Report report;
  race.begin(report);
  while (race.step(report)) {
  }
  trained.samples = report.samples;
  return trained;
}

// torch: SequentialLR([LinearLR(start_factor=1/(w+1), end_factor=1, total_iters=w), after], milestones=[w]),
// one factor per epoch.
double linear_rise(std::int64_t epoch, std::int64_t w) {
  const double start = 1.0 / static_cast<double>(w + 1);
  return start + (1 - start) * static_cast<double>(epoch) / static_cast<double>(w);
}

}  // namespace

class TestSchedules : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void a_schedule_begins_at_the_full_rate_after_the_rise() {
    constexpr std::int64_t epochs = 12, w = 3;
    struct Case {
      std::map<std::string, std::string> settings;
      std::function<double(std::int64_t)> factor;  // of the schedule's own clock
    };
    const std::vector<Case> cases{
        {{{"schedule.name", "constant"}}, [](std::int64_t) { return 1.0; }},
        {{{"schedule.name", "exponential"}, {"schedule.decay", "0.5"}},
         [](std::int64_t t) { return std::pow(0.5, static_cast<double>(t)); }},
        {{{"schedule.name", "multistep"}, {"schedule.decay", "0.1"}, {"schedule.milestones", "2,5"}},
         [](std::int64_t t) { return t < 2   ? 1.0
                                     : t < 5 ? 0.1
                                             : 0.01; }},
        // CosineAnnealingLR(T_max = epochs − w)
        {{{"schedule.name", "cosine"}}, [](std::int64_t t) {
           return (1 + std::cos(std::numbers::pi * static_cast<double>(t) / (epochs - w))) / 2;
         }}};
    for (const Case& one : cases) {
      auto settings = one.settings;
      settings["train.epochs"] = std::to_string(epochs);
      settings["schedule.warmup"] = std::to_string(w);
      const ScheduleSettings schedule = ScheduleSettings::of(small(settings));
      for (std::int64_t epoch = 0; epoch < epochs; ++epoch) {
        const double want = epoch < w ? linear_rise(epoch, w) : one.factor(epoch - w);
        QVERIFY2(std::abs(schedule_factor(schedule, epoch, epochs) - want) < 1e-14,
                 (settings["schedule.name"] + " in epoch " + std::to_string(epoch)).c_str());
      }
    }
  }

  // The case that was seen: cosine, 3 of 12 epochs of rise, lr 0.1, whose highest rate was 0.0854.
  void a_run_reaches_its_rate_unless_it_began_without() {
    const Experiment experiment =
        small({{"schedule.name", "cosine"}, {"schedule.warmup", "3"}, {"train.epochs", "12"}});
    const auto highest = [](const Trained& run) {
      const std::vector<double> rates = run.values("learning_rate");
      return *std::max_element(rates.begin(), rates.end());
    };
    const Trained now = train(experiment);
    QCOMPARE(highest(now), 0.1);
    Beginning of_before;
    of_before.rise_within_schedule = true;
    const Trained before = train(experiment, {of_before});
    const double want = 0.1 * (1 + std::cos(std::numbers::pi * 3 / 12)) / 2;
    QVERIFY(std::abs(highest(before) - want) < 1e-14);
    // Both say so.
    const auto mentions = [](const Trained& run, const char* words) {
      return std::any_of(run.info.notes.begin(), run.info.notes.end(),
                         [&](const std::string& note) { return note.find(words) != std::string::npos; });
    };
    QVERIFY(mentions(now, "the schedule begins after them"));
    QVERIFY(mentions(before, "this run keeps what version 0.1.0 began it with"));
    QVERIFY(before.info.beginnings.front().rise_within_schedule);
  }

  void noam_with_epochs_of_rise_is_refused() {
    Experiment experiment = small({{"schedule.name", "noam"}});
    QVERIFY(experiment.complaints().empty());
    experiment.set_text("schedule.warmup", "3");
    const auto complaints = experiment.complaints();
    QCOMPARE(complaints.size(), std::size_t{1});
    QCOMPARE(complaints.front().key, std::string("schedule.warmup"));
    QVERIFY(complaints.front().message.find("schedule.warmup_steps") != std::string::npos);
  }

  // torch.optim.lr_scheduler.ReduceLROnPlateau(factor=0.5, patience=1, threshold=1e-4, rel), step by step.
  void plateau_follows_what_falls_and_what_rises() {
    for (const Better better : {Better::down, Better::up}) {
      const std::vector<double> values{0.50, 0.60, 0.60001, 0.60, 0.70, 0.70, 0.69};
      Plateau plateau;
      double best = better == Better::up ? -INFINITY : INFINITY, factor = 1;
      int bad = 0;
      for (const double value : values) {
        plateau.note(value, 0.5, 1, better);
        const bool is_better = better == Better::up ? value > best * (1 + 1e-4) : value < best * (1 - 1e-4);
        if (std::isinf(best) || is_better) {
          best = value;
          bad = 0;
        } else if (++bad > 1) {
          factor *= 0.5;
          bad = 0;
        }
        QCOMPARE(plateau.factor, factor);
      }
      QVERIFY(factor < 1);
    }
  }

  void plateau_may_follow_any_score_that_is_measured() {
    const auto refused = [](const std::map<std::string, std::string>& settings) {
      auto all = settings;
      all["schedule.name"] = "plateau";
      const auto complaints = small(all).complaints();
      return complaints.empty() ? std::string() : complaints.front().key;
    };
    QCOMPARE(refused({{"schedule.metric", "test_accuracy"}}), std::string());
    QCOMPARE(refused({{"schedule.metric", "validation_accuracy"}, {"data.validation", "16"}}), std::string());
    QCOMPARE(refused({{"schedule.metric", "validation_accuracy"}}), std::string("schedule.metric"));
    QCOMPARE(refused({{"schedule.metric", "test_perplexity"}}), std::string("schedule.metric"));
    QVERIFY_THROWS_EXCEPTION(std::exception, small({{"schedule.metric", "learning_rate"}}));
  }

  // A rate that falls each time nothing is noted as better: from the end of the rise on.
  void plateau_looks_at_nothing_while_the_rate_rises() {
    // A rate so small that no epoch is better than the first by 1e-4: every epoch behind it stands still.
    const Experiment experiment = small({{"schedule.name", "plateau"},
                                         {"schedule.patience", "0"},
                                         {"schedule.decay", "0.5"},
                                         {"schedule.warmup", "2"},
                                         {"optimizer.lr", "1e-12"},
                                         {"train.epochs", "5"}});
    const std::vector<double> want{1e-12 / 3, 2e-12 / 3, 1e-12, 1e-12, 0.5e-12};
    Trained run = train(experiment);
    std::vector<double> rates = run.values("learning_rate");
    // Told where it changes: in epochs 1, 2, 3 and 5.
    const std::vector<double> told{want[0], want[1], want[2], want[4]};
    QCOMPARE(rates.size(), told.size());
    for (std::size_t i = 0; i < told.size(); ++i) QVERIFY(std::abs(rates[i] / told[i] - 1) < 1e-12);
  }

  void an_epoch_tells_training_and_evaluation_apart() {
    const Trained run = train(small({{"data.validation", "16"}, {"train.epochs", "2"}}));
    const std::vector<std::int64_t> ends{2, 4};
    for (const char* measure : {"training_seconds", "evaluation_seconds", "train_loss", "train_accuracy",
                                "validation_loss", "validation_accuracy", "test_loss", "test_accuracy"})
      QVERIFY2(run.steps(measure) == ends, measure);
    QVERIFY(run.values("epoch_seconds").empty());  // 0.1.0's, which held both
    QCOMPARE(run.info.data_digest.size(), std::size_t{64});
  }

  // Automatic measuring in a short run: how often, as often as it was, and how to see more.
  void a_run_that_is_seldom_measured_says_so() {
    const auto said = [](const Trained& run) {
      std::string all;
      for (const std::string& note : run.info.notes) all += note + "\n";
      return all;
    };
    const Trained automatic = train(small({{"probe.every", "auto"}, {"train.epochs", "3"}}));
    const std::string words =
        "measured " + std::to_string(automatic.steps("cos_b_j").size()) + " times in this run";
    QVERIFY2(said(automatic).find(words) != std::string::npos, said(automatic).c_str());
    QVERIFY(said(automatic).find("more often by probe.every=1") != std::string::npos);
    const Trained asked = train(small({{"probe.every", "3"}, {"train.epochs", "3"}}));
    QVERIFY(said(asked).find("times in this run") == std::string::npos);  // as it was asked for
  }

  // probe.every=auto and the default measures are settled when a run begins.
  void a_resumed_run_is_measured_as_it_was_begun() {
    const Experiment experiment = small({{"probe.every", "auto"}, {"train.epochs", "3"}});
    const Beginning begun = train(experiment).info.beginnings.front();
    QVERIFY(begun.probe_every > 0);
    QVERIFY(begun.measures.size() > 3);
    Beginning kept;
    kept.probe_every = 2;
    kept.measures = {"cos_b_j", "a measure of some later version"};
    const Trained again = train(experiment, {kept});
    QCOMPARE(again.steps("cos_b_j"), (std::vector<std::int64_t>{0, 2, 4, 6}));
    QVERIFY(again.values("cos_delta").empty());
    QCOMPARE(again.info.beginnings.front().measures, std::vector<std::string>{"cos_b_j"});
    // What is asked for counts more.
    const Trained asked =
        train(small({{"probe.every", "3"}, {"probe.measures", "cos_delta"}, {"train.epochs", "3"}}), {kept});
    QCOMPARE(asked.steps("cos_delta"), (std::vector<std::int64_t>{0, 3, 6}));
    QVERIFY(asked.values("cos_b_j").empty());
  }
};

}  // namespace grapevine

QTEST_GUILESS_MAIN(grapevine::TestSchedules)
#include "test_schedules.moc"
