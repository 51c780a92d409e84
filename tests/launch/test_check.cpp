// What is looked at before a run: a place for its database.
#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "engine/error.h"
#include "engine/launch/check.h"

using namespace grapevine;

class TestCheck : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  // Two programs may begin at once in a folder that is not there yet: neither may take it away from the
  // other.
  void looking_leaves_nothing() {
    QTemporaryDir folder;
    check_database((folder.path() + "/one/two/runs.db").toStdString());
    QVERIFY(QDir(folder.path()).isEmpty());
  }
  void what_can_not_be_a_folder_is_refused_data() {
    QTest::addColumn<QString>("below");
    QTest::addColumn<QString>("why");
    QTest::newRow("a file") << "/file/runs.db"
                            << "Not a directory";
    QTest::newRow("below a file") << "/file/one/runs.db"
                                  << "Not a directory";
    QTest::newRow("too long") << "/" + QString(300, 'x') + "/runs.db"
                              << "File name too long";
  }
  void what_can_not_be_a_folder_is_refused() {
    QFETCH(QString, below);
    QFETCH(QString, why);
    QTemporaryDir folder;
    QFile file(folder.path() + "/file");
    QVERIFY(file.open(QIODevice::WriteOnly));
    try {
      check_database((folder.path() + below).toStdString());
      QFAIL("accepted");
    } catch (const InputError& error) {
      const QString words = error.what();
      QVERIFY2(words.contains("can't make the folder " + folder.path()) && words.contains(why), error.what());
      QVERIFY2(words.contains("--db"), error.what());
    }
  }
};

QTEST_GUILESS_MAIN(TestCheck)
#include "test_check.moc"
