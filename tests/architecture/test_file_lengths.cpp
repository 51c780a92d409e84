// A file has one subject, says so in its first line, and can be read in one go: 19 of 20 have at most 300
// lines, none more than 500.
#include <QTest>
#include <algorithm>
#include <utility>
#include <vector>

#include "tests/architecture/sources.h"

class TestFileLengths : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void files_have_one_subject() {
    constexpr qsizetype usual = 300, most = 500;
    std::vector<std::pair<qsizetype, QString>> lengths;
    for (const QString& file : source_files({"*.h", "*.cpp"}, {"engine", "ui", "app", "tests"}))
      lengths.emplace_back(text_of(file).count(QLatin1Char('\n')), file);
    QVERIFY(lengths.size() > 1000);
    std::sort(lengths.begin(), lengths.end());
    const auto& longest = lengths.back();
    QVERIFY2(longest.first <= most, qPrintable(longest.second + QStringLiteral(" has %1 lines: split it by "
                                                                               "subject")
                                                                    .arg(longest.first)));
    const auto& at_95_percent = lengths[(lengths.size() * 95 + 99) / 100 - 1];
    QStringList long_ones;
    for (const auto& [lines, file] : lengths)
      if (lines > usual) long_ones << QStringLiteral("%1 %2").arg(lines).arg(file);
    QVERIFY2(at_95_percent.first <= usual,
             qPrintable(QStringLiteral("more than a twentieth of %1 files have over %2 lines:\n%3")
                            .arg(lengths.size())
                            .arg(usual)
                            .arg(long_ones.join(QLatin1Char('\n')))));
  }

  // By a comment, or by the header of its own name, which has one.
  void files_begin_with_their_subject() {
    QStringList silent;
    for (const QString& file : source_files({"*.h", "*.cpp"}, {"engine", "ui", "app", "tests"})) {
      const QString header = QString(file).remove("tests/recipes/samples/").replace(".cpp", ".h");
      const QString text = text_of(file);
      if (!text.startsWith("//") && !text.startsWith("#include \"" + header + '"')) silent << file;
    }
    QVERIFY2(silent.isEmpty(), qPrintable(silent.join('\n')));
  }
};

QTEST_GUILESS_MAIN(TestFileLengths)
#include "test_file_lengths.moc"
