// Databases that can't be used: each is refused in one sentence by every command, and left as it was.
#include <SQLiteCpp/SQLiteCpp.h>
#include <sys/stat.h>

#include "tests/app/mutations.h"
#include "tests/app/terminal.h"

class TestBadDatabases : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void it_is_refused_and_left_alone_data();
  void it_is_refused_and_left_alone();
  void a_missing_folder_is_made_for_a_run();
  void a_folder_that_cannot_be_made_is_refused();
  void a_strangers_words_reach_no_terminal();
  void a_strangers_command_is_named_data();
  void a_strangers_command_is_named();
  void names_are_literal_but_for_a_tilde();
  void mutated_ones_are_survived();
  void an_export_replaces_with_care();
  void an_export_replaces_no_data();
  void db_checks_copies_shrinks_and_merges();
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

void TestBadDatabases::a_strangers_words_reach_no_terminal() {
  const Terminal terminal;
  QCOMPARE(terminal.run(Terminal::small({"train", "--db", "a.db"}, 1)).status, 0);
  make(terminal.path("a.db"),
       "UPDATE runs SET name = char(27) || '[2J' || char(0x202E) || 'evil' || char(0x9B) || 'm', tags = "
       "char(7), "
       "failure = char(27) || ']0;x', status = 'failed', rule = char(0x2066) || 'dfa', device = char(0x85); "
       "UPDATE events SET cause = char(27) || '[31m' || char(10) || 'grapevine-cli: all is well', "
       "kind = 'x' || char(13); "
       "INSERT INTO events (run, step, epoch, kind, cause, data) VALUES (1, 1, 0, 'x', '', "
       "'{\"a\": \"' || char(0x9B) || char(0x202E) || '\"}'); "
       "UPDATE runs SET experiment = json_set(experiment, '$.' || char(27) || 'key', 1)");
  make(terminal.path("a.db"),
       "INSERT INTO commands (run, step, command, value) VALUES (1, 99, 'set', char(27))");
  for (const QStringList& arguments : {QStringList{"list"},
                                       {"show", "1"},
                                       {"compare", "1", "1"},
                                       {"list", "--json"},
                                       {"show", "1", "--json"},
                                       {"export", "1", "--format", "json"},
                                       {"export", "1", "--format", "csv"},
                                       {"resume", "1"},
                                       {"db", "check"},
                                       {"show", "\033[2J"}}) {
    const Outcome outcome = terminal.run(arguments + QStringList{"--db", "a.db"});
    for (const QChar c : outcome.out + outcome.err) {
      const ushort code = c.unicode();
      QVERIFY2(code == '\n' || (code >= 0x20 && code < 0x7F) || code >= 0xA0,
               qPrintable(arguments.join(' ')));
      QVERIFY2(!(code >= 0x200B && code <= 0x200F) && !(code >= 0x2028 && code <= 0x202E) &&
                   !(code >= 0x2060 && code <= 0x206F),
               qPrintable(arguments.join(' ')));
    }
    QVERIFY(!outcome.out.contains("\ngrapevine-cli: all is well"));
  }
}

void TestBadDatabases::a_strangers_command_is_named_data() {
  QTest::addColumn<QString>("command");
  QTest::addColumn<QString>("value");
  QTest::newRow("no racer") << "calibrate"
                            << "abc";
  QTest::newRow("no command") << "teleport"
                              << "home";
  QTest::newRow("no number") << "set"
                             << "optimizer.lr=nan";
  QTest::newRow("nothing to change live") << "set"
                                          << "model.hidden=3";
  QTest::newRow("no setting") << "set"
                              << "optimizer.lrr=0.1";
  QTest::newRow("no layer") << "lesion"
                            << "7:zero";
}

// Before anything is trained, and the run stays as it was.
void TestBadDatabases::a_strangers_command_is_named() {
  QFETCH(QString, command);
  QFETCH(QString, value);
  const Terminal terminal;
  QCOMPARE(terminal
               .run(Terminal::small(
                   {"train", "--db", "a.db", "--set", "rule.name=dfa", "--at", "19:set:optimizer.lr=0.01"}))
               .status,
           0);
  make(terminal.path("a.db"),
       qPrintable(
           QString("UPDATE runs SET status = 'interrupted'; DELETE FROM checkpoints WHERE step > 10; "
                   "INSERT INTO commands (run, step, command, value, replay) VALUES (1, 15, '%1', '%2', 1)")
               .arg(command, value)));
  const QString before = terminal.run({"query", "SELECT status, steps FROM runs", "--db", "a.db"}).out;
  const Outcome outcome = terminal.run({"resume", "1", "--db", "a.db"});
  QCOMPARE(outcome.status, 2);
  QVERIFY2(is_one_line(outcome.err) && outcome.err.contains(value.section(':', 0, 0)) &&
               outcome.err.contains("step 15"),
           qPrintable(outcome.err));
  QCOMPARE(terminal.run({"query", "SELECT status, steps FROM runs", "--db", "a.db"}).out, before);
}

