// A database is an input: what stands in it decides nothing outside its own folder, keeps nobody busy, and is
// refused in one sentence that names it.
#include <sqlite3.h>
#include <sys/stat.h>

#include <QScopeGuard>
#include <QtTest>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "engine/runs/database.h"
#include "engine/runs/export.h"
#include "engine/runs/stored_experiment.h"
#include "engine/runs/stored_values.h"
#include "tests/runs/support.h"

using namespace grapevine;
namespace fs = std::filesystem;

class TestForeignFiles : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void a_checkpoint_of_another_name_is_refused_data();
  void a_checkpoint_of_another_name_is_refused();
  void a_uuid_that_is_a_path_data();
  void a_uuid_that_is_a_path();
  void endless_brackets();
  void a_table_that_is_none_is_refused_data();
  void a_table_that_is_none_is_refused();
  void what_else_users_keep_in_the_file_is_theirs();
  void what_never_ends_is_broken_off();
  void a_file_that_has_grown_may_take_longer();
  void a_command_that_is_none_data();
  void a_command_that_is_none();
  void names_are_taken_literally_data();
  void names_are_taken_literally();
  void a_pipe_is_no_database();
  void points_and_steps_that_can_be_none_are_left_out();
  void names_of_megabytes_are_cut();
};

namespace {

using Snapshot = std::map<std::string, std::string>;

/// Every file below a folder with what is in it.
Snapshot snapshot(const std::string& folder) {
  Snapshot all;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    std::ostringstream content;
    if (entry.is_regular_file()) content << std::ifstream(entry.path(), std::ios::binary).rdbuf();
    all[entry.path().string()] = content.str();
  }
  return all;
}

/// A stopped run with a checkpoint at step 100, in a folder "lab" beside which there are files to lose.
struct Laboratory {
  Folder folder;
  std::string database;

  Laboratory() : database(folder.path("lab/g.db")) {
    std::ofstream(folder.path("victim.txt")) << "precious";
    fs::create_directory(folder.path("proj"));
    std::ofstream(folder.path("proj/Cargo.lock")) << "precious";
    RunWriter writer(database, single());
    Observations news;
    for (std::int64_t step = 1; step <= 100; ++step)
      news.samples.push_back(sample(0, "loss", 0, step, 1.0 / static_cast<double>(step)));
    news.checkpoints.push_back({{checkpoint_at(100)}});
    news.step = 100;
    post(writer, news);
    writer.finish(RunStatus::stopped, "");
  }
  /// What lies around the database's own folder.
  Snapshot around() const {
    Snapshot all = snapshot(folder.folder.path().toStdString());
    std::erase_if(all, [&](const auto& file) { return file.first.starts_with(folder.path("lab/g.db")); });
    return all;
  }
};

bool says(const std::string& text, const std::string& part) {
  if (text.find(part) != std::string::npos) return true;
  qWarning("'%s' is missing in: %s", part.c_str(), text.c_str());
  return false;
}

std::string resume_refusal(const std::string& database) {
  return refusal([&] { RunWriter(database, resumed(single(), {1})); });
}

}  // namespace

void TestForeignFiles::a_checkpoint_of_another_name_is_refused_data() {
  QTest::addColumn<QString>("file");
  const QString uuid = QString::fromStdString(single().uuids[0]);
  QTest::newRow("above") << "../victim.txt";
  QTest::newRow("above, of the right ending") << "../g.db-checkpoints/" + uuid + "-step-9.checkpoint";
  QTest::newRow("from the root") << "/etc/passwd";
  QTest::newRow("from the root, of the right ending") << "/" + uuid + "-step-9.checkpoint";
  QTest::newRow("another folder") << "other/" + uuid + "-step-9.checkpoint";
  QTest::newRow("another's folder") << "other-checkpoints/" + uuid + "-step-9.checkpoint";
  QTest::newRow("another run's") << "g.db-checkpoints/22222222-0000-4000-8000-000000000001-step-9.checkpoint";
  QTest::newRow("the database") << "g.db";
  QTest::newRow("nothing") << "";
  QTest::newRow("the folder itself") << "g.db-checkpoints/";
  QTest::newRow("a zero byte") << "g.db-checkpoints/" + uuid + "-step-9.checkpoint" + QChar(0) + "x";
}

