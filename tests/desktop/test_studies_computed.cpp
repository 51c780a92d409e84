// What the paper page asks the terminal's program for is computed: each study of a network, with a race and
// with a single rule in the form.
#include <QProcess>
#include <QTest>
#include <nlohmann/json.hpp>

#include "engine/plans/plan.h"
#include "ui/panels/study_result.h"

using namespace grapevine;

class TestStudiesComputed : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void each_study_is_computed_data() {
    QTest::addColumn<QString>("key");
    QTest::addColumn<bool>("race");
    for (const Study& study : studies())
      if (study.of_the_form)
        for (const bool race : {true, false})
          QTest::addRow("%s of %s", qPrintable(study.key), race ? "a race" : "a rule") << study.key << race;
  }
  void each_study_is_computed() {
    QFETCH(const QString, key);
    QFETCH(const bool, race);
    Overrides form;
    form.sets = {"data.name=shapes", "data.train_limit=640", "data.test_limit=100", "model.hidden=16,16"};
    if (race) form.rules = {"bp", "dfa", "grape", "residual"};
    const ExperimentPlan plan = make_plan("", "", form);
    for (const Study& study : studies()) {
      if (study.key != key) continue;
      QProcess program;
      program.start(QStringLiteral(GRAPEVINE_BIN_DIR "/grapevine-cli"),
                    words_of(study, &plan) + QStringList{"--draws", "2"});
      QVERIFY(program.waitForFinished(120000));
      const std::string out = program.readAllStandardOutput().toStdString();
      QVERIFY2(program.exitCode() == 0, out.c_str());
      QVERIFY(!read_study(study, nlohmann::json::parse(out)).rows.empty());
    }
  }
};

QTEST_MAIN(TestStudiesComputed)
#include "test_studies_computed.moc"
