// A racer's probes, by the class that makes them: when, of what, on which batch, and what they leave.
#include <QtTest>

#include "engine/experiment/entry_keys.h"
#include "engine/experiment/registry.h"
#include "engine/training/race.h"

#include "tests/training/small_run.h"

namespace grapevine {
namespace {

/// Measures a race's first racer, on tapes of its own.
struct Bed {
  Bed(Race& race, std::int64_t seed)
      : trainer(race.trainer(0)),
        losses(RacerReports(0), trainer.network(), tapes, trainer.network().options()),
        measuring({RacerReports(0), seed, trainer.network(), trainer.rule(), tapes, losses}) {
    measuring.follow(plan());
  }
  ProbePlan plan(const Beginning& kept = {}) const {
    return ProbePlan::of(trainer.experiment(), kept, trainer.rule(), trainer.network().cost());
  }

  Trainer& trainer;
  std::shared_ptr<StepTapes> tapes = std::make_shared<StepTapes>();
  StepLosses losses;
  Measuring measuring;
};

std::unique_ptr<Race> prepared(const std::map<std::string, std::string>& settings = {}) {
  auto race = std::make_unique<Race>(std::vector<Experiment>{small("dfa", settings)});
  race->prepare();
  return race;
}

}  // namespace

class TestMeasuring : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void a_resumed_run_is_measured_as_it_began() {
    Beginning kept;
    kept.probe_every = 7;
    kept.measures = {measure_keys::angle};
    const auto automatic = prepared({{"probe.every", "auto"}}), asked = prepared();
    const ProbePlan as_begun = Bed(*automatic, 5).plan(kept), as_asked = Bed(*asked, 5).plan(kept);
    QCOMPARE(as_begun.every, std::int64_t{7});
    QCOMPARE(as_begun.measures, std::set<std::string>{measure_keys::angle});
    QCOMPARE(as_asked.every, std::int64_t{3});
    QCOMPARE(as_asked.batch, std::int64_t{40});
    QVERIFY(Bed(*automatic, 5).plan().measures.size() > 1);
  }

  void the_last_step_is_measured_too() {
    const auto race = prepared();
    Bed bed(*race, 5);
    bed.measuring.set_last_step(4);
    for (const std::int64_t step : {0, 3, 4, 6}) QVERIFY(bed.measuring.measures_at(step));
    for (const std::int64_t step : {1, 2, 5}) QVERIFY(!bed.measuring.measures_at(step));
    bed.measuring.follow({});
    QVERIFY(!bed.measuring.measures_at(4));
  }

  // One batch for all of a run's probes, by its seed; and nothing moves.
  void what_is_measured_stays_the_same() {
    const auto race = prepared();
    const at::Tensor weights = race->trainer(0).network().values().flat().clone();
    const Probe probe({measure_keys::cos_b_j});
    Bed one(*race, 5), same(*race, 5), other(*race, 6);
    one.tapes->keep(one.trainer.network(), 1);
    const Measured first = one.measuring.measure(probe, race->batches());
    QCOMPARE(first.size(), std::size_t{2});
    QVERIFY(first == one.measuring.measure(probe, race->batches()));
    QVERIFY(first == same.measuring.measure(probe, race->batches()));
    QVERIFY(first != other.measuring.measure(probe, race->batches()));
    QVERIFY(one.tapes->hold(one.trainer.network(), 1));
    QVERIFY(one.tapes->training.outputs.empty());
    QVERIFY(at::equal(weights, race->trainer(0).network().values().flat()));
  }

  void a_probes_seconds_are_reported_and_taken_once() {
    const auto race = prepared();
    Bed bed(*race, 5);
    Report report;
    bed.measuring.probe(race->batches(), 3, 0.5, nullptr, report);
    const Sample& last = report.samples.back();
    QCOMPARE(measures()[last.measure].key, std::string("probe_seconds"));
    QCOMPARE(last.step, std::int64_t{3});
    QCOMPARE(bed.measuring.take_seconds(), last.value);
    QCOMPARE(bed.measuring.take_seconds(), 0.0);
  }

  void what_probes_leave_is_stored_under_their_names() {
    const auto race = prepared();
    Bed bed(*race, 5);
    bed.measuring.load({{"probe/some/sum", 2}, {"learning_rate", 1}});
    std::map<std::string, double> numbers;
    bed.measuring.save(numbers);
    QCOMPARE(numbers, (std::map<std::string, double>{{"probe/some/sum", 2}}));
    bed.measuring.forget_past();
    numbers.clear();
    bed.measuring.save(numbers);
    QVERIFY(numbers.empty());
  }
};

}  // namespace grapevine

QTEST_APPLESS_MAIN(grapevine::TestMeasuring)
#include "test_measuring.moc"
