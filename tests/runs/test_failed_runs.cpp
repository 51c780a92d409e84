// Failed runs in a comparison: told of in their groups, and in no number.
#include <QtTest>

#include "engine/runs/comparison.h"
#include "tests/runs/support.h"

using namespace grapevine;

class TestFailedRuns : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void failed_runs_are_told_of_and_count_in_no_number();
};

namespace {

/// A run with one number; its number in the database.
std::int64_t store(const Folder& folder, std::int64_t seed, double rate, double value, RunStatus status) {
  static int count = 0;
  const std::string uuid = "0000000" + std::to_string(++count) + "-0000-4000-8000-000000000001";
  StoredRace race = single(uuid.c_str(), "bp");
  race.racers.front().set("seed", seed);
  race.racers.front().set("optimizer.lr", rate);
  RunWriter writer(folder.database(), race);
  Observations news;
  news.samples = {sample(0, "test_accuracy", 0, 1, value)};
  post(writer, news);
  writer.finish(status, status == RunStatus::failed ? "the loss is not a number" : "");
  return writer.ids().front();
}

}  // namespace

void TestFailedRuns::failed_runs_are_told_of_and_count_in_no_number() {
  const Folder folder;
  ComparisonRequest request;
  request.ids = {store(folder, 0, 0.1, 0.5, RunStatus::finished),
                 store(folder, 1, 0.1, 0.75, RunStatus::finished)};
  // Its last number before it failed; and a cell of which nothing else is there.
  request.failed = {store(folder, 2, 0.1, 1, RunStatus::failed),
                    store(folder, 0, 1000, 1, RunStatus::failed)};
  RunReader reader(folder.database());
  const Comparison all = compare_runs(reader, request);
  QCOMPARE(all.keys.size(), std::size_t{1});
  QCOMPARE(all.keys.front().name, std::string("optimizer.lr"));
  QCOMPARE(all.groups.size(), std::size_t{2});
  QCOMPARE(all.groups[0].spreads.front().mean, 0.625);
  QCOMPARE(all.groups[0].seeds, std::size_t{2});
  QCOMPARE(all.groups[0].failed.size(), std::size_t{1});
  QCOMPARE(all.groups[0].failed.front().seed, std::int64_t{2});
  QVERIFY(all.groups[1].runs.empty());
  QCOMPARE(all.groups[1].spreads.size(), all.measures.size());
  QCOMPARE(all.groups[1].spreads.front().count, 0);
  QCOMPARE(all.groups[1].failed.front().id, request.failed[1]);
  QCOMPARE(all.groups[1].failed.front().why, std::string("the loss is not a number"));
  request.ids.clear();  // none has a result
  const Comparison none = compare_runs(reader, request);
  QCOMPARE(none.groups.size(), std::size_t{2});
  QVERIFY(none.groups[0].runs.empty() && none.groups[1].runs.empty());
}

QTEST_GUILESS_MAIN(TestFailedRuns)
#include "test_failed_runs.moc"
