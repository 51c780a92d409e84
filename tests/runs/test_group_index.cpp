// The group of a run's settings: the same one for the same cells alone, in the order in which they came.
#include <QtTest>

#include "engine/runs/comparison.h"
#include "engine/runs/group_index.h"

using namespace grapevine;

class TestGroupIndex : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void the_same_settings_are_one_group();
  void groups_that_were_there_are_found();
  void thousands_take_no_time();
};

namespace {

using Cells = std::vector<RunCell>;

}  // namespace

void TestGroupIndex::the_same_settings_are_one_group() {
  // No two alike, though their texts put one behind the other are.
  const std::vector<Cells> unlike = {
      {0.5, "a"},      {0.5, "b"},       {"0.5", "a"}, {RunCell(), "a"},  {"a", RunCell()},
      {"ab", "c"},     {"a", "bc"},      {"", "abc"},  {"1:at1:b", ""},   {"-", RunCell()},
      {"", RunCell()}, {0.1 + 0.2, "a"}, {0.3, "a"},   {1e300, "a"},      {"n0.5;t1:a", ""},
      {-0.5, "a"},     {0.0, "a"},       {1.0, 2.0},   {12.0, RunCell()},
  };
  std::vector<RunGroup> groups;
  GroupIndex index(groups);
  for (const Cells& cells : unlike) QVERIFY(index.of(cells).is_new);
  QCOMPARE(groups.size(), unlike.size());
  for (std::size_t i = 0; i < unlike.size(); ++i) {
    QVERIFY(groups[i].settings == unlike[i]);
    const auto [group, is_new] = index.of(unlike[i]);
    QVERIFY(!is_new && &group == &groups[i]);
  }
  QVERIFY(!index.of({-0.0, "a"}).is_new);
}

void TestGroupIndex::groups_that_were_there_are_found() {
  std::vector<RunGroup> groups(2);
  groups[0].settings = {"bp"};
  groups[1].settings = {"dfa"};
  GroupIndex index(groups);
  QVERIFY(!index.of({"dfa"}).is_new);
  QVERIFY(index.of({"grape"}).is_new);
  QCOMPARE(groups.size(), std::size_t{3});
}

// Each group looked at for each run would be more than 10^9 comparisons.
void TestGroupIndex::thousands_take_no_time() {
  std::vector<RunGroup> groups;
  GroupIndex index(groups);
  QElapsedTimer timer;
  timer.start();
  for (int run = 0; run < 50000; ++run) index.of({static_cast<double>(run)});
  QCOMPARE(groups.size(), std::size_t{50000});
  QVERIFY2(timer.elapsed() < 5000, qPrintable(QString::number(timer.elapsed())));
}

QTEST_APPLESS_MAIN(TestGroupIndex)
#include "test_group_index.moc"
