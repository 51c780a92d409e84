// A setting's key stands where it is bound to a struct's member, and nowhere else: who asks an experiment, or
// the JSON stored of one, for it by its key would continue with the old one when it is renamed. Who handles
// settings as such has keys from key_of(&RunSettings::seed), who reads stored ones from StoredSettings.
#include <QRegularExpression>
#include <QTest>

#include "tests/architecture/sources.h"

namespace {

/// Without comments; literals that the layout broke in two are one.
QString code_of(const QString& path) {
  static const QRegularExpression comment(QStringLiteral("//[^\n]*"));
  static const QRegularExpression seam(QStringLiteral(R"rx("\s*\n\s*")rx"));
  return text_of(path).remove(comment).remove(seam);
}

/// "optimizer|train|…": what stands before the dot.
QString groups() {
  QStringList found{QStringLiteral("rule")};
  static const QRegularExpression declared(QStringLiteral(R"rx(const char\* group = "([a-z_]+)\.")rx"));
  for (const QString& path : source_files({"*.h"}, {"engine/experiment/groups"}))
    for (auto hits = declared.globalMatch(text_of(path)); hits.hasNext();) found << hits.next().captured(1);
  found.removeDuplicates();
  return found.join('|');
}

/// Where they are described, and where files and command lines that name them are read.
bool may_name_settings(const QString& path) {
  return path.startsWith("engine/experiment/") || path.startsWith("engine/plans/");
}

QStringList places_of(const QRegularExpression& pattern, const QStringList& paths) {
  QStringList found;
  for (const QString& path : paths)
    for (auto hits = pattern.globalMatch(code_of(path)); hits.hasNext();)
      found << path + ": " + hits.next().captured(1);
  return found;
}

}  // namespace

class TestSettingsAreBound : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void nobody_reads_a_setting_by_its_key() {
    // experiment.text("rule.norm"), and keys that are put together: experiment.text(std::string("rule.") +
    // …).
    const QRegularExpression reading(QStringLiteral(
        R"rx((?:\.|->)(?:text|number|integer|boolean|integers|texts|is_auto|has|value)\(\s*)rx"
        R"rx((?:std::string\(\s*)?"([a-z0-9_]+\.[a-z0-9_.]*|seed|name|device|threads)"\s*\))rx"));
    const QStringList files = source_files({"*.h", "*.cpp"});
    QVERIFY(files.size() > 200);
    const QStringList found = places_of(reading, files);
    QVERIFY2(found.isEmpty(), qPrintable(QStringLiteral("settings read by their keys, not from a struct:\n") +
                                         found.join('\n')));
  }

  // {"seed", "data.dir"}, key == "optimizer.lr". To set one by its key does not read it: what is misspelt
  // there is refused at once.
  void nobody_lists_settings_by_their_keys() {
    QVERIFY(groups().split('|').contains("optimizer"));
    const QRegularExpression dotted(
        QStringLiteral(R"rx((?<!set\()(?<!set_text\()"((?:%1)\.[a-z0-9_]+)")rx").arg(groups()));
    const QRegularExpression list(
        QStringLiteral(R"rx(for \(const char\* \w+ : \{[^}]*"(seed|device|threads)")rx"));
    QStringList files = source_files({"*.h", "*.cpp"});
    files.removeIf(may_name_settings);
    const QStringList found = places_of(dotted, files) + places_of(list, files);
    QVERIFY2(found.isEmpty(),
             qPrintable(QStringLiteral("keys that key_of() would say:\n") + found.join('\n')));
  }

  // settings["seed"], stored.value("rule", …), document.find("train").
  void nobody_reads_settings_from_json_by_their_keys() {
    const QRegularExpression reading(
        QStringLiteral(
            R"rx((?:(?<!part)(?:\.|->)(?:find|contains|at|value)\(\s*|\w\[)"(%1|seed)"\s*[\]),](?!\s*=[^=]))rx")
            .arg(groups()));
    QStringList files = source_files({"*.h", "*.cpp"}, {"engine", "ui"});
    files.removeIf(may_name_settings);
    files.removeIf([](const QString& path) {
      return path.startsWith("engine/checks/");  // files of worked numbers have a shape of their own
    });
    const QStringList found = places_of(reading, files);
    QVERIFY2(found.isEmpty(), qPrintable(QStringLiteral("settings read from JSON, not by StoredSettings:\n") +
                                         found.join('\n')));
  }
};

QTEST_GUILESS_MAIN(TestSettingsAreBound)
#include "test_settings_are_bound.moc"
