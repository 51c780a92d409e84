// Trainers and races: optimisers against LibTorch's, the same seed the same numbers bit for bit, a race's
// racer the same as the run alone, and a run resumed from a checkpoint the same as one never interrupted, for
// every rule.
#include <torch/optim.h>

#include <QtTest>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "engine/error.h"
#include "engine/experiment/registry.h"
#include "engine/models/model.h"
#include "engine/nn/arrays.h"
#include "engine/nn/device.h"
#include "engine/optim/optimizer.h"
#include "engine/optim/schedule.h"
#include "engine/session/session.h"
#include "engine/training/costs.h"
#include "engine/training/race.h"

namespace grapevine {
namespace {

at::Tensor noise(at::IntArrayRef shape, std::int64_t seed, at::ScalarType type = at::kDouble) {
  at::Tensor t = at::empty(shape, at::TensorOptions().dtype(type));
  fill_gaussian(t, RandomKey::of(seed, Stream::test));
  return t;
}

Experiment small(const std::string& rule, const std::map<std::string, std::string>& settings = {}) {
  Experiment experiment(rule);
  const std::map<std::string, std::string> base{{"data.name", "shapes"},   {"data.train_limit", "320"},
                                                {"data.test_limit", "60"}, {"model.hidden", "24,20"},
                                                {"model.dropout", "0.2"},  {"train.batch", "32"},
                                                {"train.epochs", "3"},     {"threads", "1"},
                                                {"optimizer.lr", "0.001"}, {"probe.every", "4"},
                                                {"probe.batch", "40"},     {"seed", "5"}};
  for (const auto& [key, value] : base) experiment.set_text(key, value);
  for (const auto& [key, value] : settings) experiment.set_text(key, value);
  return experiment;
}

struct Run {
  std::vector<Sample> samples;
  std::vector<Event> events;
  CheckpointSet end;
  std::map<std::int64_t, CheckpointSet> stops;
};

Run run(const std::vector<Experiment>& racers, std::vector<std::int64_t> stops = {},
        const CheckpointSet* from = nullptr, std::int64_t unread = 1) {
  Race race(racers);
  const RaceInfo info = race.prepare();
  for (std::size_t i = 0; i < racers.size(); ++i) race.trainer(static_cast<int>(i)).read_every(unread);
  Run result;
  Report report;
  if (from)
    race.restore(*from);
  else
    race.begin(report);
  while (race.step_count() < info.total_steps) {
    race.step(report);
    if (std::find(stops.begin(), stops.end(), race.step_count()) == stops.end()) continue;
    race.settle(report);
    result.stops[race.step_count()] = race.checkpoint();
  }
  result.samples = report.samples;
  result.events = report.events;
  result.end = race.checkpoint();
  return result;
}

bool is_clock(const Sample& sample) {
  const std::string& key = measures()[sample.measure].key;
  return key.ends_with("_seconds");
}

/// Everything measured but times, of one racer: "measure point step" → the value's bits.
std::map<std::string, std::uint64_t> numbers_of(const Run& run, int racer, std::int64_t after = -1) {
  std::map<std::string, std::uint64_t> all;
  for (const Sample& sample : run.samples)
    if (sample.racer == racer && sample.step > after && !is_clock(sample)) {
      std::uint64_t bits = 0;
      std::memcpy(&bits, &sample.value, sizeof bits);
      all[measures()[sample.measure].key + " " + std::to_string(sample.point) + " " +
          std::to_string(sample.step)] = bits;
    }
  return all;
}

bool same_arrays(const Checkpoint& a, const Checkpoint& b, std::string& where) {
  for (const auto& [name, array] : a.arrays) {
    const auto other = b.arrays.find(name);
    if (other == b.arrays.end() || other->second.bytes != array.bytes) {
      where = name;
      return false;
    }
  }
  return a.arrays.size() == b.arrays.size() && !a.arrays.empty();
}

std::vector<std::string> keys_of_rules() {
  std::vector<std::string> keys;
  for (const auto& rule : rules()) keys.push_back(rule.key);
  return keys;
}

template <class Options>
std::unique_ptr<torch::optim::Optimizer> theirs(const at::Tensor& p, Options o) {
  if constexpr (std::is_same_v<Options, torch::optim::AdamOptions>)
    return std::make_unique<torch::optim::Adam>(std::vector<at::Tensor>{p}, o);
  else if constexpr (std::is_same_v<Options, torch::optim::AdamWOptions>)
    return std::make_unique<torch::optim::AdamW>(std::vector<at::Tensor>{p}, o);
  else if constexpr (std::is_same_v<Options, torch::optim::RMSpropOptions>)
    return std::make_unique<torch::optim::RMSprop>(std::vector<at::Tensor>{p}, o);
  else
    return std::make_unique<torch::optim::SGD>(std::vector<at::Tensor>{p}, o);
}

}  // namespace

class TestTraining : public QObject {
  Q_OBJECT