void TestForeignFiles::a_checkpoint_of_another_name_is_refused() {
  QFETCH(QString, file);
  Laboratory lab;
  fs::create_directory(lab.folder.path("lab/other"));
  fs::create_directory(lab.folder.path("lab/other-checkpoints"));
  const std::string name = single().uuids[0] + "-step-9.checkpoint";
  for (const char* folder : {"lab/other/", "lab/other-checkpoints/"})
    std::ofstream(lab.folder.path(folder) + name) << "another's";
  {
    SQLite::Database open(lab.database, SQLite::OPEN_READWRITE);
    SQLite::Statement insert(open,
                             "INSERT INTO checkpoints (run, step, epoch, file, size, sha256, made) "
                             "VALUES (1, 99999999, 1, ?, 8, '00', 'x')");
    const QByteArray bytes = file.toUtf8();
    insert.bind(1, std::string(bytes.constData(), static_cast<std::size_t>(bytes.size())));
    insert.exec();
  }
  const Snapshot before = lab.around();
  QVERIFY(says(refusal([&] { RunReader(lab.database).checkpoint({1}); }), "nothing was touched"));
  QVERIFY(says(resume_refusal(lab.database), "nothing was touched"));
  RunReader reader(lab.database);
  QCOMPARE(reader.list().size(), std::size_t(1));
  QVERIFY(!reader.troubles().empty());
  // Even where the row goes because the run continues before it, the file stays.
  { RunWriter writer(lab.database, resumed(single(), {1}, 100)); }
  QCOMPARE(ask(lab.database, "SELECT count(*) FROM checkpoints WHERE step > 100"), std::string("0"));
  QVERIFY(lab.around() == before);
}

void TestForeignFiles::a_uuid_that_is_a_path_data() {
  QTest::addColumn<QString>("uuid");
  QTest::newRow("a path") << "../../proj/Cargo";
  QTest::newRow("empty") << "";
  QTest::newRow("as long as one") << "../../../../../../../../../proj/Cargo";
  QTest::newRow("with a wildcard") << "11111111-0000-4000-8000-00000000000?";
}

void TestForeignFiles::a_uuid_that_is_a_path() {
  QFETCH(QString, uuid);
  for (const char* column : {"uuid", "group_uuid"}) {
    Laboratory lab;
    tell(lab.database, "UPDATE runs SET status = 'running', group_kind = 'race', group_uuid = uuid");
    tell(lab.database, "UPDATE runs SET " + std::string(column) + " = '" + uuid.toStdString() + "'");
    const Snapshot before = lab.around();
    QCOMPARE(mark_interrupted(lab.database), column == std::string("uuid") ? 1 : 0);
    RunReader reader(lab.database);
    QCOMPARE(reader.list().at(0).status.text(), std::string("interrupted"));
    QVERIFY(says(resume_refusal(lab.database), "nothing was touched"));
    QVERIFY(lab.around() == before);
  }
}

void TestForeignFiles::endless_brackets() {
  Laboratory lab;
  tell(lab.database,
       "UPDATE runs SET experiment = replace(hex(zeroblob(50000)), '00', '[') || "
       "replace(hex(zeroblob(50000)), '00', ']')");
  tell(lab.database,
       "INSERT INTO events (run, step, epoch, kind, cause, data) "
       "SELECT 1, 1, 0, 'epoch', '', replace(hex(zeroblob(300000)), '00', '{\"a\":')");
  const RunData run = RunReader(lab.database).load(1);
  QVERIFY(says(refusal([&] { stored_experiment(run); }), "run 1"));
  QVERIFY(run_to_json(run)["experiment"].is_string());  // as it stands there: nothing is lost
  QCOMPARE(run_to_json(run)["steps"].get<int>(), 100);
  QVERIFY(parse_stored_json("{\"a\": [1, /* one */ 2]}").is_object());
  QVERIFY(parse_stored_json("{").is_discarded());
}

void TestForeignFiles::a_table_that_is_none_is_refused_data() {
  QTest::addColumn<QString>("sql");
  QTest::addColumn<QString>("words");
  QTest::newRow("a view without end")
      << "ALTER TABLE runs RENAME TO old; CREATE VIEW runs AS WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL "
         "SELECT id + 1 FROM n) SELECT n.id, uuid, name, status FROM n, old"
      << "'runs' in it is a view";
  QTest::newRow("a trigger") << "CREATE TRIGGER gotcha AFTER UPDATE ON runs BEGIN DELETE FROM samples; END"
                             << "the trigger 'gotcha'";
  QTest::newRow("a virtual table")
      << "DROP TABLE commands; CREATE VIRTUAL TABLE commands USING fts5(run, step, "
         "command, value, replay)"
      << "'commands' in it is a virtual table";
  QTest::newRow("a computed column")
      << "ALTER TABLE events ADD COLUMN load TEXT GENERATED ALWAYS AS (hex(cause)) VIRTUAL"
      << "events.load";
  QTest::newRow("no table") << "DROP TABLE checkpoints"
                            << "'checkpoints' is not in it";
  QTest::newRow("no column") << "ALTER TABLE samples RENAME COLUMN value TO worth"
                             << "no column 'value'";
  QTest::newRow("no key") << "CREATE TABLE r AS SELECT * FROM runs; DROP TABLE runs; ALTER TABLE r RENAME TO "
                             "runs; INSERT INTO runs SELECT * FROM runs"
                          << "the column runs.id is not part of the table's key";
  QTest::newRow("version 0") << "PRAGMA user_version = 0"
                             << "version 0, which no Grapevine writes";
  QTest::newRow("version -7") << "PRAGMA user_version = -7"
                              << "version -7, which no Grapevine writes";
}

