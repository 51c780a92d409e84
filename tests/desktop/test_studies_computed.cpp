// What the paper page asks the terminal's program for is computed: each study of a network, with a race and
// with a single rule in the form.
#include <QFile>
#include <QLabel>
#include <QProcess>
#include <QPushButton>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <nlohmann/json.hpp>

#include "engine/plans/plan.h"
#include "ui/panels/library_store.h"
#include "ui/panels/paper_page.h"
#include "ui/panels/study_result.h"
#include "ui/panels/study_view.h"
#include "ui/panels/sweep_figure.h"

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
  void a_click_computes_what_no_form_is_needed_for_data() {
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("small");  // what makes it a matter of seconds
    QTest::newRow("Table 5") << "table5"
                             << "--steps 1 --set train.batch=2 --set data.context=8 --set model.d_model=16 "
                                "--set model.d_ff=16";
    QTest::newRow("the 2025 text's Figure 4") << "fixed_target"
                                              << "--draws 2";
  }
  void a_click_computes_what_no_form_is_needed_for() {
    QFETCH(const QString, key);
    QFETCH(const QString, small);
    QTemporaryDir folder;
    QFile program(folder.filePath(QStringLiteral("grapevine-cli")));
    QVERIFY(program.open(QIODevice::WriteOnly));
    program.write(("#!/bin/sh\nexec '" GRAPEVINE_BIN_DIR "/grapevine-cli' \"$@\" " + small + "\n").toUtf8());
    program.close();
    QVERIFY(program.setPermissions(QFile::ReadOwner | QFile::ExeOwner | QFile::WriteOwner));
    LibraryStore library;
    PaperPage page(&library);
    page.study()->set_program(program.fileName());
    page.show();
    page.set_table(QStringLiteral("study:") + key, false);
    auto* compute = button(*page.study(), "Compute");
    QVERIFY(compute);
    QTest::mouseClick(compute, Qt::LeftButton);
    QVERIFY(page.study()->at_work());
    QTRY_VERIFY_WITH_TIMEOUT(!page.study()->at_work(), 120000);
    const auto* numbers = page.study()->findChild<QTableView*>();
    QVERIFY2(numbers->model()->rowCount() > 2, qPrintable(words_of_view(*page.study())));
    QVERIFY(page.study()->findChild<SweepFigure*>()->isVisible());
    QVERIFY(button(*page.study(), "Compute"));
  }

 private:
  static QPushButton* button(const QWidget& in, const char* text) {
    for (QPushButton* each : in.findChildren<QPushButton*>())
      if (each->text() == QLatin1String(text)) return each;
    return nullptr;
  }
  static QString words_of_view(const QWidget& in) {
    QStringList all;
    for (const QLabel* label : in.findChildren<QLabel*>()) all << label->text();
    return all.join(QLatin1Char('\n'));
  }
};

QTEST_MAIN(TestStudiesComputed)
#include "test_studies_computed.moc"
