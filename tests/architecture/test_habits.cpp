// The habits of build and test: CMake's lists are folders, never single files, and what takes minutes is left
// out wherever tests are run every day.
#include <QDirIterator>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QTest>

#include "tests/architecture/sources.h"

class TestHabits : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void cmake_lists_folders() {
    const QStringList lists =
        QStringList("CMakeLists.txt") + source_files({"CMakeLists.txt"}, {"engine", "ui", "app", "tests"});
    QVERIFY(lists.size() >= 6);
    static const QRegularExpression comment("#.*$"), file("[\\w/-]+\\.(?:cpp|png)\\b");
    QStringList named;
    for (const QString& list : lists)
      for (QString line : text_of(list).split('\n')) {
        const auto found = file.match(line.remove(comment));
        if (found.hasMatch()) named << list + ": " + found.captured(0);
      }
    QVERIFY2(named.isEmpty(), qPrintable(named.join('\n')));
  }

  void presets_leave_slow_tests_out() {
    const QJsonObject presets = QJsonDocument::fromJson(text_of("CMakePresets.json").toUtf8()).object();
    const auto excluded = [](const QJsonObject& preset) {
      return preset["filter"].toObject()["exclude"].toObject()["label"].toString();
    };
    QStringList careful;
    for (const QJsonValue& value : presets["testPresets"].toArray()) {
      const QJsonObject preset = value.toObject();
      const QString name = preset["name"].toString();
      QVERIFY2(excluded(preset) == "slow" || careful.contains(preset["inherits"].toString()),
               qPrintable(name));
      careful << name;
    }
    QVERIFY(careful.contains("headless"));
  }
};

QTEST_GUILESS_MAIN(TestHabits)
#include "test_habits.moc"
