// Kinds of events, statuses of runs and types of layers are enumerators below the borders: what decides by
// comparing with a word goes wrong in silence when the word is another one.
#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>
#include <QTest>

class TestWordsAreEnums : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void nothing_is_decided_by_a_word() {
    const QString root = QStringLiteral(GRAPEVINE_SOURCE_DIR);
    QStringList words = words_of("engine/session/event_kind.h") + words_of("engine/runs/run_status.h");
    QFile layers(root + "/engine/nn/layers/layers.def");
    QVERIFY(layers.open(QIODevice::ReadOnly));
    const QString listed = QString::fromUtf8(layers.readAll());
    const QRegularExpression layer(QStringLiteral("^GRAPEVINE_LAYER\\((\\w+)\\)"),
                                   QRegularExpression::MultilineOption);
    for (auto all = layer.globalMatch(listed); all.hasNext();) words << all.next().captured(1);
    QVERIFY(words.size() > 35);
    // event.kind == "failed", status != "running", "linear" == layer.type
    const QString word = "\"(?:" + words.join('|') + ")\"";
    const QString what =
        "\\b(?:kind|status|type|state|before|ended_as|kind_|status_)\\b(?:\\[[^\\]]*\\]|\\(\\w*\\))?";
    const QRegularExpression decision("(?:" + what + "\\s*[!=]=\\s*" + word + ")|(?:" + word +
                                      "\\s*[!=]=\\s*[\\w.>-]*" + what + ")");
    QStringList found;
    int files = 0;
    for (const char* top : {"engine", "ui", "app"}) {
      QDirIterator all(root + QLatin1Char('/') + QLatin1String(top), {"*.h", "*.cpp"}, QDir::Files,
                       QDirIterator::Subdirectories);
      while (all.hasNext()) {
        const QString path = QDir(root).relativeFilePath(all.next());
        QFile file(root + QLatin1Char('/') + path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        ++files;
        const QString text = QString::fromUtf8(file.readAll());
        for (auto hits = decision.globalMatch(text); hits.hasNext();)
          found << path + ": " + hits.next().captured(0);
      }
    }
    QVERIFY(files > 200);
    QVERIFY2(found.isEmpty(), qPrintable("decided by a word, not by an enumerator:\n" + found.join('\n')));
  }

 private:
  /// What stands in quotes in a vocabulary().
  QStringList words_of(const char* path) const {
    QFile file(QStringLiteral(GRAPEVINE_SOURCE_DIR) + QLatin1Char('/') + QLatin1String(path));
    if (!file.open(QIODevice::ReadOnly)) return {};
    const QString text = QString::fromUtf8(file.readAll());
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
