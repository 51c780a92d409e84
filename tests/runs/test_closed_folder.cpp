// The folder of a database may no longer be entered while a run is in progress: rights were taken away, a
// network file system forgot who asks. The run is kept in the user's cache, and the next opening takes it in.
#include <unistd.h>

#include <QtTest>
#include <filesystem>

#include "engine/runs/database.h"
#include "engine/runs/side_file.h"
#include "tests/runs/support.h"
#include "tests/support/eventually.h"

using namespace grapevine;
namespace fs = std::filesystem;

class TestClosedFolder : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void the_run_is_kept_elsewhere_data();
  void the_run_is_kept_elsewhere();
};

namespace {

constexpr uid_t nobody = 65534;

/// To the superuser no folder is closed.
class OrdinaryUser {
 public:
  OrdinaryUser() : was_root_(::geteuid() == 0), is_one_(!was_root_ || ::seteuid(nobody) == 0) {}
  ~OrdinaryUser() {
    if (was_root_ && is_one_) is_one_ = ::seteuid(0) != 0;
  }
  OrdinaryUser(const OrdinaryUser&) = delete;
  OrdinaryUser& operator=(const OrdinaryUser&) = delete;
  bool is_one() const { return is_one_; }

 private:
  const bool was_root_;
  bool is_one_;
};

/// Nobody may enter it, until this goes.
class Closed {
 public:
  explicit Closed(const std::string& folder) : folder_(folder) { fs::permissions(folder_, fs::perms::none); }
  ~Closed() {
    std::error_code none;
    fs::permissions(folder_, fs::perms::owner_all, none);
  }
  Closed(const Closed&) = delete;
  Closed& operator=(const Closed&) = delete;

 private:
  const std::string folder_;
};

Observations steps(std::int64_t first, std::int64_t last) {
  Observations news;
  for (std::int64_t step = first; step <= last; ++step)
    news.samples.push_back(sample(0, "loss", 0, step, 0.5));
  news.checkpoints.push_back({{checkpoint_at(last)}});
  news.step = last;
  return news;
}

bool is_found(const std::string& database) {
  try {
    return !real_path(database).empty();
  } catch (const fs::filesystem_error&) {
    return false;
  }
}

}  // namespace

void TestClosedFolder::the_run_is_kept_elsewhere_data() {
  QTest::addColumn<QString>("closed");
  QTest::newRow("the database's folder") << "above/runs";
  QTest::newRow("the folder above it") << "above";
}

void TestClosedFolder::the_run_is_kept_elsewhere() {
  QFETCH(QString, closed);
  const OrdinaryUser user;
  if (!user.is_one()) QSKIP("this program may not become another user, and to this one no folder is closed");
  const Folder folder;
  if (!folder.folder.isValid()) QSKIP("an ordinary user may make no folder in the one for temporary files");
  qputenv("XDG_CACHE_HOME", QByteArray::fromStdString(folder.path("cache")));
  const std::string database = folder.path("above/runs/runs.db");
  {
    RunWriter writer(database, single());
    post(writer, steps(1, 100));
    QVERIFY(eventually([&] { return ask(database, "SELECT count(*) FROM checkpoints") == "1"; }));
    const Closed now(folder.path(closed.toUtf8().constData()));
    QVERIFY(is_found(database));  // by the name that it had
    QVERIFY(!is_found(folder.path("above/runs/another.db")));
    post(writer, steps(101, 300));
    writer.finish(RunStatus::finished, "");
    QVERIFY2(writer.whole(), writer.trouble().c_str());
    QVERIFY2(has(writer.trouble(), folder.path("cache")), writer.trouble().c_str());
    QVERIFY2(!has(writer.trouble(), "filesystem error"), writer.trouble().c_str());
  }
  { RunEditor opened(database); }
  QCOMPARE(ask(database, "SELECT count(*) || ' ' || max(step) FROM samples"), std::string("300 300"));
  QCOMPARE(ask(database, "SELECT status || ' ' || steps FROM runs"), std::string("finished 300"));
  QCOMPARE(RunReader(database).checkpoint({1}).racers.front().step, std::int64_t{300});
  QVERIFY(side_files_of(database).empty());
}

QTEST_GUILESS_MAIN(TestClosedFolder)
#include "test_closed_folder.moc"
