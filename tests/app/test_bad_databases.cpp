// Databases that can't be used: each is refused in one sentence by every command, and left as it was.
#include <SQLiteCpp/SQLiteCpp.h>

#include "tests/app/terminal.h"

class TestBadDatabases : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void it_is_refused_and_left_alone_data();
  void it_is_refused_and_left_alone();
  void a_missing_folder_is_made_for_a_run();
  void a_folder_that_cannot_be_made_is_refused();
};

namespace {

void make(const QString& path, const char* sql) {
  SQLite::Database(path.toStdString(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec(sql);
}

}  // namespace

void TestBadDatabases::it_is_refused_and_left_alone_data() {
  QTest::addColumn<QString>("kind");
  QTest::addColumn<QString>("words");
  QTest::newRow("a text") << "text"
                          << "not a database";
  QTest::newRow("a folder") << "folder"
                            << "is a folder";
  QTest::newRow("another program's") << "foreign"
                                     << "another program";
  QTest::newRow("a newer version's") << "newer"
                                     << "newer Grapevine";
  QTest::newRow("cut short") << "cut"
                             << "damaged";
}

void TestBadDatabases::it_is_refused_and_left_alone() {
  QFETCH(QString, kind);
  QFETCH(QString, words);
  const Terminal terminal;
  const QString path = terminal.path("a.db");
  if (kind == "folder") {
    QVERIFY(QDir().mkpath(path));
  } else if (kind == "text") {
    terminal.write("a.db", "This is a letter and no database.");
  } else if (kind == "foreign") {
    make(path, "CREATE TABLE stamps (country TEXT)");
  } else {
    QCOMPARE(terminal.run(Terminal::small({"train", "--db", path}, 1)).status, 0);
    if (kind == "newer") make(path, "PRAGMA user_version = 1000");
    if (kind == "cut") QVERIFY(QFile::resize(path, 6000));
  }
  const QByteArray before = terminal.read("a.db");
  for (const QStringList& arguments : {QStringList{"list"},
                                       {"show", "1"},
                                       {"resume", "1"},
                                       {"export", "1", "--format", "csv"},
                                       {"compare", "1", "2"},
                                       Terminal::small({"train"}, 1)}) {
    const Outcome outcome = terminal.run(arguments + QStringList{"--db", path});
    QCOMPARE(outcome.status, 2);
    QVERIFY2(is_one_line(outcome.err) && outcome.err.contains(words) && outcome.err.contains(path),
             qPrintable(outcome.err));
    QVERIFY(outcome.out.isEmpty());
  }
  QCOMPARE(terminal.read("a.db"), before);
}

void TestBadDatabases::a_missing_folder_is_made_for_a_run() {
  const Terminal terminal;
  QCOMPARE(terminal.run({"list", "--db", "new/deep/a.db"}).status, 0);
  QVERIFY(!QDir(terminal.path("new")).exists());
  QCOMPARE(terminal.run(Terminal::small({"train", "--db", "new/deep/a.db"}, 1)).status, 0);
  QCOMPARE(terminal.run({"list", "--db", "new/deep/a.db", "--json"}).json()["runs"_L1].toArray().size(), 1);
  QCOMPARE(terminal.run(Terminal::small({"train", "--data-dir", "other"}, 1)).status, 0);
  QVERIFY(QFile::exists(terminal.path("other/grapevine.db")));
}

void TestBadDatabases::a_folder_that_cannot_be_made_is_refused() {
  const Terminal terminal;
  terminal.write("file", "");
  const Outcome outcome = terminal.run(Terminal::small({"train", "--db", "file/a.db"}, 1));
  QCOMPARE(outcome.status, 2);
  QVERIFY2(is_one_line(outcome.err) && outcome.err.contains("--db"), qPrintable(outcome.err));
}

QTEST_GUILESS_MAIN(TestBadDatabases)
#include "test_bad_databases.moc"
