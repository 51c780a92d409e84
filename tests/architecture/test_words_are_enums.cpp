// Kinds of events, statuses of runs and types of layers are enumerators below the borders: what decides by
// comparing with a word goes wrong in silence when the word is another one.
#include <QRegularExpression>
#include <QTest>

#include "tests/architecture/sources.h"

class TestWordsAreEnums : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void nothing_is_decided_by_a_word() {
    QStringList words = words_of("engine/session/event_kind.h") + words_of("engine/runs/run_status.h");
    const QString listed = text_of("engine/nn/layers/layers.def");
    const QRegularExpression layer(QStringLiteral("^GRAPEVINE_LAYER\\((\\w+)\\)"),
                                   QRegularExpression::MultilineOption);
    for (auto all = layer.globalMatch(listed); all.hasNext();) words << all.next().captured(1);
    QVERIFY(words.size() > 35);
    // event.kind == "failed", status != "running", "linear" == layer.type
    const QString word = "\"(?:" + words.join('|') + ")\"";
    const QString what =
        "\\b(?:kind|status|type|before|ended_as|kind_|status_)\\b(?:\\[[^\\]]*\\]|\\(\\w*\\))?";
    const QRegularExpression decision("(?:" + what + "\\s*[!=]=\\s*" + word + ")|(?:" + word +
                                      "\\s*[!=]=\\s*[\\w.>-]*" + what + ")");
    QStringList found;
    const QStringList files = source_files({"*.h", "*.cpp"});
    QVERIFY(files.size() > 200);
    for (const QString& path : files) {
      const QString text = text_of(path);
      for (auto hits = decision.globalMatch(text); hits.hasNext();)
        found << path + ": " + hits.next().captured(0);
    }
    QVERIFY2(found.isEmpty(), qPrintable("decided by a word, not by an enumerator:\n" + found.join('\n')));
  }

 private:
  /// What is in quotes in a vocabulary().
  QStringList words_of(const char* path) const {
    const QString text = text_of(QLatin1String(path));
    const qsizetype from = text.indexOf(QLatin1String("words[] = {"));
    const QString list = text.mid(from, text.indexOf(QLatin1Char('}'), from) - from);
    QStringList words;
    const QRegularExpression word(QStringLiteral("\"(\\w+)\""));
    for (auto all = word.globalMatch(list); all.hasNext();) words << all.next().captured(1);
    return words;
  }
};

QTEST_GUILESS_MAIN(TestWordsAreEnums)
#include "test_words_are_enums.moc"
