// What computes works by typed settings: below engine/training an Experiment is taken by of(), which makes
// settings of it, and by the doors that ARCHITECTURE.md names; by nothing behind them.
#include <QRegularExpression>
#include <QTest>

#include "tests/architecture/sources.h"

class TestExperimentsStopAtTheDoor : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void settings_are_made_at_the_door() {
    const QStringList rooms{"engine/random",      "engine/nn",        "engine/optim",  "engine/batches",
                            "engine/feedback",    "engine/rules",     "engine/models", "engine/probes",
                            "engine/calibration", "engine/inspection"};
    // make_rule; build_model, data_shape.
    const QStringList doors{"engine/rules/rule.h", "engine/rules/rule.cpp", "engine/models/model.h",
                            "engine/models/model.cpp"};
    const QRegularExpression comment(QStringLiteral("//[^\n]*"));
    const QRegularExpression of(QStringLiteral(R"(\bof\(const Experiment& \w+\))"));
    const QRegularExpression taken(QStringLiteral(R"(\bExperiment\b)"));
    QStringList found;
    const QStringList files = source_files({"*.h", "*.cpp"}, rooms);
    QVERIFY(files.size() > 150);
    for (const QString& path : files)
      if (!doors.contains(path) && text_of(path).remove(comment).remove(of).contains(taken)) found << path;
    QVERIFY2(found.isEmpty(),
             qPrintable(QStringLiteral("an Experiment is taken by more than of():\n") + found.join('\n')));
  }
};

QTEST_GUILESS_MAIN(TestExperimentsStopAtTheDoor)
#include "test_experiments_stop_at_the_door.moc"
