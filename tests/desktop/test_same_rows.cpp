// The same experiment started from the window's program and from the terminal's leaves the same rows, and
// wrong input leaves none.
#include <SQLiteCpp/SQLiteCpp.h>

#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <filesystem>
#include <nlohmann/json.hpp>

namespace {

const QStringList settings{
    "threads=1",          "data.name=shapes",       "data.train_limit=640", "data.test_limit=100",
    "model.hidden=16,16", "train.batch=64",         "probe.every=5",        "probe.batch=32",
    "train.max_steps=20", "calibration.when=steps", "calibration.every=7"};

QStringList sets(const QStringList& all) {
  QStringList arguments;
  for (const QString& one : all) arguments << QStringLiteral("--set") << one;
  return arguments;
}

/// What the clock says, wherever it stands in an event.
void forget_times(nlohmann::json& json) {
  if (!json.is_structured()) return;
  if (json.is_object()) {
    for (const char* key : {"seconds", "probe_seconds"}) json.erase(key);
    for (auto& [key, value] : json.items()) forget_times(value);
  }
}

/// Every row of a table as text, without the columns that name the row, the machine or the time.
QStringList rows(SQLite::Database& database, const char* query) {
  QStringList all;
  SQLite::Statement statement(database, query);
  const QSet<QString> left_out{"id",  "uuid", "group_uuid", "started", "ended",     "heartbeat",
                               "pid", "host", "seconds",    "run",     "series_id", "time"};
  while (statement.executeStep()) {
    QString line;
    for (int i = 0; i < statement.getColumnCount(); ++i) {
      const QString name = statement.getColumnName(i);
      if (left_out.contains(name)) continue;
      QString value = QString::fromStdString(statement.getColumn(i).getString());
      if (name == "data" && value.startsWith(QLatin1Char('{'))) {
        nlohmann::json json = nlohmann::json::parse(value.toStdString());
        forget_times(json);
        value = QString::fromStdString(json.dump());
      }
      line += name + "=" + value + " ";
    }
    all << line;
  }
  return all;
}

QStringList everything(const QString& file) {
  SQLite::Database database(file.toStdString());
  QStringList all;
  all += rows(database, "SELECT * FROM runs ORDER BY id");
  all += rows(
      database,
      "SELECT s.run - (SELECT min(id) FROM runs) AS racer, s.measure, s.point, x.step, x.epoch, x.value "
      "FROM samples x JOIN series s ON s.id = x.series WHERE s.measure NOT LIKE '%\\_seconds' ESCAPE '\\' "
      "ORDER BY racer, s.measure, s.point, x.step");
  all += rows(database, "SELECT * FROM events ORDER BY run, step, kind");
  all += rows(database, "SELECT * FROM commands ORDER BY run, step, id");
  all += rows(database, "SELECT run, step FROM checkpoints ORDER BY run, step");
  return all;
}

}  // namespace

class TestSameRows : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void both_programs_leave_the_same_rows_data();
  void both_programs_leave_the_same_rows();
  void neither_leaves_rows_of_wrong_input();

 private:
  int run(const QString& program, const QStringList& arguments) {
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert("HOME", folder_.path());
    for (const char* name : {"XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"})
      environment.insert(name, folder_.filePath(name));
    if (program == "grapevine")
      environment.insert("LC_ALL", "de_DE.UTF-8");  // a decimal comma where people read
    process.setProcessEnvironment(environment);
    process.setWorkingDirectory(folder_.path());
    process.start(QStringLiteral(GRAPEVINE_BIN_DIR "/") + program, arguments);
    if (!process.waitForFinished(120000) || process.exitStatus() != QProcess::NormalExit) return -1;
    said_ = QString::fromUtf8(process.readAllStandardError());
    return process.exitCode();
  }
  QString write(const char* name, const QByteArray& text) {
    QFile file(folder_.filePath(name));
    if (!file.open(QIODevice::WriteOnly)) return {};
    file.write(text);
    return file.fileName();
  }

  QTemporaryDir folder_;
  QString said_;
};

void TestSameRows::both_programs_leave_the_same_rows_data() {
  QTest::addColumn<QString>("race");
  QTest::addColumn<QStringList>("more");
  QTest::newRow("a race") << R"({"race": [{"rule": {"name": "bp"}}, {"rule": {"name": "grape"}}]})"
                          << QStringList{};
  QTest::newRow("a single run") << R"({"rule": {"name": "dfa"}})" << QStringList{};
  QTest::newRow("a relative folder") << R"({"rule": {"name": "dfa"}})" << QStringList{"data.dir=."};
}

void TestSameRows::both_programs_leave_the_same_rows() {
  QFETCH(QString, race);
  QFETCH(QStringList, more);
  const QString file = write("experiment.json", race.toUtf8());
  const QString ours = folder_.filePath("terminal.db"), theirs = folder_.filePath("window.db");
  QFile::remove(ours);
  QFile::remove(theirs);
  const QStringList common = QStringList{file} + sets(settings + more);
  const QString command = race.contains("race") ? "race" : "train";
  QVERIFY2(run("grapevine-cli", QStringList{command} + common + QStringList{"--db", ours}) == 0,
           qPrintable(said_));
  QVERIFY2(run("grapevine", common + QStringList{"--db", theirs, "--screenshot", folder_.filePath("x.png"),
                                                 "--steps", "1000", "--size", "1000x700"}) == 0,
           qPrintable(said_));
  const QStringList one = everything(ours), other = everything(theirs);
  QVERIFY(one.size() > 50);
  for (qsizetype i = 0; i < qMin(one.size(), other.size()); ++i) QCOMPARE(other[i], one[i]);
  QCOMPARE(other.size(), one.size());
}

void TestSameRows::neither_leaves_rows_of_wrong_input() {
  const QStringList wrong = sets(settings + QStringList{"data.name=cifar10", "data.dir=/nowhere"});
  const QString ours = folder_.filePath("wrong-1.db"), theirs = folder_.filePath("wrong-2.db");
  QCOMPARE(run("grapevine-cli", QStringList{"train"} + wrong + QStringList{"--db", ours}), 2);
  const QString sentence = said_.trimmed().section(": ", 1);
  QCOMPARE(run("grapevine", wrong + QStringList{"--db", theirs, "--screenshot", folder_.filePath("x.png"),
                                                "--steps", "5"}),
           2);
  QVERIFY2(said_.contains(sentence), qPrintable(said_ + " / " + sentence));
  QVERIFY(!std::filesystem::exists(ours.toStdString()));
  QVERIFY(!std::filesystem::exists(theirs.toStdString()));
}

QTEST_GUILESS_MAIN(TestSameRows)
#include "test_same_rows.moc"
