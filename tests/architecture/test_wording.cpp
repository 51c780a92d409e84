// The language of window, terminal, help, documents and comments: phrases that a native reader stumbles over,
// and what is in their place. These greps stay empty.
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
    {"(?<![Tt]here )(?<!that )\\b(?:is|are|was|were|be) no "
     "(?!longer|more\\b|less\\b|such|fewer|better|faster|worse|later|earlier|larger|smaller|wider|slower|"
     "further|different|other)\\w",
     "is not a …"},
    {"\\b[Gg]o(?:es|ing|ne)? on\\b|\\bwent on\\b", "continue, be in progress"},
    {"\\b[Oo]ptimis(?:e|er|ers|ed|ing|ation)\\b(?!\\.lr)", "optimizer, optimize"},
    {"\\bkin\\b", "similar"},
    {"\\b(?:for|to) who\\b|\\bwhose it is\\b|\\b[Ww]hoever\\b", "for those who, which … it belongs to"},
    {"\\b(?:[Aa]|[Oo]ne) (?:column|row|line|dial|value|folder|path|entry|sweep|batch|cell|tensor|curve) an? "
     "(?!list\\b)\\w+",
     "one column per rule"},
    {"\\bms a \\w+|\\b(?:samples|steps|rates|pixels) an? "
     "(?:step|second|layer|class|segment|batch|rule|run|inch|side)\\b(?!')",
     "steps per second"},
    {"\\bstands? (?:upright|in quotes|(?:there )?twice)\\b", "is upright, goes in quotes, appears twice"},
};

QStringList documents() {
  const QDir root(QStringLiteral(GRAPEVINE_SOURCE_DIR));
  QStringList found{"README.md",    "CONTRIBUTING.md", "ARCHITECTURE.md",
                    "CHANGELOG.md", "Makefile",        "mkdocs.yml"};
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
    QStringList files = source_files({"*.h", "*.cpp"}, {"engine", "ui", "app", "tests"}) + documents();
    QVERIFY(files.size() > 1000);
    // These phrases themselves, and comments that are a part of every database.
    for (const char* left_out : {"tests/architecture/test_wording.cpp", "engine/runs/schema.cpp"})
      QVERIFY(files.removeOne(QString::fromUtf8(left_out)));
    QStringList found;
    for (const QString& path : files) {
      const QString text = text_of(path);
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
