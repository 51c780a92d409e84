// The documents hang together: every link leads to a file, and to a heading where it names one; the book has
// every page of docs/; every lesson that comes along is measured.
#include <QDir>
#include <QRegularExpression>
#include <QTest>

#include "tests/architecture/sources.h"

namespace {

QDir root() {
  return QDir(QStringLiteral(GRAPEVINE_SOURCE_DIR));
}

QStringList pages() {
  QStringList found = root().entryList({"*.md"}, QDir::Files);
  for (const QString& page : QDir(root().filePath("docs")).entryList({"*.md"}, QDir::Files))
    found << "docs/" + page;
  return found;
}

/// Without what is code: brackets mean something else there.
QString prose_of(const QString& page) {
  static const QRegularExpression code("```.*?```|`[^`\\n]*`",
                                       QRegularExpression::DotMatchesEverythingOption);
  return text_of(page).remove(code);
}

/// As web pages and GitHub name it.
QString anchor_of(QString heading) {
  static const QRegularExpression dropped("[^\\w\\- ]", QRegularExpression::UseUnicodePropertiesOption);
  return heading.toLower().remove(dropped).trimmed().replace(' ', '-');
}

QStringList anchors_in(const QString& page) {
  static const QRegularExpression heading("^#+ (.*)$", QRegularExpression::MultilineOption);
  QStringList anchors;
  for (auto all = heading.globalMatch(text_of(page)); all.hasNext();)
    anchors << anchor_of(all.next().captured(1));
  return anchors;
}

}  // namespace

class TestDocuments : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void every_link_leads_somewhere() {
    static const QRegularExpression link("\\]\\(([^)\\s]+)\\)");
    QStringList dead;
    int links = 0;
    for (const QString& page : pages()) {
      const QDir folder = QFileInfo(root().filePath(page)).dir();
      for (auto all = link.globalMatch(prose_of(page)); all.hasNext();) {
        const QString target = all.next().captured(1);
        if (target.contains("://")) continue;
        ++links;
        const QString file = target.section('#', 0, 0), anchor = target.section('#', 1);
        const QString path = file.isEmpty() ? root().filePath(page) : folder.filePath(file);
        if (!QFileInfo::exists(path))
          dead << page + ": " + target;
        else if (!anchor.isEmpty() && !anchors_in(root().relativeFilePath(path)).contains(anchor))
          dead << page + ": " + target + " (no such heading)";
      }
    }
    QVERIFY(links > 20);
    QVERIFY2(dead.isEmpty(), qPrintable(dead.join('\n')));
  }

  void the_book_has_every_page() {
    const QString book = text_of("mkdocs.yml");
    for (const QString& page : QDir(root().filePath("docs")).entryList({"*.md"}, QDir::Files))
      QVERIFY2(book.contains(": " + page + '\n'), qPrintable(page));
  }
};

QTEST_GUILESS_MAIN(TestDocuments)
#include "test_documents.moc"