void TestForeignFiles::a_table_that_is_none_is_refused() {
  QFETCH(QString, sql);
  QFETCH(QString, words);
  Laboratory lab;
  tell(lab.database, "PRAGMA legacy_alter_table = ON; PRAGMA foreign_keys = OFF; " + sql.toStdString());
  const std::string samples = ask(lab.database, "SELECT count(*) FROM samples");
  for (const std::string& no :
       {refusal([&] { RunReader reader(lab.database); }),
        refusal([&] { RunEditor(lab.database).set_name(1, "x"); }),
        refusal([&] { mark_interrupted(lab.database); }), resume_refusal(lab.database),
        refusal([&] { RunWriter(lab.database, single("99999999-0000-4000-8000-000000000009")); })}) {
    QVERIFY(says(no, words.toStdString()));
    QVERIFY(says(no, lab.database));
  }
  QCOMPARE(ask(lab.database, "SELECT count(*) FROM samples"), samples);
}

void TestForeignFiles::what_else_users_keep_in_the_file_is_theirs() {
  Laboratory lab;
  tell(lab.database,
       "CREATE TABLE notes (text TEXT, at TEXT); CREATE VIEW best AS SELECT run, max(step) FROM checkpoints "
       "GROUP BY run; CREATE TRIGGER stamp AFTER INSERT ON notes BEGIN UPDATE notes SET at = 'now'; END; "
       "CREATE "
       "INDEX runs_by_rule ON runs (rule); ALTER TABLE runs ADD COLUMN mood TEXT");
  RunEditor(lab.database).set_name(1, "mine");
  QCOMPARE(RunReader(lab.database).list().at(0).name, std::string("mine"));
  { RunWriter writer(lab.database, resumed(single(), {1})); }
  QCOMPARE(ask(lab.database, "SELECT \"max(step)\" FROM best"), std::string("100"));
}

void TestForeignFiles::what_never_ends_is_broken_off() {
  Laboratory lab;
  GuardedDatabase database = open_for_reading(lab.database);
  const auto ends = [&](const char* sql) {
    try {
      SQLite::Statement query(database, sql);
      while (query.executeStep()) {
      }
    } catch (const SQLite::Exception& error) {
      return error.getErrorCode();
    }
    return SQLITE_OK;
  };
  const char* endless =
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";
  QCOMPARE(ends(endless), SQLITE_INTERRUPT);
  database.renew_budget();
  QCOMPARE(ends("SELECT * FROM samples"), SQLITE_OK);
}

// A connection that stood when the first run began: what a long training has filled is read by it to its end.
void TestForeignFiles::a_file_that_has_grown_may_take_longer() {
  Laboratory lab;
  GuardedDatabase database = open_for_reading(lab.database);
  tell(lab.database,
       "CREATE TABLE ballast (bytes BLOB); WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
       "WHERE i < 30) INSERT INTO ballast SELECT randomblob(1000000) FROM n");
  database.renew_budget();
  // Some ten steps each: more than any file has, less than one of 30 MB.
  SQLite::Statement query(
      database,
      "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 8000000) "
      "SELECT count(*) FROM n");
  QVERIFY(query.executeStep());
  QCOMPARE(query.getColumn(0).getInt(), 8000000);
}

void TestForeignFiles::a_command_that_is_none_data() {
  QTest::addColumn<QString>("command");
  QTest::addColumn<QString>("value");
  QTest::newRow("calibrate, no number") << "calibrate"
                                        << "abc";
  QTest::newRow("calibrate, half a number") << "calibrate"
                                            << "0x";
  QTest::newRow("calibrate, no such racer") << "calibrate"
                                            << "1";
  QTest::newRow("calibrate, endless") << "calibrate"
                                      << "99999999999999999999";
  QTest::newRow("set, no value") << "set"
                                 << "abc";
  QTest::newRow("set, no key") << "set"
                               << "=1";
  QTest::newRow("set, no such racer") << "set"
                                      << "7:optimizer.lr=1";
  QTest::newRow("set, no racer") << "set"
                                 << "x:optimizer.lr=1";
  QTest::newRow("of no program") << "teleport"
                                 << "somewhere";
  QTest::newRow("a lesion of no layer") << "lesion"
                                        << "abc";
  QTest::newRow("freeze, below the first") << "freeze"
                                           << "-1";
}

