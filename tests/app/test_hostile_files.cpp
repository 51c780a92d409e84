// Files and names as a stranger, a slip of the hand or a shell may hand them over, to the commands that take
// files in or write them: each is refused in one sentence, soon, or done without harm to what lies around.
#include <SQLiteCpp/SQLiteCpp.h>
#include <sys/stat.h>

#include "tests/app/mutations.h"
#include "tests/app/terminal.h"

class TestHostileFiles : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void what_is_no_file_is_refused_at_once_data();
  void what_is_no_file_is_refused_at_once();
  void a_message_is_no_longer_than_a_page();
  void names_reach_no_terminal_as_they_are();
  void a_run_file_leads_nowhere_else();
  void a_run_file_with_wrong_numbers_is_survived();
  void a_linked_checkpoint_is_copied();
  void a_job_array_does_what_the_sweep_says();
  void a_job_array_is_written_whole_or_not_at_all();
  void a_grid_may_come_from_a_pipe();
  void a_folder_that_is_gone_is_told();
  void an_empty_argument_is_no_default();
  void devices_that_are_not_there_are_told();
  void exported_text_is_utf8_wherever_it_goes();
  void another_kind_of_file_is_told_data();
  void another_kind_of_file_is_told();
  void what_is_wrong_with_data_says_where_data();
  void what_is_wrong_with_data_says_where();
};

namespace {

void change(const QString& path, const char* sql) {
  SQLite::Database(path.toStdString(), SQLite::OPEN_READWRITE).exec(sql);
}

/// A database of one run of ten steps, and its run file with the state.
void make_run_file(const Terminal& terminal) {
  QCOMPARE(terminal.run(Terminal::small({"train", "--quiet", "--db", "theirs.db"}, 1)).status, 0);
  QCOMPARE(terminal
               .run({"export", "1", "--db", "theirs.db", "--format", "run", "--with-checkpoint", "-o",
                     "their.run"})
               .status,
           0);
}

}  // namespace

void TestHostileFiles::what_is_no_file_is_refused_at_once_data() {
  QTest::addColumn<QStringList>("arguments");
  const auto row = [](const QStringList& arguments) {
    QTest::addRow("%s", qPrintable(arguments.join(' '))) << arguments;
  };
  for (const char* place : {"pipe", "/dev/zero", "/dev/null", "folder", "nowhere", "dangling"}) {
    row({"import", place, "--db", "g.db"});
    row({"db", "merge", place, "--db", "g.db"});
    row({"db", "backup", "copy.db", "--db", place});
    row({"watch", "--once", "--db", place});
    if (QString(place) == "nowhere" || QString(place) == "dangling") continue;
    row({"db", "backup", place, "--db", "g.db"});
    row({"paper", "1", "--db", place});
    row({"db", "merge", "g.db", "--db", place});
  }
  row({"slurm", "/dev/zero", "-o", "jobs"});
  row({"sweep", "/dev/zero"});
  row({"train", "/dev/zero"});
  row({"slurm", "grid.json", "-o", "/dev/null"});
  row({"slurm", "grid.json", "-o", "dangling"});
  row({"slurm", "grid.json", "-o", ""});
  row({"slurm", "folder", "-o", "jobs"});
}

void TestHostileFiles::what_is_no_file_is_refused_at_once() {
  QFETCH(QStringList, arguments);
  static const Terminal terminal;
  if (!QFile::exists(terminal.path("g.db"))) {
    QCOMPARE(terminal.run(Terminal::small({"train", "--quiet", "--db", "g.db"}, 1)).status, 0);
    terminal.write("grid.json", "{\"grid\": {\"seed\": [0, 1]}}");
    QCOMPARE(mkfifo(terminal.path("pipe").toUtf8().constData(), 0600), 0);
    QVERIFY(QDir().mkpath(terminal.path("folder")) && QFile::link("nowhere", terminal.path("dangling")));
  }
  const auto before = surroundings(terminal.path(""), terminal.path("g.db"));
  const auto process = terminal.start(arguments);
  if (!process->waitForFinished(10000)) process->kill();
  const Outcome outcome = Terminal::end_of(*process);
  QCOMPARE(outcome.status, 2);
  QVERIFY2(is_one_line(outcome.err) && !outcome.err.contains("unexpected"), qPrintable(outcome.err));
  QVERIFY(outcome.out.isEmpty());
  QVERIFY(surroundings(terminal.path(""), terminal.path("g.db")) == before);
}

