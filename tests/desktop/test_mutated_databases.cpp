// Databases as a stranger or a broken disk leaves them, opened by the window: it comes up, or says in one
// sentence why not, and nothing round the database is touched.
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include "tests/app/mutations.h"

class TestMutatedDatabases : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void they_are_survived();
};

namespace {

int run(const QString& program, const QStringList& arguments, const QString& folder, QByteArray& complaint) {
  QProcess process;
  QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
  environment.insert("QT_QPA_PLATFORM", "offscreen");
  environment.insert("GRAPEVINE_OPENGL", "0");
  for (const char* place : {"HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"})
    environment.insert(place, folder + "/home");
  process.setProcessEnvironment(environment);
  process.setWorkingDirectory(folder);
  process.start(QStringLiteral(GRAPEVINE_BIN_DIR "/") + program, arguments);
  if (!process.waitForFinished(20000)) {
    process.kill();
    process.waitForFinished();
    return -1;
  }
  complaint = process.readAllStandardError();
  return process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -2;
}

}  // namespace

// `make soak` tries more: one in ten of GRAPEVINE_MUTATIONS, each being a start of the window.
void TestMutatedDatabases::they_are_survived() {
  const QTemporaryDir folder;
  QVERIFY(QDir(folder.path()).mkpath("home") && QDir(folder.path()).mkpath("lab"));
  const QString whole = folder.filePath("lab/whole.db"), path = folder.filePath("lab/a.db");
  QByteArray complaint;
  for (const char* rule : {"bp", "grape"})
    QCOMPARE(run("grapevine-cli",
                 {"train", "--quiet", "--db", whole, "--set", "data.name=shapes", "--set",
                  "data.train_limit=64", "--set", "data.test_limit=32", "--set", "model.hidden=8", "--set",
                  "train.epochs=1", "--set", "threads=1", "--set", QString("rule.name=") + rule},
                 folder.path(), complaint),
             0);
  QFile victim(folder.filePath("victim"));
  QVERIFY(victim.open(QIODevice::WriteOnly) && victim.write("precious") == 8);
  victim.close();
  bool given = false;
  const int asked = qEnvironmentVariableIntValue("GRAPEVINE_MUTATIONS", &given) / 10;
  Mutations mutations;
  QMap<QString, QByteArray> before;
  const QString picture = folder.filePath("home/picture.png");
  for (int mutation = 0; mutation < (given ? asked : 3); ++mutation) {
    for (const char* rest : {"-wal", "-shm", ""}) QFile::remove(path + rest);
    QVERIFY(QFile::copy(whole, path));
    mutations.change(path);
    const int status =
        run("grapevine", {"--db", path, "--view", "start", "--steps", "0", "--screenshot", picture},
            folder.path(), complaint);
    const QString call = QString("mutation %1, status %2: ").arg(mutation).arg(status) + complaint;
    QVERIFY2(status >= 0 && status <= 2, qPrintable(call));
    QVERIFY2(!complaint.contains("unexpected"), qPrintable(call));
    auto after = surroundings(folder.path(), path);
    for (auto file = after.begin(); file != after.end();)
      file = file.key().contains("/home/") ? after.erase(file) : std::next(file);
    if (mutation == 0) before = after;
    QVERIFY2(after == before && after.value(victim.fileName()) == "precious", qPrintable(call));
  }
}

QTEST_GUILESS_MAIN(TestMutatedDatabases)
#include "test_mutated_databases.moc"
