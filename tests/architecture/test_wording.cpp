// The language of window, terminal, help and documents: phrases that a native reader stumbles over, and what
// stands in their place. These greps stay empty. Headers' comments are not looked at, their strings are.
#include <QDirIterator>
#include <QRegularExpression>
#include <QTest>

#include "tests/architecture/sources.h"

namespace {

struct Phrase {
  const char* now;
  const char* better;
};

constexpr Phrase phrases[] = {
    {"\\b[Gg]o(?:es|ing)? on (?:where|with)\\b", "continue where, continue with"},
    {"\\b[Ww]hile (?:a|the|its) run (?:goes|went) on\\b", "while a run is in progress"},
    {"\\banew\\b", "again"},
    {"\\bwon't do\\b", "is not valid: enter …"},
    {"\\bthere are csv\\b", "supported formats: csv"},
    {"\\bMost steps\\b|\\bTokens a text\\b", "Maximum steps, Context length"},
    {"\\b[Tt]he usual ones\\b|\\bChoose by itself\\b|\\b[Uu]sual places\\b",
     "Default set, Automatic, default locations"},
    {"\\bNo run fits\\b|\\bhas these words\\b|\\bA run deleted\\b",
     "No runs match, No matching settings, Run deleted"},
    {"\\b[Ll]ay over the figures\\b|\\bout of the race\\b|\\bby dashes too\\b",
     "Overlay in figures, Remove racer, Also use dash patterns"},
    {"\\b(?:was|were|been|or) cut off\\b", "interrupted"},
    {"\\bwhat it learns by\\b", "including optimizer state"},
    {"\\brightly\\b", "correctly"},
    {"\\bformat 1 cannot give\\b|\\bwhich the network has not\\b",
     "cannot specify, which the network does not have"},
    {"\\b[Oo]wn network\\b", "custom network"},
    {"\\ba trace a layer\\b|\\bsteps a second\\b", "one trace per layer, steps per second"},
    {"\\b(?:leaves|left|leave) the numbers\\b", "is not finite"},
    {"\\bfor_the_living\\b|\\bJourney\\b|Bell\\.ring", "for_each_active, TerminalRun"},
    {"\\bwhat is no (?:number|text|link|image|database|job|answer|JSON)\\b", "what is not a …"},
    {"(?<![Tt]here )\\b(?:is|are|was) no (?:JSON|number|size|whole number|valid|link|PNG|JPEG)\\b",
     "is not valid JSON, is not a valid size"},
};

/// What stands in quotes, line by line.
QString strings_of(const QString& text) {
  static const QRegularExpression quoted(QStringLiteral("\"(?:[^\"\\\\\\n]|\\\\.)*\""));
  QString strings;
  for (auto all = quoted.globalMatch(text); all.hasNext();) strings += all.next().captured(0) + '\n';
  return strings;
}

QStringList documents() {
  const QDir root(QStringLiteral(GRAPEVINE_SOURCE_DIR));
  QStringList found{"README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "CHANGELOG.md"};
  for (const char* folder : {"docs", "resources", "packaging"}) {
    QDirIterator all(root.filePath(QLatin1String(folder)), {"*.md", "*.json", "*.xml", "*.desktop", "*.in"},
                     QDir::Files, QDirIterator::Subdirectories);
    while (all.hasNext()) found << root.relativeFilePath(all.next());
  }
  return found;
}

}  // namespace

class TestWording : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void nobody_stumbles() {
    const QStringList files = source_files({"*.h", "*.cpp"}) + documents();
    QVERIFY(files.size() > 400);
    QStringList found;
    for (const QString& path : files) {
      QString text = text_of(path);
      if (path.endsWith(".h")) text = strings_of(text);
      for (const Phrase& phrase : phrases) {
        const QRegularExpression now(QString::fromUtf8(phrase.now));
        for (auto hits = now.globalMatch(text); hits.hasNext();)
          found << path + ": \"" + hits.next().captured(0) + "\": better " + QString::fromUtf8(phrase.better);
      }
    }
    QVERIFY2(found.isEmpty(), qPrintable(found.join('\n')));
  }
};

QTEST_GUILESS_MAIN(TestWording)
#include "test_wording.moc"