void TestHostileFiles::a_message_is_no_longer_than_a_page() {
  const Terminal terminal;
  terminal.write("long.csv", "step,train_loss\n1," + QByteArray(3000000, '9') + "x\n");
  terminal.write("column.csv", "step," + QByteArray(30000, 'a') + "\n1,1\n");
  terminal.write("key.json", "{\"" + QByteArray(30000, 'a') + "\": 1}");
  terminal.write("many.json", "{\"a\": [" + QByteArray("1,").repeated(1100000) + "1]}");
  terminal.write("value.json", "{\"optimizer\": {\"lr\": \"" + QByteArray(3000000, 'x') + "\"}}");
  terminal.write("name.json", "{\"name\": \"" + QByteArray(3000000, 'x') + "\"}");
  for (const QStringList& arguments : {QStringList{"import", "long.csv"},
                                       {"import", "column.csv"},
                                       {"train", "key.json"},
                                       {"train", "many.json"},
                                       {"train", "value.json"},
                                       {"train", "name.json"},
                                       {"train", "--set", "optimizer.lr=" + QString(50000, 'x')}}) {
    const Outcome outcome = terminal.run(arguments);
    QCOMPARE(outcome.status, 2);
    QVERIFY2(is_one_line(outcome.err) && outcome.err.size() < 5000, qPrintable(arguments.join(' ')));
  }
}

void TestHostileFiles::names_reach_no_terminal_as_they_are() {
  const Terminal terminal;
  const QByteArray curves = "step,train_loss\n1,0.5\n";
  QCOMPARE(terminal.run(Terminal::small({"train", "--quiet", "--db", "g.db"}, 1)).status, 0);
  const QString name = "na\x1b[31mme\nsecond line \u202e";
  terminal.write(name + ".csv", curves);
  terminal.write("columns.csv", "step,\x1b]0;title\x07\n1,0.5\n");
  terminal.write("value.csv", "step,train_loss\n1,\x1b[2J\n");
  terminal.write("grid.json", "{\"name\": \"\\u001b[2J\", \"grid\": {\"seed\": [0, 1]}}");
  for (const QStringList& arguments : {QStringList{"import", name + ".csv", "--db", "g.db"},
                                       {"import", "columns.csv", "--db", "g.db"},
                                       {"import", "value.csv", "--db", "g.db"},
                                       {"import", name, "--db", "g.db"},
                                       {"list", "--db", "g.db"},
                                       {"show", "2", "--db", "g.db"},
                                       {"watch", "2", "--once", "--db", "g.db"},
                                       {"db", "backup", name + ".db", "--db", "g.db"},
                                       {"db", "merge", name, "--db", "g.db"},
                                       {"watch", name, "--db", "g.db"},
                                       {"paper", name},
                                       {name},
                                       {"show", "2", "--" + name},
                                       {"--" + name, "2"},
                                       {"slurm", "grid.json", "-o", name},
                                       {"slurm", name, "-o", "jobs"}}) {
    const Outcome outcome = terminal.run(arguments);
    QVERIFY2(outcome.status >= 0 && outcome.status <= 2, qPrintable(arguments.join(' ')));
    for (const QChar c : outcome.out + outcome.err)
      QVERIFY2(c == '\n' || (c.unicode() >= 0x20 && c.unicode() != 0x7F && c.unicode() != 0x202E),
               qPrintable(arguments.join(' ')));
    QVERIFY2(!(outcome.out + outcome.err).contains("\nsecond line"), qPrintable(arguments.join(' ')));
  }
}

