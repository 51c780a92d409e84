// The habits of build and test: CMake's lists are folders, never single files; what takes minutes is left out
// wherever tests are run every day; lines are as long as editors are told.
#include <QDirIterator>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QTest>
#include <vector>

#include "tests/architecture/sources.h"

namespace {

/// A section of .editorconfig that says how long lines may be.
struct LineLimit {
  QRegularExpression name;  ///< of the file, without its folder
  int most = 0;             ///< 0 = any length
};

std::vector<LineLimit> line_limits() {
  std::vector<LineLimit> limits;
  QString pattern;
  for (const QString& line : text_of(".editorconfig").split('\n')) {
    if (line.startsWith('[')) {
      pattern = line.mid(1, line.size() - 2).replace('.', "\\.").replace('*', ".*");
      pattern.replace('{', '(').replace('}', ')').replace(',', '|');
    } else if (line.startsWith("max_line_length = ")) {
      const QString most = line.section(" = ", 1);
      limits.push_back({QRegularExpression('^' + pattern + '$'), most == "off" ? 0 : most.toInt()});
    }
  }
  return limits;
}

}  // namespace

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

  // C++ is clang-format's, which leaves long strings as they are.
  void lines_are_as_long_as_editors_are_told() {
    const std::vector<LineLimit> limits = line_limits();
    QVERIFY(limits.size() >= 4);
    QStringList long_ones;
    const QStringList kinds = {"CMakeLists.txt", "*.sh", "*.py", "*.def", "*.xml", "*.supp"};
    for (const QString& file :
         QStringList{"CMakeLists.txt", "Makefile", "mkdocs.yml", ".ci/run"} +
             source_files(kinds, {"engine", "ui", "app", "tests", "packaging", "docs"})) {
      int most = 0;
      for (const LineLimit& limit : limits)
        if (limit.name.match(QFileInfo(file).fileName()).hasMatch()) most = limit.most;
      for (const QString& line : text_of(file).split('\n'))
        if (most > 0 && line.size() > most) long_ones << file + ": " + line.left(60);
    }
    QVERIFY2(long_ones.isEmpty(), qPrintable(long_ones.join('\n')));
  }
};

QTEST_GUILESS_MAIN(TestHabits)
#include "test_habits.moc"
