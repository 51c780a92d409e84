// Runs grouped over their seeds without the database: what makes a group, and what it is called.
#include <QtTest>
#include <nlohmann/json.hpp>

#include "engine/runs/seed_groups.h"
#include "tests/runs/support.h"

using namespace grapevine;

class TestSeedGroups : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void runs_that_differ_in_nothing_but_the_seed_are_a_group();
  void one_seed_trained_twice_is_no_group();
  void where_published_data_lie_and_what_a_run_is_called_make_none();
  void what_has_no_seed_stays_alone();
  void a_label_has_no_seed();
};

namespace {

RunData run_of(const char* rule, std::int64_t seed, const char* key = "", const char* value = "") {
  Experiment experiment(rule);
  experiment.set("seed", seed);
  if (*key) experiment.set_text(key, value);
  RunData run;
  run.rule = rule;
  run.experiment = experiment.to_json().dump();
  return run;
}

using Groups = std::vector<std::vector<std::size_t>>;

std::vector<const RunData*> pointers(const std::vector<RunData>& runs) {
  std::vector<const RunData*> all;
  for (const RunData& run : runs) all.push_back(&run);
  return all;
}

}  // namespace

void TestSeedGroups::runs_that_differ_in_nothing_but_the_seed_are_a_group() {
  const std::vector<RunData> runs{run_of("dfa", 0), run_of("bp", 0), run_of("dfa", 1),
                                  run_of("dfa", 2, "optimizer.lr", "0.01"), run_of("bp", 1)};
  QCOMPARE(groups_over_seeds(pointers(runs)), (Groups{{0, 2}, {1, 4}, {3}}));
}

void TestSeedGroups::one_seed_trained_twice_is_no_group() {
  const std::vector<RunData> twice{run_of("dfa", 0), run_of("dfa", 0)};
  QCOMPARE(groups_over_seeds(pointers(twice)), (Groups{{0}, {1}}));
  const std::vector<RunData> more{run_of("dfa", 0), run_of("dfa", 0), run_of("dfa", 1)};
  QCOMPARE(groups_over_seeds(pointers(more)), (Groups{{0, 1, 2}}));  // the mean counts the seed once
}

void TestSeedGroups::where_published_data_lie_and_what_a_run_is_called_make_none() {
  const std::vector<RunData> runs{run_of("dfa", 0, "data.dir", "/one"), run_of("dfa", 1, "data.dir", "/two"),
                                  run_of("dfa", 2, "name", "third"), run_of("dfa", 3, "threads", "2")};
  QCOMPARE(groups_over_seeds(pointers(runs)), (Groups{{0, 1, 2, 3}}));
}

void TestSeedGroups::what_has_no_seed_stays_alone() {
  std::vector<RunData> runs(2);  // curves of another program
  for (RunData& run : runs) run.experiment = "{}";
  QCOMPARE(groups_over_seeds(pointers(runs)), (Groups{{0}, {1}}));
}

void TestSeedGroups::a_label_has_no_seed() {
  const std::vector<RunData> runs{run_of("dfa", 0, "optimizer.lr", "0.01"), run_of("dfa", 3)};
  const std::vector<std::string> labels = labels_but_for_seeds(pointers(runs));
  QCOMPARE(labels.size(), std::size_t{2});
  QCOMPARE(labels[0], std::string("DFA · lr 0.01"));
  QCOMPARE(labels[1].find("seed"), std::string::npos);
}

QTEST_APPLESS_MAIN(TestSeedGroups)
#include "test_seed_groups.moc"