// States that it encloses are taken by their runs' names alone.
void TestHostileFiles::a_run_file_leads_nowhere_else() {
  const Terminal terminal;
  make_run_file(terminal);
  terminal.write("victim", "precious");
  const QByteArray whole = terminal.read("their.run");
  const QByteArray absolute = "'" + terminal.path("victim").toUtf8() + "'";
  for (const QByteArray& place :
       {QByteArray("'../victim'"), QByteArray("'../../victim'"), absolute, QByteArray("''"),
        QByteArray("'.'"), QByteArray("'..'"), QByteArray("char(27) || 'x'"), QByteArray("x'00'"),
        QByteArray("'ours.db-checkpoints/database-id'")}) {
    terminal.write("bad.run", whole);
    change(terminal.path("bad.run"),
           ("UPDATE enclosed_checkpoints SET file = " + place + "; UPDATE checkpoints SET file = " + place)
               .constData());
    const auto before = surroundings(terminal.path(""), terminal.path("ours.db"));
    const Outcome outcome = terminal.run({"import", "bad.run", "--db", "ours.db"});
    QVERIFY2(outcome.status == 1 && is_one_line(outcome.err),
             qPrintable(place + ": " + outcome.err.toUtf8()));
    QVERIFY2(outcome.err.contains("a checkpoint of run 1 was left out"), qPrintable(outcome.err));
    QVERIFY2(surroundings(terminal.path(""), terminal.path("ours.db")) == before, place.constData());
    QCOMPARE(terminal.run({"db", "check", "--db", "ours.db"}).status, 0);
    for (const QString& mine : QDir(terminal.path("")).entryList({"ours.db*"}, QDir::AllEntries))
      QVERIFY(QFile::remove(terminal.path(mine)) || QDir(terminal.path(mine)).removeRecursively());
  }
}

void TestHostileFiles::a_run_file_with_wrong_numbers_is_survived() {
  const Terminal terminal;
  make_run_file(terminal);
  const QByteArray whole = terminal.read("their.run");
  const auto before = surroundings(terminal.path(""), terminal.path("bad.run"));
  for (const char* sql :
       {"UPDATE enclosed_checkpoints SET part = 9223372036854775807",
        "UPDATE enclosed_checkpoints SET bytes = x''", "UPDATE enclosed_checkpoints SET bytes = 'text'",
        "DELETE FROM enclosed_checkpoints",
        "DROP TABLE enclosed_checkpoints; CREATE VIEW enclosed_checkpoints AS SELECT 1",
        "UPDATE checkpoints SET size = -1", "UPDATE checkpoints SET size = 1 << 62",
        "UPDATE checkpoints SET step = -5", "UPDATE checkpoints SET covered = 1 << 62",
        "UPDATE checkpoints SET sha256 = 'x'", "UPDATE runs SET uuid = '../victim'",
        "UPDATE runs SET group_uuid = '../victim'", "UPDATE runs SET experiment = '['",
        "UPDATE runs SET steps = 1 << 62, seconds = 9e999", "UPDATE series SET point = 1 << 40",
        "UPDATE samples SET step = -9223372036854775808 WHERE step = 1",
        "UPDATE runs SET id = 9223372036854775807", "DROP TABLE samples; CREATE TABLE samples (x)",
        "CREATE TRIGGER t AFTER INSERT ON runs BEGIN DELETE FROM runs; END"}) {
    terminal.write("bad.run", whole);
    try {
      change(terminal.path("bad.run"), sql);
    } catch (const SQLite::Exception&) {
      continue;  // such a value has no place there
    }
    const Outcome outcome = terminal.run({"import", "bad.run", "--db", "bad.run-into"});
    QVERIFY2(outcome.status >= 0 && outcome.status <= 2, qPrintable(QString(sql) + outcome.err));
    QVERIFY2(!outcome.err.contains("unexpected"), qPrintable(QString(sql) + outcome.err));
    QVERIFY2(outcome.status == 0 || outcome.err.startsWith("grapevine-cli: "), sql);
    for (const QStringList& arguments : {QStringList{"list"}, {"show", "1"}, {"watch", "--once"}})
      QVERIFY2(!terminal.run(arguments + QStringList{"--db", "bad.run-into"}).err.contains("unexpected"),
               sql);
    for (const QString& mine : QDir(terminal.path("")).entryList({"bad.run-into*"}, QDir::AllEntries))
      QVERIFY(QFile::remove(terminal.path(mine)) || QDir(terminal.path(mine)).removeRecursively());
    QVERIFY2(surroundings(terminal.path(""), terminal.path("bad.run")) == before, sql);
  }
}