 private:
  template <class Options>
  static void compare(OptimizerKind kind, Options options, double decay) {
    // float32 goes through the fused loops, float64 through tensor operations: both must be PyTorch's update.
    for (const auto& [type, tolerance] : {std::pair{at::kDouble, 1e-12}, std::pair{at::kFloat, 1e-5}}) {
      at::Tensor ours = noise({70001}, 1, type), reference = ours.clone().set_requires_grad(true);
      OptimizerSettings settings;
      settings.kind = kind;
      settings.weight_decay = decay;
      const std::unique_ptr<Optimizer> optimizer = make_optimizer(settings, ours);
      const auto other = theirs(reference, options);
      for (int step = 0; step < 12; ++step) {
        const at::Tensor gradient = noise({70001}, 100 + step, type) * (step % 4 ? 1.0 : 0.01);
        optimizer->step(ours, gradient, 0.02);
        reference.mutable_grad() = gradient.clone();
        other->step();
      }
      const double error = (at::linalg_vector_norm(ours - reference.detach()) / at::linalg_vector_norm(ours))
                               .template item<double>();
      QVERIFY2(error < tolerance, std::to_string(error).c_str());
    }
  }

 private Q_SLOTS:
  // As on a GPU, where every reading would wait for the device.
  void losses_that_stand_unread_are_the_same() {
    const std::vector<Experiment> racers{small("bp"), small("grape", {{"calibration.when", "epochs"}}),
                                         small("residual", {{"probe.every", "0"}})};
    const Run at_once = run(racers);
    for (const std::int64_t unread : {3, 16, 1000}) {
      const Run later = run(racers, {7, 15}, nullptr, unread);
      std::string where;
      for (int racer = 0; racer < 3; ++racer) {
        QCOMPARE(numbers_of(later, racer), numbers_of(at_once, racer));
        const auto r = static_cast<std::size_t>(racer);
        QVERIFY2(same_arrays(later.end.racers[r], at_once.end.racers[r], where), where.c_str());
        QCOMPARE(later.end.racers[r].numbers.at("epoch/loss"),
                 at_once.end.racers[r].numbers.at("epoch/loss"));
      }
      const Run rest = run(racers, {}, &later.stops.at(15), unread);
      for (int racer = 0; racer < 3; ++racer)
        QCOMPARE(numbers_of(rest, racer), numbers_of(at_once, racer, 15));
    }
  }

  void losses_stand_unread_until_they_are_settled() {
    Race race({small("bp", {{"probe.every", "0"}})});
    race.prepare();
    race.trainer(0).read_every(16);
    Report report;
    const auto losses = [&] {
      return std::count_if(report.samples.begin(), report.samples.end(),
                           [](const Sample& sample) { return measures()[sample.measure].key == "loss"; });
    };
    for (int i = 0; i < 3; ++i) race.step(report);
    QCOMPARE(losses(), 0);
    race.settle(report);
    QCOMPARE(losses(), 3);
    race.settle(report);
    QCOMPARE(losses(), 3);
  }

  // The outputs in which a segment could be found are gone when a loss is read later.
  void a_loss_that_left_the_numbers_is_told_with_its_own_step() {
    const auto complaint = [](std::int64_t unread) {
      try {
        run({small("bp", {{"optimizer.lr", "1e30"}, {"optimizer.name", "sgd"}})}, {}, nullptr, unread);
      } catch (const RunError& error) {
        return QString(error.what());
      }
      return QString("nothing");
    };
    const QString at_once = complaint(1);
    QVERIFY2(at_once.contains("at step ") && at_once.contains(", first in segment "), qPrintable(at_once));
    QCOMPARE(complaint(16), at_once.left(at_once.indexOf(", first")));
  }

