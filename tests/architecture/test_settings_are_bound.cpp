// A setting's key stands where it is bound to a struct's member, and nowhere else: who asks an experiment for
// it by its key would continue with the old one when it is renamed.
#include <QRegularExpression>
#include <QTest>

#include "tests/architecture/sources.h"

class TestSettingsAreBound : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void nobody_reads_a_setting_by_its_key() {
    // experiment.text("rule.norm"), and keys that are put together: experiment.text(std::string("rule.") +
    // …).
    const QRegularExpression reading(QStringLiteral(
        R"rx((?:\.|->)(?:text|number|integer|boolean|integers|texts|is_auto|has|value)\(\s*)rx"
        R"rx((?:std::string\(\s*)?"([a-z0-9_]+\.[a-z0-9_.]*|seed|name|device|threads)"\s*\))rx"));
    QStringList found;
    const QStringList files = source_files({"*.h", "*.cpp"});
    QVERIFY(files.size() > 200);
    for (const QString& path : files) {
      const QString text = text_of(path);
      for (auto hits = reading.globalMatch(text); hits.hasNext();)
        found << path + ": " + hits.next().captured(1);
    }
    QVERIFY2(found.isEmpty(), qPrintable(QStringLiteral("settings read by their keys, not from a struct:\n") +
                                         found.join('\n')));
  }
};

QTEST_GUILESS_MAIN(TestSettingsAreBound)
#include "test_settings_are_bound.moc"