// A link would still mean what its owner makes of it.
void TestHostileFiles::a_linked_checkpoint_is_copied() {
  const Terminal terminal;
  QCOMPARE(terminal.run(Terminal::small({"train", "--quiet", "--db", "theirs.db"}, 1)).status, 0);
  const QString folder = terminal.path("theirs.db-checkpoints/");
  const QString state = QDir(folder).entryList({"*.checkpoint"}).value(0);
  QVERIFY(!state.isEmpty() && QFile::rename(folder + state, terminal.path("elsewhere")) &&
          QFile::link(terminal.path("elsewhere"), folder + state));
  QCOMPARE(terminal.run({"db", "merge", "theirs.db", "--db", "ours.db"}).status, 0);
  const QFileInfo taken(terminal.path("ours.db-checkpoints/" + state));
  QVERIFY(taken.isFile() && !taken.isSymLink());
  QCOMPARE(terminal.run({"db", "check", "--db", "ours.db"}).status, 0);
}

// Whatever stands in names, the script runs one command.
void TestHostileFiles::a_job_array_does_what_the_sweep_says() {
  const Terminal terminal;
  terminal.write("grid.json", "{\"grid\": {\"seed\": [0, 1]}}");
  for (const QString& folder :
       {QString("plain"), QString("a\ntouch pwned"), QString("$(touch pwned)"), QString("`touch pwned`"),
        QString("'; touch pwned; '"), QString("\"; touch pwned #")}) {
    QCOMPARE(terminal
                 .run({"slurm", "grid.json", "-o", folder, "--set", "name=$(touch pwned)\ntouch pwned",
                       "--db", "home'; touch pwned; '.db"})
                 .status,
             0);
    for (const char* script : {"/sweep.sbatch", "/merge.sh"}) {
      QProcess shell;
      QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
      environment.insert("GRAPEVINE_CLI", "/bin/true");
      environment.insert("SLURM_ARRAY_TASK_ID", "1");
      shell.setProcessEnvironment(environment);
      shell.setWorkingDirectory(terminal.path(""));
      shell.start("/bin/bash", {terminal.path(folder + script)});
      QVERIFY(shell.waitForFinished());
      if (QString(script) == "/sweep.sbatch")
        QVERIFY2(shell.exitCode() == 0, shell.readAllStandardError().constData());
      QVERIFY2(!QFile::exists(terminal.path("pwned")), qPrintable(folder + script));
    }
  }
}

void TestHostileFiles::a_job_array_is_written_whole_or_not_at_all() {
  const Terminal terminal;
  terminal.write("grid.json", "{\"grid\": {\"seed\": [0, 1]}}");
  QProcess shell;
  shell.setWorkingDirectory(terminal.path(""));
  // As on a full disk: no file takes a byte.
  shell.start("/bin/sh",
              {"-c", "ulimit -f 0; exec " GRAPEVINE_BIN_DIR "/grapevine-cli slurm grid.json -o new/jobs"});
  const Outcome outcome = Terminal::end_of(shell);
  QCOMPARE(outcome.status, 1);
  QVERIFY2(is_one_line(outcome.err), qPrintable(outcome.err));
  QVERIFY(!QFile::exists(terminal.path("new")));
}