  // By hand, between two readings: the one that had failed falls, the other is calibrated.
  void a_calibration_by_hand_finds_out_first_who_has_fallen() {
    Race race({small("dfa", {{"optimizer.lr", "1e30"}, {"optimizer.name", "sgd"}, {"probe.every", "0"}}),
               small("dfa", {{"probe.every", "0"}})});
    race.prepare();
    for (int i = 0; i < 2; ++i) race.trainer(i).read_every(16);
    Report report;
    for (int i = 0; i < 8; ++i) race.step(report);
    QVERIFY(report.events.empty());
    race.calibrate(-1, "by hand", report);
    QCOMPARE(report.events.size(), std::size_t{2});
    QVERIFY(report.events[0].kind == EventKind::failed && report.events[0].racer == 0);
    QVERIFY(report.events[1].kind == EventKind::calibration && report.events[1].racer == 1);
  }

  void initTestCase() { choose_threads(1); }

  void optimisers_take_pytorchs_steps() {
    for (double decay : {0.0, 0.1}) {
      compare(OptimizerKind::adam, torch::optim::AdamOptions(0.02).weight_decay(decay), decay);
      compare(OptimizerKind::adamw, torch::optim::AdamWOptions(0.02).weight_decay(decay), decay);
      compare(OptimizerKind::sgd, torch::optim::SGDOptions(0.02).momentum(0.9).weight_decay(decay), decay);
      compare(OptimizerKind::rmsprop, torch::optim::RMSpropOptions(0.02).weight_decay(decay), decay);
    }
  }

  void clipping_bounds_the_whole_gradient() {
    at::Tensor gradient = noise({500}, 3);
    const at::Tensor before = gradient.clone();
    clip_gradients(gradient, 1e9);
    QVERIFY(at::allclose(gradient, before));
    clip_gradients(gradient, 0);
    QVERIFY(at::equal(gradient, before));
    clip_gradients(gradient, 0.5);
    QVERIFY(std::abs(at::linalg_vector_norm(gradient).item<double>() - 0.5) < 1e-6);
    QVERIFY(
        at::allclose(gradient / at::linalg_vector_norm(gradient), before / at::linalg_vector_norm(before)));
  }

  void schedules_follow_their_formulas() {
    const auto factor = [](const std::map<std::string, std::string>& settings, std::int64_t epoch) {
      const Experiment experiment = small("bp", settings);
      return schedule_factor(ScheduleSettings::of(experiment), epoch, TrainSettings::of(experiment).epochs);
    };
    QCOMPARE(factor({}, 7), 1.0);
    QCOMPARE(factor({{"schedule.name", "exponential"}, {"schedule.decay", "0.5"}}, 3), 0.125);
    const std::map<std::string, std::string> steps{
        {"schedule.name", "multistep"}, {"schedule.decay", "0.1"}, {"schedule.milestones", "2,4"}};
    QCOMPARE(factor(steps, 1), 1.0);
    QCOMPARE(factor(steps, 2), 0.1);
    QVERIFY(std::abs(factor(steps, 4) - 0.01) < 1e-15);
    const std::map<std::string, std::string> cosine{{"schedule.name", "cosine"}, {"train.epochs", "4"}};
    QCOMPARE(factor(cosine, 0), 1.0);
    QVERIFY(std::abs(factor(cosine, 2) - 0.5) < 1e-15);
    QCOMPARE(factor({{"schedule.warmup", "3"}}, 0), 0.25);
    const ScheduleSettings noam =
        ScheduleSettings::of(small("bp", {{"schedule.name", "noam"}, {"schedule.warmup_steps", "100"}}));
    QCOMPARE(noam_factor(noam, 50), 0.5);
    QCOMPARE(noam_factor(noam, 100), 1.0);
    QCOMPARE(noam_factor(noam, 400), 0.5);
    Plateau plateau;
    for (double loss : {1.0, 0.9, 0.9, 0.9}) plateau.note(loss, 0.2, 1);
    QCOMPARE(plateau.factor, 0.2);
    plateau.note(0.8, 0.2, 1);
    plateau.note(0.81, 0.2, 1);
    QCOMPARE(plateau.factor, 0.2);
    plateau.note(0.81, 0.2, 1);
    QVERIFY(std::abs(plateau.factor - 0.04) < 1e-15);
  }