void TestBadDatabases::names_are_literal_but_for_a_tilde() {
  const Terminal terminal;
  for (const QString& name : {QString("file:x.db"), QString(":memory:"), QString("~/y.db")})
    QCOMPARE(terminal.run(Terminal::small({"train", "--quiet", "--db", name}, 1)).status, 0);
  for (const char* file : {"file:x.db", ":memory:", "y.db"})
    QVERIFY2(QFile::exists(terminal.path("") + "/" + file), file);
  QVERIFY(!QFile::exists(terminal.path("~")));
  QCOMPARE(mkfifo(terminal.path("pipe").toUtf8().constData(), 0600), 0);
  for (const char* command : {"list", "train"}) {
    const Outcome outcome = terminal.run({command, "--db", "pipe"});
    QCOMPARE(outcome.status, 2);
    QVERIFY2(is_one_line(outcome.err) && outcome.err.contains("pipe"), qPrintable(outcome.err));
  }
}

// `make soak` tries more: GRAPEVINE_MUTATIONS.
void TestBadDatabases::mutated_ones_are_survived() {
  const Terminal terminal;
  for (const char* rule : {"bp", "grape"})
    QCOMPARE(terminal
                 .run(Terminal::small(
                     {"train", "--quiet", "--db", "lab/whole.db", "--set", "rule.name=" + QString(rule)}))
                 .status,
             0);
  terminal.write("victim", "precious");
  const QByteArray whole = terminal.read("lab/whole.db");
  const QString path = terminal.path("lab/a.db");
  const auto before = surroundings(terminal.path(""), path);
  bool given = false;
  const int asked = qEnvironmentVariableIntValue("GRAPEVINE_MUTATIONS", &given);
  Mutations mutations;
  for (int mutation = 0; mutation < (given ? asked : 50); ++mutation) {
    for (const QString& file : QDir(terminal.path("lab")).entryList({"a.db*"}, QDir::AllEntries))
      if (!QFile::remove(terminal.path("lab/" + file)))
        QDir(terminal.path("lab/" + file)).removeRecursively();
    terminal.write("lab/a.db", whole);
    mutations.change(path);
    for (const QStringList& arguments : {QStringList{"list"},
                                         {"show", "1"},
                                         {"compare", "1", "2"},
                                         {"export", "2", "--format", "json"},
                                         {"db", "check"},
                                         {"db", "backup", path + "-copy"},
                                         {"watch", "--once"},
                                         {"paper", "1"},
                                         {"import", path, "--db", path + "-import"},
                                         {"db", "merge", path, "--db", path + "-merged"},
                                         {"resume", "1"}}) {
      const bool is_elsewhere = arguments.contains("--db");
      const auto process = terminal.start(is_elsewhere ? arguments : arguments + QStringList{"--db", path});
      const QString call = QString::number(mutation) + ": " + arguments.join(' ');
      if (!process->waitForFinished(10000)) process->kill();
      const Outcome outcome = Terminal::end_of(*process);
      QVERIFY2(outcome.status >= 0 && outcome.status <= 2, qPrintable(call + " " + outcome.err));
      QVERIFY2(!outcome.err.contains("unexpected"), qPrintable(call + " " + outcome.err));
      const bool is_told = outcome.err.startsWith("grapevine-cli: ") ||
                           (arguments.contains("check") && outcome.out.startsWith("- "));
      QVERIFY2(outcome.status == 0 || is_told, qPrintable(call));
    }
  }
  QVERIFY(surroundings(terminal.path(""), path) == before);
}

void TestBadDatabases::an_export_replaces_with_care() {
  const Terminal terminal;
  QCOMPARE(terminal.run(Terminal::small({"train", "--quiet"}, 1)).status, 0);
  terminal.write("out.tmp", "mine");
  terminal.write("target", "old");
  QVERIFY(QFile::link("target", terminal.path("link")));
  QVERIFY(QFile::link("nowhere", terminal.path("dangling")));
  for (const char* format : {"csv", "json", "checkpoint"}) {
    const auto export_to = [&](const char* file) {
      return terminal.run({"export", "1", "--format", format, "-o", file}).status;
    };
    QCOMPARE(export_to("out"), 0);
    QCOMPARE(export_to("link"), 0);
    QCOMPARE(export_to("dangling"), 2);
    QCOMPARE(export_to("/dev/null"), 2);
    QCOMPARE(terminal.read("out"), terminal.read("target"));
  }
  QCOMPARE(terminal.read("out.tmp"), QByteArray("mine"));
  QVERIFY(QFileInfo(terminal.path("link")).isSymLink());
  QVERIFY(!QFile::exists(terminal.path("nowhere")));
  const Outcome straight = terminal.run({"export", "1", "--format", "csv", "-o", "/dev/stdout", "--quiet"});
  QCOMPARE(straight.out, terminal.run({"export", "1", "--format", "csv"}).out);
}

