// A part of the database's file is written over while a run is stored in it. SQLite, which has the pages in
// its memory, would not notice: what it adds would be in a file that nobody can read.
#include <QtTest>
#include <algorithm>
#include <fstream>

#include "engine/runs/side_file.h"
#include "tests/runs/support.h"
#include "tests/support/eventually.h"

using namespace grapevine;

class TestOverwritten : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void the_run_is_kept_beside_it();
};

namespace {

Observations steps(std::int64_t first, std::int64_t last) {
  Observations news;
  for (std::int64_t step = first; step <= last; ++step)
    news.samples.push_back(sample(0, "loss", 0, step, 0.5));
  news.step = last;
  return news;
}

/// Every page of the schema but that with the database's id, by which the file is still ours.
void overwrite_the_beginning(const std::string& database) {
  const std::int64_t size = std::stoll(ask(database, "PRAGMA page_size")),
                     last = std::stoll(ask(database, "SELECT max(rootpage) FROM sqlite_schema")),
                     kept =
                         std::stoll(ask(database, "SELECT rootpage FROM sqlite_schema WHERE name = 'meta'"));
  std::fstream file(database, std::ios::binary | std::ios::in | std::ios::out);
  const std::string noise(static_cast<std::size_t>(size), '\x5a');
  for (std::int64_t page = 1; page <= last; ++page) {
    if (page == kept) continue;
    file.seekp((page - 1) * size);
    file.write(noise.data(), size);
  }
}

}  // namespace

void TestOverwritten::the_run_is_kept_beside_it() {
  const Folder folder;
  const std::string database = folder.database();
  {
    RunWriter writer(database, single());
    post(writer, steps(1, 100));
    QVERIFY(eventually([&] { return ask(database, "SELECT count(*) FROM samples") == "100"; }));
    overwrite_the_beginning(database);
    std::int64_t step = 100;
    QVERIFY(eventually([&] {
      ++step;
      post(writer, steps(step, step));
      return has(writer.trouble(), "overwritten in part");
    }));
    writer.finish(RunStatus::finished, "");
    QVERIFY2(writer.whole(), writer.trouble().c_str());
    const std::vector<std::string> beside = side_files_of(database);
    QCOMPARE(beside.size(), std::size_t{1});
    QCOMPARE(ask(beside.front(), "SELECT count(*) FROM samples"), std::to_string(step));
  }
}

QTEST_GUILESS_MAIN(TestOverwritten)
#include "test_overwritten.moc"
