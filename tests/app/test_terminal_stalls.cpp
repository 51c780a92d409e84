// A terminal whose reader stops reading (Ctrl-S, a dead connection): the run is stored all the same, and Stop
// is heard. And a database that goes away under a run in the terminal.
#include <SQLiteCpp/SQLiteCpp.h>
#include <fcntl.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/app/terminal.h"

class TestTerminalStalls : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void nobody_reads_and_the_run_is_stored_data();
  void nobody_reads_and_the_run_is_stored();
  void a_full_pipe_stops_nobody();
  void a_lost_database_is_told_and_taken_in_later();
};

namespace {

int steps_in(const QString& database) {
  try {
    SQLite::Database file(database.toStdString(), SQLite::OPEN_READWRITE, 5000);
    return file.execAndGet("SELECT coalesce(max(steps), 0) FROM runs").getInt();
  } catch (const SQLite::Exception&) {
    return 0;  // it is being made
  }
}

QString status_in(const QString& database) {
  SQLite::Database file(database.toStdString(), SQLite::OPEN_READWRITE, 5000);
  return QString::fromStdString(
      file.execAndGet("SELECT group_concat(DISTINCT status) FROM runs").getString());
}

/// The exit status; -1 when it had to be killed.
int end_of(pid_t process) {
  for (int i = 0; i < 6000; ++i) {
    int status = 0;
    if (waitpid(process, &status, WNOHANG) == process) return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    QTest::qWait(10);
  }
  kill(process, SIGKILL);
  waitpid(process, nullptr, 0);
  return -1;
}

}  // namespace

void TestTerminalStalls::nobody_reads_and_the_run_is_stored_data() {
  QTest::addColumn<QStringList>("command");
  QTest::newRow("lines") << QStringList{"race", "--rules", "bp,dfa"};
  QTest::newRow("a document") << QStringList{"race", "--rules", "bp,dfa", "--json"};
  QTest::newRow("a document of a sweep") << QStringList{"sweep", "grid.json", "--json"};
}

void TestTerminalStalls::nobody_reads_and_the_run_is_stored() {
  QFETCH(QStringList, command);
  const Terminal terminal;
  terminal.write("grid.json", R"({"grid": {"rule.name": ["bp", "dfa"]}})");
  command.replaceInStrings("grid.json", terminal.path("grid.json"));
  const QString database = terminal.path("stall.db");
  std::vector<QByteArray> words{GRAPEVINE_BIN_DIR "/grapevine-cli"};
  for (const QString& word : Terminal::small(command + QStringList{"--db", database}, 100000))
    words.push_back(word.toUtf8());
  std::vector<char*> arguments;
  for (QByteArray& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  int display = -1;
  winsize size{40, 120, 0, 0};
  const pid_t program = forkpty(&display, nullptr, nullptr, &size);
  if (program == 0) {
    setenv("TERM", "xterm", 1);
    setenv("HOME", qPrintable(terminal.path("home")), 1);
    execv(arguments[0], arguments.data());
    _exit(127);
  }
  QVERIFY(program > 0);
  // Not one byte is read: the terminal's buffer of some kilobytes is full within seconds.
  QTRY_VERIFY_WITH_TIMEOUT(steps_in(database) > 0, 60000);
  QTest::qWait(3000);
  const int before = steps_in(database);
  QTRY_VERIFY_WITH_TIMEOUT(steps_in(database) > before + 20, 60000);
  kill(program, SIGTERM);
  QCOMPARE(end_of(program), 130);
  QCOMPARE(status_in(database), QString("stopped"));
  ::close(display);
}

void TestTerminalStalls::a_full_pipe_stops_nobody() {
  const Terminal terminal;
  // Standard error is a pipe that nobody empties: with --json what people read goes there, one line per
  // epoch.
  int pipe_ends[2];
  QVERIFY(pipe(pipe_ends) == 0);
  fcntl(pipe_ends[1], F_SETPIPE_SZ, 4096);
  const QString database = terminal.path("pipe.db");
  const pid_t program = fork();
  if (program == 0) {
    dup2(pipe_ends[1], 2);
    setenv("HOME", qPrintable(terminal.path("home")), 1);
    std::vector<QByteArray> words{GRAPEVINE_BIN_DIR "/grapevine-cli"};
    for (const QString& word : Terminal::small({"train", "--json", "--db", database}, 100000))
      words.push_back(word.toUtf8());
    std::vector<char*> arguments;
    for (QByteArray& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    execv(arguments[0], arguments.data());
    _exit(127);
  }
  // One line per epoch of ten steps: the pipe is full long before.
  QTRY_VERIFY_WITH_TIMEOUT(steps_in(database) > 3000, 120000);
  kill(program, SIGTERM);
  QCOMPARE(end_of(program), 130);
  QCOMPARE(status_in(database), QString("stopped"));
  for (const int end : pipe_ends) ::close(end);
}

void TestTerminalStalls::a_lost_database_is_told_and_taken_in_later() {
  const Terminal terminal;
  const QString database = terminal.path("lost.db");
  const auto process = terminal.start(Terminal::small({"train", "--db", database}, 100000));
  QTRY_VERIFY_WITH_TIMEOUT(steps_in(database) > 50, 60000);
  for (const char* part : {"", "-wal", "-shm"}) QFile::remove(database + part);
  QByteArray told;
  QTRY_VERIFY_WITH_TIMEOUT((told += process->readAllStandardError()).contains("was deleted"), 20000);
  QVERIFY2(told.contains(database.toUtf8()), told.constData());
  kill(static_cast<pid_t>(process->processId()), SIGTERM);
  QVERIFY(Terminal::end_of(*process).status != 0);
  QVERIFY(!QFile::exists(database));
  QCOMPARE(terminal.run(Terminal::small({"train", "--db", database}, 1)).status, 0);
  const Outcome list = terminal.run({"list", "--db", database, "--json"});
  QVERIFY2(list.out.contains("stopped") && list.out.contains("finished"), qPrintable(list.out));
  const Outcome check = terminal.run({"db", "check", "--db", database});
  QVERIFY2(check.status == 0, qPrintable(check.out));
}

QTEST_GUILESS_MAIN(TestTerminalStalls)
#include "test_terminal_stalls.moc"