// Whatever is written, under whatever name: runs are not what a typing mistake costs.
void TestBadDatabases::an_export_replaces_no_data() {
  const Terminal terminal;
  QCOMPARE(terminal.run(Terminal::small({"train", "--quiet", "--db", "g.db"}, 1)).status, 0);
  QCOMPARE(terminal.run(Terminal::small({"train", "--quiet", "--db", "other.db"}, 1)).status, 0);
  QVERIFY(QFile::link("g.db", terminal.path("link")));
  const QStringList states = QDir(terminal.path("g.db-checkpoints")).entryList({"*.checkpoint"});
  QVERIFY(!states.isEmpty());
  QStringList targets{"g.db", "other.db", "link", "g.db-checkpoints/database-id"};
  targets += "g.db-checkpoints/" + states.front();
  const auto before = surroundings(terminal.path(""), "none");
  for (const QString& target : targets) {
    for (const char* format : {"csv", "json", "html", "run", "safetensors", "checkpoint"}) {
      const Outcome outcome = terminal.run({"export", "1", "--db", "g.db", "--format", format, "-o", target});
      QVERIFY2(outcome.status == 2 && is_one_line(outcome.err),
               qPrintable(target + ' ' + format + ' ' + outcome.err));
    }
    QCOMPARE(terminal.run({"db", "backup", target, "--db", "g.db"}).status, 2);
  }
  QVERIFY(surroundings(terminal.path(""), "none").keys() == before.keys());
  for (const char* database : {"g.db", "other.db"})
    QCOMPARE(terminal.run({"db", "check", "--db", database}).status, 0);
  // An older run file and an older backup may be replaced.
  for (int twice = 0; twice < 2; ++twice) {
    QCOMPARE(terminal.run({"export", "1", "--db", "g.db", "--format", "run", "-o", "a.run"}).status, 0);
    QCOMPARE(terminal.run({"db", "backup", "copy.db", "--db", "g.db"}).status, 0);
  }
}

void TestBadDatabases::db_checks_copies_shrinks_and_merges() {
  const Terminal terminal;
  QCOMPARE(terminal.run(Terminal::small({"train", "--quiet", "--db", "a.db"}, 1)).status, 0);
  QCOMPARE(terminal.run(Terminal::small({"train", "--quiet", "--db", "b.db"}, 1)).status, 0);
  const QJsonObject sound = terminal.run({"db", "check", "--db", "a.db", "--json"}).json();
  QVERIFY(sound["sound"_L1].toBool() && sound["runs"_L1].toInt() == 1 &&
          sound["checkpoints"_L1].toInt() >= 1);
  for (const int taken : {1, 0}) {
    const Outcome merged = terminal.run({"db", "merge", "b.db", "--db", "a.db", "--json"});
    QCOMPARE(merged.status, 0);
    QCOMPARE(merged.json()["runs"_L1].toArray().size(), taken);
    QCOMPARE(merged.json()["known"_L1].toInt(), 1 - taken);
  }
  QCOMPARE(terminal.run({"export", "2", "--format", "csv", "--db", "a.db"}).out,
           terminal.run({"export", "1", "--format", "csv", "--db", "b.db"}).out);
  QCOMPARE(terminal.run({"db", "backup", "copy.db", "--db", "a.db"}).status, 0);
  QCOMPARE(terminal.run({"list", "--db", "copy.db"}).out, terminal.run({"list", "--db", "a.db"}).out);
  QCOMPARE(terminal.run({"db", "vacuum", "--db", "a.db"}).status, 0);
  QCOMPARE(terminal.run({"db", "check", "--db", "a.db"}).status, 0);
  make(terminal.path("a.db"),
       "UPDATE checkpoints SET file = '../x'; UPDATE runs SET experiment = '{' WHERE id = 2");
  const Outcome broken = terminal.run({"db", "check", "--db", "a.db"});
  QCOMPARE(broken.status, 1);
  QVERIFY2(broken.out.contains("'../x'") && broken.out.contains("run 2"), qPrintable(broken.out));
  for (const QStringList& wrong : {QStringList{"db"},
                                   {"db", "chekc"},
                                   {"db", "backup"},
                                   {"db", "check", "x"},
                                   {"db", "merge", "a.db", "--db", "a.db"},
                                   {"db", "merge", "none.db"},
                                   {"db", "backup", "a.db", "--db", "a.db"}})
    QCOMPARE(terminal.run(wrong).status, 2);
}

QTEST_GUILESS_MAIN(TestBadDatabases)
#include "test_bad_databases.moc"
