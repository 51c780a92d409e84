// One way of writing files, engine/files/careful_file: the old content or the whole new one, never through a
// link to what is not a file. What could write past it is looked for by name, and is where it is said why.
#include <QMap>
#include <QRegularExpression>
#include <QTest>

#include "tests/architecture/sources.h"

class TestFilesAreWrittenCarefully : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void nothing_is_written_past_the_careful_way() {
    // Files that people name are never among these.
    const QMap<QString, QString> allowed = {
        {"engine/files/careful_file.cpp", "the way itself"},
        {"engine/data/fetch.cpp",
         "a download's part, in a folder of its own, which continues where it ended"},
        {"engine/data/download.cpp", "a lock"},
        {"engine/data/unpack.cpp", "an archive, into a folder that is made for it"},
        {"engine/runs/lock_file.cpp", "a lock"},
        {"engine/files/abandoned.cpp", "a lock"},
        {"engine/runs/run_file.cpp", "a folder that nobody else sees"},
        {"app/cli/console.cpp", "the terminal or pipe of a stream, opened again so as not to wait"},
        {"app/cli/worker_pool.cpp", "/dev/null"}};
    const QRegularExpression writing(
        "\\bofstream\\b|\\bfstream [a-z]|\\bf?reopen *\\(|\\bfopen *\\(|\\bcreat "
        "*\\(|\\bmkstemp|O_WRONLY|O_RDWR|"
        "O_CREAT|O_TRUNC|\\bgzopen *\\([^)]*\"[wa]|\\barchive_write_open_filename|\\bcopy_file\\b|"
        "\\bQFile *[a-z(]|\\bQFile::(?:copy|rename|resize)|\\bQSaveFile|\\bQTemporaryFile|"
        "\\bQPdfWriter [a-z]+\\((?!&buffer)|\\bQSvgGenerator|\\bQImageWriter|"
        "\\b(?:image|picture|pixmap)\\.save\\((?!&buffer)");
    QStringList found, used;
    const QStringList files = source_files({"*.h", "*.cpp"});
    QVERIFY(files.size() > 200);
    for (const QString& path : files) {
      const QStringList lines = text_of(path).split('\n');
      for (qsizetype i = 0; i < lines.size(); ++i) {
        if (lines[i].trimmed().startsWith("//") || !writing.match(lines[i]).hasMatch()) continue;
        if (allowed.contains(path))
          used << path;
        else
          found << path + ':' + QString::number(i + 1) + ": " + lines[i].trimmed();
      }
    }
    QVERIFY2(found.isEmpty(), qPrintable("written past engine/files/careful_file:\n" + found.join('\n')));
    for (auto each = allowed.begin(); each != allowed.end(); ++each)
      QVERIFY2(used.contains(each.key()), qPrintable(each.key() + " no longer needs to be allowed"));
  }

  /// Streams that copy into each other take a text that memory cut short for a whole one: whole_file() does
  /// not.
  void files_are_read_whole() {
    QStringList found;
    for (const QString& path : source_files({"*.h", "*.cpp"}))
      if (text_of(path).contains("rdbuf()")) found << path;
    QVERIFY2(found.isEmpty(), qPrintable(found.join('\n')));
  }
};

QTEST_GUILESS_MAIN(TestFilesAreWrittenCarefully)
#include "test_files_are_written_carefully.moc"