  void the_same_seed_gives_the_same_bits() {
    const std::vector<Experiment> racers{small("grape"), small("residual"), small("wm")};
    const Run first = run(racers), second = run(racers);
    for (int racer = 0; racer < 3; ++racer) {
      QVERIFY(!numbers_of(first, racer).empty());
      QCOMPARE(numbers_of(first, racer), numbers_of(second, racer));
      std::string where;
      QVERIFY2(same_arrays(first.end.racers[static_cast<std::size_t>(racer)],
                           second.end.racers[static_cast<std::size_t>(racer)], where),
               where.c_str());
    }
    const Run other = run({small("grape", {{"seed", "6"}})});
    QVERIFY(numbers_of(other, 0) != numbers_of(first, 0));
  }

  void a_racer_does_what_the_run_alone_does() {
    const std::vector<std::string> keys = keys_of_rules();
    std::vector<Experiment> racers;
    for (const auto& key : keys) racers.push_back(small(key));
    const Run race = run(racers);
    for (std::size_t i = 0; i < keys.size(); ++i) {
      const Run alone = run({small(keys[i])});
      QVERIFY2(numbers_of(race, static_cast<int>(i)) == numbers_of(alone, 0), keys[i].c_str());
    }
  }

  // What a session does when the networks can't stand: it settles what there is, and tells why.
  void a_race_that_cannot_be_set_up_is_told_through_the_session() {
    const auto box = std::make_shared<ObservationBox>();
    SessionPlan plan;
    plan.racers = {small("bp"), small("dfa", {{"data.train_limit", "5"},
                                              {"calibration.when", "steps"},
                                              {"calibration.what", "feedback"}})};
    plan.racers[0].set_text("data.train_limit", "5");
    Session session(plan, [](const auto& racers) { return std::make_unique<Race>(racers); }, {{box, false}});
    session.join();
    QVERIFY(session.failed_on_input());
    QVERIFY2(session.failure().find("a refit of the feedback needs") != std::string::npos,
             session.failure().c_str());
  }

  void racers_start_from_the_same_weights_and_see_the_same_batches() {
    Race race({small("bp"), small("dfa"), small("fa")});
    race.prepare();
    const CheckpointSet start = race.checkpoint();
    for (int i = 1; i < 3; ++i)
      QVERIFY(start.racers[static_cast<std::size_t>(i)].arrays.at("weights").bytes ==
              start.racers[0].arrays.at("weights").bytes);
    Report report;
    race.step(report);
    std::vector<double> losses;
    for (const Sample& sample : report.samples)
      if (measures()[sample.measure].key == "loss") losses.push_back(sample.value);
    QCOMPARE(losses.size(), std::size_t{3});
    QVERIFY(losses[0] == losses[1] && losses[1] == losses[2]);
  }

  // A stop at any step, also within an epoch, changes no later number: not a loss, not a measure, not a
  // weight.
  void a_resumed_run_is_the_run_that_never_stopped_data() {
    QTest::addColumn<QString>("rule");
    for (const auto& key : keys_of_rules()) QTest::newRow(key.c_str()) << QString::fromStdString(key);
  }
  void a_resumed_run_is_the_run_that_never_stopped() {
    QFETCH(QString, rule);
    std::map<std::string, std::string> settings;
    if (find_rule(rule.toStdString())->calibrates)
      settings = {{"calibration.when", "event"},    {"calibration.what", "both"},
                  {"calibration.checks", "2"},      {"calibration.min_gap", "3"},
                  {"calibration.check_every", "2"}, {"calibration.batch_size", "16"},
                  {"schedule.name", "plateau"},     {"schedule.patience", "0"}};
    const Experiment experiment = small(rule.toStdString(), settings);
    const Run whole = run({experiment}, {7, 10, 17});
    for (const auto& [step, checkpoint] : whole.stops) {
      const Run rest = run({experiment}, {}, &checkpoint);
      QVERIFY(!numbers_of(rest, 0).empty());
      QVERIFY2(numbers_of(rest, 0) == numbers_of(whole, 0, step), qPrintable(QString::number(step)));
      std::string where;
      QVERIFY2(same_arrays(rest.end.racers[0], whole.end.racers[0], where), where.c_str());
    }
  }

