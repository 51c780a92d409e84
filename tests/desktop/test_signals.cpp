// Signals and the end of the desktop session: the window stops and stores as its Stop button does. The real
// program, under a display.
#include <signal.h>

#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include "tests/support/database_answer.h"

class TestSignals : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void a_signal_stops_and_stores_data();
  void a_signal_stops_and_stores();
  void without_a_run_it_just_ends();
  void a_display_that_breaks_stops_and_stores();

 private:
  std::unique_ptr<QProcess> start(const QStringList& arguments, const QString& display = {});
  static QStringList training(const QString& database);
  QTemporaryDir folder_;
};

std::unique_ptr<QProcess> TestSignals::start(const QStringList& arguments, const QString& display) {
  auto program = std::make_unique<QProcess>();
  QProcessEnvironment all = QProcessEnvironment::systemEnvironment();
  all.insert(QStringLiteral("HOME"), folder_.path());
  for (const char* name : {"XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"})
    all.insert(QString::fromLatin1(name), folder_.filePath(QString::fromLatin1(name)));
  if (!display.isEmpty()) {
    all.insert(QStringLiteral("DISPLAY"), display);
    all.insert(QStringLiteral("QT_QPA_PLATFORM"), QStringLiteral("xcb"));
    all.remove(QStringLiteral("XAUTHORITY"));
  }
  program->setProcessEnvironment(all);
  program->setProcessChannelMode(QProcess::ForwardedErrorChannel);
  program->start(QStringLiteral(GRAPEVINE_BIN_DIR "/grapevine"), arguments);
  return program;
}

QStringList TestSignals::training(const QString& database) {
  QStringList arguments{"--play", "--db", database};
  for (const char* setting : {"threads=1", "data.name=shapes", "data.train_limit=640", "data.test_limit=100",
                              "model.hidden=16,16", "train.batch=64", "train.epochs=10000", "probe.every=0"})
    arguments += {QStringLiteral("--set"), QString::fromLatin1(setting)};
  return arguments;
}

void TestSignals::a_signal_stops_and_stores_data() {
  QTest::addColumn<int>("signal");
  QTest::newRow("SIGTERM") << SIGTERM;
  QTest::newRow("SIGHUP") << SIGHUP;
  QTest::newRow("SIGINT") << SIGINT;
}

void TestSignals::a_signal_stops_and_stores() {
  QFETCH(int, signal);
  const QString database = folder_.filePath(QStringLiteral("%1.db").arg(signal));
  const auto program = start(training(database));
  QTRY_VERIFY_WITH_TIMEOUT(ask(database, "SELECT coalesce(max(steps), 0) FROM runs").toInt() > 0, 60000);
  ::kill(static_cast<pid_t>(program->processId()), signal);
  QVERIFY(program->waitForFinished(60000));
  QCOMPARE(program->exitStatus(), QProcess::NormalExit);
  QCOMPARE(program->exitCode(), 0);
  QCOMPARE(ask(database, "SELECT DISTINCT status FROM runs"), QString("stopped"));
  // Weights of the very step at which it stopped: nothing is to be computed again.
  QCOMPARE(ask(database, "SELECT max(checkpoints.step) = max(steps) FROM checkpoints, runs"), QString("1"));
}

void TestSignals::without_a_run_it_just_ends() {
  const auto program = start({"--db", folder_.filePath(QStringLiteral("none.db"))});
  QVERIFY(program->waitForStarted());
  QTest::qWait(3000);  // the window is there, or is being made: either way nothing can be lost
  ::kill(static_cast<pid_t>(program->processId()), SIGTERM);
  QVERIFY(program->waitForFinished(60000));
}

// Qt ends the program then; the libraries' clean-ups must not come under the threads that train and store.
void TestSignals::a_display_that_breaks_stops_and_stores() {
  QProcess server;
  server.start(QStringLiteral("Xvfb"),
               {"-displayfd", "1", "-screen", "0", "1600x1000x24", "-nolisten", "tcp"});
  if (!server.waitForStarted()) QSKIP("Xvfb is not installed (Debian: xvfb)");
  QVERIFY(server.waitForReadyRead(30000));
  const QString display = QStringLiteral(":") + QString::fromLatin1(server.readLine()).trimmed();
  const QString database = folder_.filePath(QStringLiteral("display.db"));
  const auto program = start(training(database), display);
  QTRY_VERIFY_WITH_TIMEOUT(ask(database, "SELECT coalesce(max(steps), 0) FROM runs").toInt() > 0, 60000);
  server.kill();
  QVERIFY(server.waitForFinished());
  QVERIFY(program->waitForFinished(60000));
  QCOMPARE(program->exitStatus(), QProcess::NormalExit);
  QCOMPARE(program->exitCode(), 1);
  QCOMPARE(ask(database, "SELECT DISTINCT status || failure FROM runs"), QString("stopped"));
  QCOMPARE(ask(database, "SELECT max(checkpoints.step) = max(steps) FROM checkpoints, runs"), QString("1"));
}

QTEST_GUILESS_MAIN(TestSignals)
#include "test_signals.moc"
