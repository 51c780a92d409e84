// What a database is told by, for work that does not keep it open.
#include "engine/runs/database_identity.h"

#include <QtTest>
#include <filesystem>

#include "tests/runs/support.h"

using namespace grapevine;
namespace fs = std::filesystem;

class TestDatabaseIdentity : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void a_new_one_is_known_by_its_first_run();
  void one_that_was_noted_is_known_by_its_id();

 private:
  static constexpr const char* first = "11111111-0000-4000-8000-000000000001";
  static constexpr const char* strangers = "22222222-0000-4000-8000-000000000002";
  static void store(const std::string& database, const char* uuid) {
    RunWriter(database, single(uuid)).finish(RunStatus::finished, "");
  }
};

/// Between the end of the first run and the first look at the file that it made.
void TestDatabaseIdentity::a_new_one_is_known_by_its_first_run() {
  const Folder folder, elsewhere;
  DatabaseIdentity own(folder.database());
  DatabaseIdentity exchanged(folder.database());
  store(folder.database(), first);
  own.expect(first);
  exchanged.expect(first);
  QCOMPARE(own.fate(), std::string());
  store(elsewhere.database(), strangers);
  fs::rename(elsewhere.database(), folder.database());
  QCOMPARE(exchanged.fate(), std::string("was replaced by another file"));
  QVERIFY(exchanged.id().empty());
  QCOMPARE(own.fate(), std::string("was replaced by another file"));
}

void TestDatabaseIdentity::one_that_was_noted_is_known_by_its_id() {
  const Folder folder;
  store(folder.database(), first);
  DatabaseIdentity identity(folder.database());
  QVERIFY(!identity.id().empty());
  identity.expect(strangers);  // whatever was stored since
  store(folder.database(), strangers);
  QCOMPARE(identity.fate(), std::string());
  fs::rename(folder.database(), folder.database() + "-away");
  QCOMPARE(identity.fate(), std::string("was moved"));
}

QTEST_GUILESS_MAIN(TestDatabaseIdentity)
#include "test_database_identity.moc"