  void the_last_step_is_measured_whatever_the_cadence() {
    const Run result = run({small("grape", {{"probe.every", "1000"}, {"train.max_steps", "13"}})});
    bool at_the_end = false;
    for (const Sample& sample : result.samples)
      at_the_end = at_the_end || (measures()[sample.measure].key == "cos_b_j" && sample.step == 13);
    QVERIFY(at_the_end);
  }

  void measuring_changes_no_training() {
    const Run often = run({small("grape", {{"probe.every", "1"}})}),
              never = run({small("grape", {{"probe.every", "0"}})});
    QVERIFY(often.end.racers[0].arrays.at("weights").bytes == never.end.racers[0].arrays.at("weights").bytes);
  }

  void a_lost_number_is_named_with_step_and_segment() {
    Race race({small("bp", {{"optimizer.name", "sgd"}, {"optimizer.lr", "1e30"}, {"probe.every", "0"}})});
    race.prepare();
    Report report;
    std::string message;
    try {
      for (int i = 0; i < 20; ++i) race.step(report);
    } catch (const RunError& error) {
      message = error.what();
    }
    QVERIFY2(message.find("the loss is not a number or infinite (NaN/Inf) at step ") == 0 &&
                 message.find(", first in segment ") != std::string::npos,
             message.c_str());
    QVERIFY(!report.samples.empty());
  }

  void a_racer_that_fails_leaves_the_others_alone() {
    const Experiment broken = small("dfa", {{"optimizer.name", "sgd"}, {"optimizer.lr", "1e30"}});
    const Run race = run({broken, small("bp")}), alone = run({small("bp")});
    bool told = false;
    for (const Event& event : race.events)
      told = told || (event.kind == EventKind::failed && event.racer == 0);
    QVERIFY(told);
    QCOMPARE(numbers_of(race, 1), numbers_of(alone, 0));
  }

  void live_settings_take_hold_and_others_are_refused() {
    Race race({small("grape")});
    race.prepare();
    race.set(-1, "optimizer.lr", "0.5");
    race.set(-1, "rule.align_rate", "0.25");
    QCOMPARE(race.trainer(0).experiment().number("optimizer.lr"), 0.5);
    for (const char* fixed : {"train.batch", "rule.norm", "no.such"}) {
      bool refused = false;
      try {
        race.set(-1, fixed, "3");
      } catch (const InputError& error) {
        refused = std::string(error.what()).find(fixed) != std::string::npos;
      }
      QVERIFY2(refused, fixed);
    }
  }

  void probe_cadence_keeps_measures_below_a_twentieth_of_the_arithmetic() {
    for (const auto& key : keys_of_rules()) {
      const Experiment experiment =
          small(key, {{"probe.every", "auto"}, {"model.hidden", "256,256,256"}, {"train.batch", "128"}});
      const NetworkSpec spec = build_model(experiment, data_shape(experiment));
      const NetworkCost cost = measure_cost(spec);
      const std::unique_ptr<Rule> rule = make_rule(experiment);
      Network network(spec, at::TensorOptions().dtype(at::kFloat));
      rule->attach(network, 1);
      const double probe = Probe::multiply_adds(
          probe_measures(ProbeSettings::of(experiment), data_shape(experiment).classes), *rule, cost, 40);
      const double every = static_cast<double>(probe_cadence(experiment, *rule, cost));
      QVERIFY2(probe / every <= 0.05 * rule->multiply_adds(cost, 128), key.c_str());
    }
  }

  void every_rule_learns_something() {
    for (const auto& key : keys_of_rules()) {
      const Run result = run({small(key, {{"train.epochs", "20"},
                                          {"model.dropout", "0"},
                                          {"data.train_limit", "640"},
                                          {"probe.every", "0"}})});
      // DRTP drives logits without seeing the error, PEPITA teaches hidden layers by differences: their loss
      // may rise while more samples come out right.
      const bool rises = key == "drtp" || key == "pepita";
      const char* measure = rises ? "train_accuracy" : "train_loss";
      std::vector<double> values;
      for (const Sample& sample : result.samples)
        if (measures()[sample.measure].key == measure) values.push_back(sample.value);
      QVERIFY2(rises ? values.back() > values.front() : values.back() < values.front(), key.c_str());
    }
  }
};

}  // namespace grapevine

QTEST_APPLESS_MAIN(grapevine::TestTraining)
#include "test_training.moc"
