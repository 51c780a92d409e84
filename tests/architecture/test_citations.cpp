// What comments cite is there: every "§N" is a section of docs/learning-rules.md, "§N.M" the M-th entry of
// that section's list; a paper's own section is in that document's table of the texts; every file that is
// named exists.
#include <QDirIterator>
#include <QRegularExpression>
#include <QTest>

#include "tests/architecture/sources.h"

namespace {

struct Comment {
  QString place;   ///< "engine/rules/dfa.h:2"
  QString line;    ///< without the slashes
  QString around;  ///< with the lines before and behind it: sentences wrap
};

QString comment_in(const QString& line) {
  static const QRegularExpression slashes("(?<!:)//[/!]?<?(.*)$");
  return slashes.match(line).captured(1);
}

QList<Comment> comments() {
  QList<Comment> found;
  for (const QString& file : source_files({"*.h", "*.cpp", "*.def"}, {"engine", "ui", "app", "tests"})) {
    const QStringList lines = text_of(file).split('\n');
    for (qsizetype i = 0; i < lines.size(); ++i) {
      const QString line = comment_in(lines[i]);
      if (line.isEmpty()) continue;
      const QString before = i > 0 ? comment_in(lines[i - 1]) : QString(),
                    behind = i + 1 < lines.size() ? comment_in(lines[i + 1]) : QString();
      found.append({QStringLiteral("%1:%2").arg(file).arg(i + 1), line, before + ' ' + line + ' ' + behind});
    }
  }
  return found;
}

/// "3" and "8.3" of the page's numbered sections and the numbered lists in them.
QStringList sections_of(const QString& page) {
  static const QRegularExpression heading("^## (\\d+)\\. "), item("^(\\d+)\\. ");
  QStringList found;
  QString section;
  for (const QString& line : text_of(page).split('\n')) {
    if (line.startsWith("## ")) section = heading.match(line).captured(1);
    if (section.isEmpty()) continue;
    if (line.startsWith("## ")) found << section;
    if (const QString number = item.match(line).captured(1); !number.isEmpty())
      found << section + '.' + number;
  }
  return found;
}

/// All files of the tree that somebody may name.
QStringList tree() {
  const QDir root(QStringLiteral(GRAPEVINE_SOURCE_DIR));
  QStringList found = root.entryList(QDir::Files);
  for (const char* top : {"engine", "ui", "app", "tests", "docs", "resources", "packaging"}) {
    QDirIterator all(root.filePath(top), QDir::Files | QDir::Dirs | QDir::NoDotAndDotDot,
                     QDirIterator::Subdirectories);
    while (all.hasNext()) found << root.relativeFilePath(all.next());
  }
  return found;
}

/// By its whole path, without an ending where the header and the source are meant, or from a folder on.
bool is_there(const QStringList& tree, const QString& named) {
  return std::any_of(tree.begin(), tree.end(), [&](const QString& path) {
    if (path == named || path.endsWith('/' + named)) return true;
    return path.startsWith(named + '.') || path.contains('/' + named + '.');
  });
}

}  // namespace

class TestCitations : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void every_section_exists() {
    const QString page = "docs/learning-rules.md";
    const QStringList sections = sections_of(page);
    QVERIFY(sections.contains("3") && sections.contains("8.3"));
    static const QRegularExpression cited("§(\\d+(?:\\.\\d+)?)"),
        of_a_text("(20\\d\\d) text's §[\\d.]+\\d|§[\\d.]+\\d of the (20\\d\\d) text");
    QStringList missing;
    int count = 0;
    for (const Comment& comment : comments()) {
      const auto text = of_a_text.match(comment.around);
      const QString year = text.captured(1) + text.captured(2);
      for (auto all = cited.globalMatch(comment.line); all.hasNext(); ++count) {
        const auto one = all.next();
        const QString number = one.captured(1);
        const bool of_text = !year.isEmpty() && text.captured(0).contains(one.captured(0));
        const bool found =
            of_text ? text_of(page).contains(QStringLiteral("| §%1 (G%2) |").arg(number, year.right(2)))
                    : sections.contains(number);
        if (!found) missing << comment.place + ": §" + number;
      }
    }
    QVERIFY(count > 50);
    QVERIFY2(missing.isEmpty(), qPrintable(page + " has no such section:\n" + missing.join('\n')));
  }

  void every_file_exists() {
    // From the root on; or two folders and an ending of ours; or a page of the book.
    static const QRegularExpression cited(
        "(?<![\\w/<>.*:-])((?:docs|engine|ui|app|tests|resources|packaging)/[\\w./-]*\\w"
        "|(?:[\\w-]+/)+[\\w-]+\\.(?:h|cpp|def|md)|[\\w-]+\\.md)(?![\\w/<*{-])");
    static const QRegularExpression placeholder("\\b[A-Z]{3,}\\.json$");
    const QStringList there = tree();
    QStringList missing;
    int count = 0;
    for (const Comment& comment : comments())
      for (auto all = cited.globalMatch(comment.line); all.hasNext();) {
        const QString named = all.next().captured(1);
        if (placeholder.match(named).hasMatch()) continue;
        ++count;
        if (!is_there(there, named)) missing << comment.place + ": " + named;
      }
    QVERIFY(count > 40);
    QVERIFY2(missing.isEmpty(), qPrintable("comments name what is not there:\n" + missing.join('\n')));
  }
};

QTEST_GUILESS_MAIN(TestCitations)
#include "test_citations.moc"