void TestHostileFiles::a_grid_may_come_from_a_pipe() {
  const Terminal terminal;
  QCOMPARE(mkfifo(terminal.path("pipe").toUtf8().constData(), 0600), 0);
  const auto process = terminal.start({"slurm", "pipe", "-o", "jobs"});
  QFile pipe(terminal.path("pipe"));
  QVERIFY(pipe.open(QIODevice::WriteOnly));
  pipe.write("{\"grid\": {\"seed\": [0, 1]}}");
  pipe.close();
  QVERIFY(process->waitForFinished(10000));
  QCOMPARE(Terminal::end_of(*process).status, 0);
  QVERIFY(terminal.read("jobs/grid.json").contains("seed"));
}

void TestHostileFiles::a_folder_that_is_gone_is_told() {
  const Terminal terminal;
  for (const char* call : {"list --db x.db", "train --set data.name=shapes --db x.db",
                           "import x.csv --db x.db", "db check --db x.db", "db backup y.db --db x.db",
                           "watch --db x.db", "slurm grid.json -o x", "export 1 --db x.db -o y.csv"}) {
    QProcess shell;
    shell.setWorkingDirectory(terminal.path(""));
    shell.start("/bin/sh", {"-c", QString("mkdir gone && cd gone && rmdir ../gone && exec " GRAPEVINE_BIN_DIR
                                          "/grapevine-cli %1")
                                      .arg(call)});
    QVERIFY(shell.waitForFinished(20000));
    const QString words = QString::fromUtf8(shell.readAllStandardError());
    QVERIFY2(is_one_line(words) && !words.contains("unexpected"), qPrintable(QString(call) + ": " + words));
    QCOMPARE(shell.exitCode(), 2);
  }
}

void TestHostileFiles::an_empty_argument_is_no_default() {
  const Terminal terminal;
  for (const QStringList& arguments : {QStringList{"train", ""},
                                       {"race", ""},
                                       {"sweep", ""},
                                       {"import", ""},
                                       {"db", "merge", ""},
                                       {"db", "backup", ""},
                                       {"watch", ""},
                                       {"paper", ""},
                                       {"list", "--db", ""}}) {
    const Outcome outcome = terminal.run(arguments);
    QCOMPARE(outcome.status, 2);
    QVERIFY2(is_one_line(outcome.err) && outcome.err.contains("is empty"), qPrintable(outcome.err));
  }
  // A text may be.
  QCOMPARE(terminal.run(Terminal::small({"train", "--quiet"}, 1)).status, 0);
  QCOMPARE(terminal.run({"edit", "1", "--note", ""}).status, 0);
}

void TestHostileFiles::devices_that_are_not_there_are_told() {
  const Terminal terminal;
  const auto told = [&](const char* device) {
    const Outcome outcome = terminal.run(Terminal::small({"train", "--device", device}, 1));
    return outcome.status == 2 && is_one_line(outcome.err) ? outcome.err : QString();
  };
  for (const char* device : {"gpu", "GPU", "cdua", "cudaaa", "cuda:x"})
    QVERIFY2(told(device).contains("did you mean cuda?"), device);
  QVERIFY(told("CUDA:1").contains("did you mean cuda:1?"));
  for (const char* device : {"", "nvidia", "cuda:-1", "cuda:99999999999999999999"})
    QVERIFY2(told(device).contains("expected auto, cpu, cuda or cuda:<number>"), device);
  const QString doctor = terminal.run({"doctor"}).out;
  if (!doctor.contains("none seen")) QSKIP("this machine has a GPU");
  for (const char* device : {"cuda", "cuda:1"})
    QVERIFY2(told(device).contains("sees no CUDA GPU; use device=cpu or device=auto"), device);
  QVERIFY(terminal.run({"doctor", "--self-test", "--device", "cuda"}).err.contains("use device=cpu"));
}

