// Forks of a run's state: with the same settings the numbers of the run that continues, bit for bit; under
// another rule the same network and optimizer, and a rule as at its start.
#include <QtTest>
#include <cstring>

#include "engine/launch/resume.h"
#include "engine/nn/arrays.h"
#include "engine/training/race.h"
#include "tests/training/small_run.h"

namespace grapevine {
namespace {

constexpr std::int64_t where = 5;

Checkpoint state_at(const Experiment& experiment, std::int64_t step) {
  Race race({experiment});
  race.prepare();
  Report report;
  race.begin(report);
  while (race.step_count() < step) race.step(report);
  return race.checkpoint().racers.front();
}

/// The state that a fork has come to by the end.
Checkpoint forked(const Experiment& parent, const Experiment& child, std::int64_t until) {
  Checkpoint state = state_at(parent, where);
  begin_fork(state, child);
  Race race({child});
  race.prepare();
  race.restore({{state}});
  Report report;
  race.begin(report);
  while (race.step_count() < until) race.step(report);
  return race.checkpoint().racers.front();
}

bool same(const Checkpoint& a, const Checkpoint& b, const char* name) {
  return a.arrays.at(name).bytes == b.arrays.at(name).bytes;
}

}  // namespace

class TestForks : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void as_it_was_it_is_the_run_that_goes_on() {
    for (const char* rule : {"grape", "fdfa", "kp", "pepita"}) {
      const Experiment experiment = small(rule);
      const Checkpoint whole = state_at(experiment, 12), fork = forked(experiment, experiment, 12);
      for (const auto& [name, array] : whole.arrays)
        if (name != "experiment")
          QVERIFY2(fork.arrays.at(name).bytes == array.bytes, (rule + (" " + name)).c_str());
      QCOMPARE(fork.numbers.at("optimizer/updates"), 12.0);
      QVERIFY(!fork.numbers.contains(origin_number));
    }
  }

  void under_another_rule_the_rule_alone_begins_anew() {
    const Experiment parent = small("dfa"), child = small("grape");
    const Checkpoint before = state_at(parent, where), fork = forked(parent, child, where);
    QVERIFY(same(before, fork, "weights") && same(before, fork, "optimizer/m") &&
            same(before, fork, "optimizer/v"));
    Race fresh({child});
    fresh.prepare();
    QVERIFY(same(fresh.checkpoint().racers.front(), fork, "rule/feedback/1"));
    QVERIFY(!fork.numbers.contains(new_rule_number));  // of its first state alone
    QVERIFY(!same(forked(parent, child, where + 1), fork, "weights"));
  }

  void another_optimizer_begins_anew() {
    const Experiment parent = small("dfa"), child = small("dfa", {{"optimizer.name", "sgd"}});
    const Checkpoint before = state_at(parent, where), fork = forked(parent, child, where);
    QVERIFY(same(before, fork, "weights") && same(before, fork, "rule/feedback/1"));
    QVERIFY(fork.arrays.contains("optimizer/momentum"));
    QCOMPARE(fork.numbers.at("optimizer/updates"), 0.0);
  }

  void its_own_rate_counts() {
    const Experiment parent = small("dfa"), child = small("dfa", {{"optimizer.lr", "0.05"}});
    Checkpoint state = state_at(parent, where);
    begin_fork(state, child);
    Race race({child});
    race.prepare();
    race.restore({{state}});
    QCOMPARE(race.trainer(0).experiment().value("optimizer.lr"), Value(0.05));
  }
};

}  // namespace grapevine

QTEST_APPLESS_MAIN(grapevine::TestForks)
#include "test_forks.moc"
