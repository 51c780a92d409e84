// In which order settings tell stored runs apart: a line that may be cut says the most first.
#include <QtTest>

#include "engine/runs/comparison.h"
#include "tests/runs/support.h"

using namespace grapevine;

class TestDifferingKeys : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void a_foreign_run_puts_nothing_before_what_tells_apart();
};

namespace {

std::int64_t store(const Folder& folder, const char* rule, std::int64_t seed, std::int64_t test_limit) {
  static int count = 0;
  char uuid[64];
  std::snprintf(uuid, sizeof uuid, "11111111-0000-4000-8000-%012d", ++count);
  StoredRace race = single(uuid, rule);
  race.racers.front().set("seed", seed);
  race.racers.front().set("data.test_limit", test_limit);
  RunWriter writer(folder.database(), race);
  writer.finish(RunStatus::finished, "");
  return writer.ids().front();
}

}  // namespace

void TestDifferingKeys::a_foreign_run_puts_nothing_before_what_tells_apart() {
  const Folder folder;
  std::vector<std::int64_t> ids;
  for (const char* rule : {"bp", "dfa", "grape"})
    for (const std::int64_t seed : {0, 1, 2}) ids.push_back(store(folder, rule, seed, 500));
  const auto names = [&] {
    RunReader reader(folder.database());
    QStringList all;
    for (const RunKey& key : differing_keys(reader, ids)) all << QString::fromStdString(key.name);
    return all;
  };
  QCOMPARE(names(), (QStringList{"rule.name", "seed"}));
  ids.push_back(store(folder, "grape", 0, 200));
  QCOMPARE(names(), (QStringList{"rule.name", "seed", "data.test_limit"}));
  // As many of each: what it is about.
  for (const std::int64_t seed : {1, 2}) ids.push_back(store(folder, "grape", seed, 200));
  for (const char* rule : {"bp", "dfa"})
    for (const std::int64_t seed : {0, 1, 2}) ids.push_back(store(folder, rule, seed, 200));
  QCOMPARE(names(), (QStringList{"rule.name", "data.test_limit", "seed"}));
}

QTEST_GUILESS_MAIN(TestDifferingKeys)
#include "test_differing_keys.moc"
