// A setting's key stands where it is bound to a struct's member, and nowhere else: who asks an experiment for
// it by its key would go on with the old one when it is renamed.
#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>
#include <QTest>

class TestSettingsAreBound : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void nobody_reads_a_setting_by_its_key() {
    const QString root = QStringLiteral(GRAPEVINE_SOURCE_DIR);
    // experiment.text("rule.norm"), and keys that are put together: experiment.text(std::string("rule.") +
    // …).
    const QRegularExpression reading(QStringLiteral(
        R"rx((?:\.|->)(?:text|number|integer|boolean|integers|texts|is_auto|has|value)\(\s*)rx"
        R"rx((?:std::string\(\s*)?"([a-z0-9_]+\.[a-z0-9_.]*|seed|name|device|threads)"\s*\))rx"));
    QStringList found;
    int files = 0;
    for (const char* top : {"engine", "ui", "app"}) {
      QDirIterator all(root + QLatin1Char('/') + QLatin1String(top), {"*.h", "*.cpp"}, QDir::Files,
                       QDirIterator::Subdirectories);
      while (all.hasNext()) {
        const QString path = QDir(root).relativeFilePath(all.next());
        // They are what the keys are made of: combinations that can't work, grids, presets.
        if (path.startsWith("engine/experiment/") || path.startsWith("engine/plans/")) continue;
        QFile file(root + QLatin1Char('/') + path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        ++files;
        const QString text = QString::fromUtf8(file.readAll());
        for (auto hits = reading.globalMatch(text); hits.hasNext();)
          found << path + ": " + hits.next().captured(1);
      }
    }
    QVERIFY(files > 200);
    QVERIFY2(found.isEmpty(), qPrintable(QStringLiteral("settings read by their keys, not from a struct:\n") +
                                         found.join('\n')));
  }
};

QTEST_GUILESS_MAIN(TestSettingsAreBound)
#include "test_settings_are_bound.moc"