void TestHostileFiles::exported_text_is_utf8_wherever_it_goes() {
  const Terminal terminal;
  for (int run = 0; run < 2; ++run)
    QCOMPARE(terminal.run(Terminal::small({"train", "--quiet", "--db", "g.db"}, 1)).status, 0);
  change(terminal.path(
             "g.db"),  // "m", two bytes, "n", ESC, C1's CSI, the mark that turns the direction of writing
         "UPDATE runs SET name = CAST(x'6dfffe6e1bc29be280ae' AS TEXT)");
  for (const QString& format : {QString("csv"), QString("json"), QString("html"), QString("svg")}) {
    const auto process = terminal.start({"export", "1", "2", "--db", "g.db", "--format", format});
    QVERIFY(process->waitForFinished(60000));
    const QByteArray piped = process->readAllStandardOutput();
    QCOMPARE(
        terminal.run({"export", "1", "2", "--db", "g.db", "--format", format, "-o", "out." + format}).status,
        0);
    for (const QByteArray& text : {piped, terminal.read("out." + format)}) {
      QVERIFY2(!text.isEmpty() && QString::fromUtf8(text).toUtf8() == text, qPrintable(format));
      for (const char* mark : {"\x1b", "\xC2\x9B", "\xE2\x80\xAE"})
        QVERIFY2(!text.contains(mark), qPrintable(format));
      const bool is_named = format == "csv" || format == "html";
      QVERIFY2(!is_named || text.contains("m\xEF\xBF\xBD\xEF\xBF\xBDn"), qPrintable(format));
    }
  }
}

void TestHostileFiles::another_kind_of_file_is_told_data() {
  QTest::addColumn<QByteArray>("content");
  QTest::addColumn<QString>("words");
  QTest::newRow("a grid") << QByteArray("{\"experiment\": {\"seed\": 1}, \"grid\": {\"seed\": [0, 1]}}")
                          << "grapevine-cli sweep";
  QTest::newRow("a lesson") << QByteArray("{\"lesson\": 1, \"title\": \"t\", \"steps\": []}")
                            << "grapevine-cli lessons run";
  QTest::newRow("results") << QByteArray("{\"uuid\": \"u\", \"experiment\": {\"seed\": 1}, \"steps\": 3}")
                           << "under \"experiment\"";
  QTest::newRow("results of several")
      << QByteArray("{\"runs\": [{\"experiment\": {}}]}") << "under \"experiment\"";
  QTest::newRow("a database") << QByteArray("SQLite format 3\0\x10\0", 18) << "grapevine-cli import";
  QTest::newRow("a number of another size") << QByteArray("{\"optimizer\": {\"lr\": -1e999}}") << "-1e999";
}

void TestHostileFiles::another_kind_of_file_is_told() {
  QFETCH(QByteArray, content);
  QFETCH(QString, words);
  const Terminal terminal;
  terminal.write("given.json", content);
  const Outcome outcome = terminal.run({"train", "given.json"});
  QCOMPARE(outcome.status, 2);
  QVERIFY2(is_one_line(outcome.err), qPrintable(outcome.err));
  QVERIFY2(outcome.err.contains("given.json") && outcome.err.contains(words), qPrintable(outcome.err));
}

void TestHostileFiles::what_is_wrong_with_data_says_where_data() {
  QTest::addColumn<QString>("name");
  QTest::addColumn<QString>("file");
  QTest::addColumn<QByteArray>("content");
  QTest::addColumn<QString>("words");
  QTest::newRow("a word of text") << "text"
                                  << "train.txt" << QByteArray("hello") << "too little text";
}

void TestHostileFiles::what_is_wrong_with_data_says_where() {
  QFETCH(QString, name);
  QFETCH(QString, file);
  QFETCH(QByteArray, content);
  QFETCH(QString, words);
  const Terminal terminal;
  QVERIFY(QDir(terminal.path("")).mkdir("given"));
  terminal.write("given/" + file, content);
  const Outcome outcome =
      terminal.run({"train", "--set", "data.name=" + name, "--set", "data.dir=given", "--set",
                    name == "text" ? "model.name=transformer" : "model.name=mlp"});
  QCOMPARE(outcome.status, 2);
  QVERIFY2(is_one_line(outcome.err), qPrintable(outcome.err));
  QVERIFY2(outcome.err.contains(terminal.path("given")) && outcome.err.contains(words),
           qPrintable(outcome.err));
}

QTEST_GUILESS_MAIN(TestHostileFiles)
#include "test_hostile_files.moc"