void TestForeignFiles::a_command_that_is_none() {
  QFETCH(QString, command);
  QFETCH(QString, value);
  Laboratory lab;
  tell(lab.database, "INSERT INTO commands (run, step, command, value) VALUES (1, 120, '" +
                         command.toStdString() + "', '" + value.toStdString() + "')");
  const std::string no = refusal([&] { RunReader(lab.database).commands(1, 100); });
  QVERIFY(says(no, value.toStdString()));
  QVERIFY(says(no, "step 120"));
  tell(lab.database, "UPDATE commands SET command = 'set', value = 'optimizer.lr=a:b'");
  QCOMPARE(RunReader(lab.database).commands(1, 100).size(), std::size_t(1));
  tell(lab.database, "UPDATE commands SET value = '0:optimizer.lr=1'");
  QCOMPARE(RunReader(lab.database).commands(1, 100).size(), std::size_t(1));
}

void TestForeignFiles::names_are_taken_literally_data() {
  QTest::addColumn<QString>("name");
  for (const char* name :
       {"file:x.db", "file:x.db?mode=memory", ":memory:", "a b%20c.db", "x.db?immutable=1"})
    QTest::newRow(name) << name;
}

void TestForeignFiles::names_are_taken_literally() {
  QFETCH(QString, name);
  Folder folder;
  const fs::path before = fs::current_path();
  fs::current_path(folder.folder.path().toStdString());
  const auto back = qScopeGuard([&] { fs::current_path(before); });
  const std::string database = name.toStdString();
  { RunWriter writer(database, single()); }
  QVERIFY(fs::is_regular_file(folder.folder.path().toStdString() + "/" + database));
  QCOMPARE(RunReader(database).list().size(), std::size_t(1));
}

void TestForeignFiles::a_pipe_is_no_database() {
  Folder folder;
  QCOMPARE(mkfifo(folder.database().c_str(), 0600), 0);
  QVERIFY(says(refusal([&] { RunReader reader(folder.database()); }), "pipe or a device"));
  QVERIFY(says(refusal([&] { RunWriter(folder.database(), single()); }), "pipe or a device"));
  QVERIFY(says(refusal([&] { mark_interrupted(folder.database()); }), "pipe or a device"));
  QVERIFY(says(refusal([&] { RunReader reader("/dev/zero"); }), "pipe or a device"));
}

void TestForeignFiles::points_and_steps_that_can_be_none_are_left_out() {
  Laboratory lab;
  tell(lab.database, "INSERT INTO series (run, measure, point) VALUES (1, 'cos_b_j', 2000000000)");
  tell(lab.database, "INSERT INTO series (run, measure, point) VALUES (1, 'cos_b_j', -1)");
  tell(lab.database, "INSERT INTO series (run, measure, point) VALUES (1, 'a measure of tomorrow', 1)");
  tell(lab.database, "UPDATE runs SET epochs = 1e300, steps = -5, colour = 1 << 40, seconds = -1e300");
  RunReader reader(lab.database);
  const RunData run = reader.load(1);
  QCOMPARE(run.series.size(), std::size_t(1));
  QCOMPARE(reader.troubles().size(), std::size_t(2));
  QVERIFY(run_result(run).dump().size() > 10);
  QVERIFY(list_result(reader.list()).dump().size() > 10);
}

// A name of megabytes took the window ten seconds to lay out, for each row and tool tip.
void TestForeignFiles::names_of_megabytes_are_cut() {
  Laboratory lab;
  tell(lab.database,
       "UPDATE runs SET rule = replace(hex(zeroblob(500000)), '00', 'long '), "
       "name = 'a' || replace(hex(zeroblob(500000)), '00', 'ä')");
  RunReader reader(lab.database);
  const RunSummary row = reader.list().front();
  const RunData run = reader.load(1);
  for (const std::string* text : {&row.rule, &row.name, &run.rule, &run.name}) {
    QVERIFY(text->size() < 10010 && text->ends_with("…"));
    QVERIFY(QString::fromStdString(*text).indexOf(QChar::ReplacementCharacter) < 0);  // whole characters
  }
}

QTEST_GUILESS_MAIN(TestForeignFiles)
#include "test_foreign_files.moc"
