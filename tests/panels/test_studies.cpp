// What the paper page draws, and what it makes of the terminal's answers.
#include <QLabel>
#include <QPushButton>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QtTest>
#include <algorithm>
#include <nlohmann/json.hpp>
#include <tuple>

#include "engine/door/theory_studies.h"
#include "engine/launch/paper_figures.h"
#include "engine/plans/plan.h"
#include "ui/panels/paper_page.h"
#include "ui/panels/study_view.h"

using namespace grapevine;

namespace {

const Study& study(const char* key) {
  for (const Study& one : studies())
    if (one.key == QLatin1StringView(key)) return one;
  qFatal("there is no such study");
}

}  // namespace

class TestStudies : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void every_study_of_the_terminal_is_on_the_page() {
    QCOMPARE(studies().size(), theory_studies().size() + 1);  // and Table 5
    QCOMPARE(study("table5").command, (QStringList{"bench", "table5"}));
    for (const TheoryStudy& of_theory : theory_studies()) {
      const Study& shown = study(of_theory.key.c_str());
      QCOMPARE(shown.command, (QStringList{"theory", QString::fromStdString(of_theory.key)}));
      QVERIFY(!shown.title.isEmpty() && !shown.help.isEmpty());
      QCOMPARE(shown.of_the_form, of_theory.of_a_network);
    }
  }
  void nothing_computed_is_said_in_the_middle() {
    StudyView view;
    view.resize(900, 600);
    view.set_program(QStringLiteral("/nowhere/grapevine-cli"));
    view.show_study(study("costs"));
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    const QList<QLabel*> labels = view.findChildren<QLabel*>();
    const auto words = std::find_if(labels.begin(), labels.end(), [](const QLabel* label) {
      return label->text().contains(QStringLiteral("press Compute"));
    });
    QVERIFY(words != labels.end());
    QCOMPARE((*words)->alignment(), Qt::AlignCenter);
    QVERIFY((*words)->geometry().contains(view.rect().center()));
  }
  void the_form_gives_each_study_words_that_a_plan_takes() {
    Overrides one;
    one.sets = {"rule.name=grape", "grape.align_rate=0.05", "model.hidden=16,16", "data.name=shapes"};
    const ExperimentPlan race = first_experiment(), single = make_plan("", "", one);
    QVERIFY(race.is_race && !single.is_race);
    for (const Study& shown : studies())
      for (const ExperimentPlan* form : {&race, &single}) {
        const QStringList words = words_of(shown, form);
        QCOMPARE(words.mid(0, 3), shown.command + QStringList{"--json"});
        if (!shown.of_the_form) QCOMPARE(words.size(), qsizetype{3});
        Overrides given;
        const TheoryStudy* of_theory = find_study(shown.key.toStdString());
        if (of_theory && of_theory->compares_rules) given.rules = {"bp"};  // as the terminal names each
        for (qsizetype i = 3; i < words.size(); i += 2) {
          QCOMPARE(words[i], QString("--set"));
          given.sets.push_back(words[i + 1].toStdString());
        }
        make_plan("", "", given);  // throws what the study would say
      }
    QVERIFY(words_of(study("costs"), &single).contains("model.hidden=16,16"));
    QVERIFY(words_of(study("concentration"), &single).contains("rule.align_rate=0.05"));
  }
  void a_table_of_numbers_becomes_rows_and_lines() {
    const StudyResult result = read_study(study("forward_gradients"), nlohmann::json::parse(R"({
        "notes": ["synthetic data"], "rows": [
        {"layers": 2, "batch": 1, "cosine_k1": 0.1, "deviation_k1": 0.01, "cosine_k10": 0.3, "deviation_k10": 0.02},
        {"layers": 2, "batch": 64, "cosine_k1": 0.4, "deviation_k1": 0.01, "cosine_k10": 0.6, "deviation_k10": 0.02},
        {"layers": 8, "batch": 1, "cosine_k1": 0.05, "deviation_k1": 0.01, "cosine_k10": null, "deviation_k10": null}]})"));
    QCOMPARE(result.rows.size(), std::size_t{3});
    QCOMPARE(result.headings.mid(0, 2), (QStringList{"Batch size", "Layers"}));
    QCOMPARE(result.notes, QString("Synthetic data."));
    QVERIFY(result.plot.kind == SweepPlot::Kind::curve && result.plot.log_x);
    QCOMPARE(result.plot.lines.size(), std::size_t{3});
    const SweepPlot::Line& first = result.plot.lines.front();
    QCOMPARE(first.name, QString("Mean cosine, K = 1, 2 layers"));
    QCOMPARE(result.plot.x_title, QString("Batch size"));
    QCOMPARE(result.plot.y_title, QString("Cosine with the gradient"));
    QCOMPARE(first.dots.size(), std::size_t{2});
    QCOMPARE(first.dots[1].mean, 0.4);
    QCOMPARE(first.dots[1].high, 0.41);
  }
  void the_bound_is_drawn_beside_what_matrices_reach() {
    const StudyResult result = read_study(study("lemma_b2"), nlohmann::json::parse(R"({"notes": [], "rows": [
        {"a": 0.5, "b": 0.1, "bound": -0.8, "mean": 0.05}, {"a": 0.5, "b": 0.9, "bound": 0.07, "mean": 0.45},
        {"a": 0.9, "b": 0.1, "bound": -0.3, "mean": 0.09}, {"a": 0.9, "b": 0.9, "bound": 0.62, "mean": 0.81}]})"));
    QCOMPARE(result.plot.lines.size(), std::size_t{4});
    QCOMPARE(result.plot.lines[0].name, QString("Bound of Lemma B.2, a = %1").arg(QLocale().toString(0.5)));
    QCOMPARE(result.plot.lines[0].rule, result.plot.lines[2].rule);  // a hue an a, its mean dashed
    QVERIFY(result.plot.lines[0].rule != result.plot.lines[1].rule);
    QVERIFY(!study("lemma_b2").of_the_form);
  }
  void table_5_stands_beside_the_texts_times() {
    const StudyResult result =
        read_study(study("table5"), nlohmann::json::parse(R"({"device": "cpu", "threads": 1, "depths": [
        {"depth": 2, "rules": [{"rule": "bp", "median_ms": 100, "published_ms": 9.1}]},
        {"depth": 4, "rules": [{"rule": "bp", "median_ms": 210, "published_ms": 17.5}]}]})"));
    QCOMPARE(result.rows.size(), std::size_t{2});
    QCOMPARE(result.headings.first(), QString("Depth (blocks)"));
    QVERIFY(result.headings.contains("Median on this machine (ms)"));
    QCOMPARE(result.plot.lines.front().name, QString("Median on this machine, BP"));
    QCOMPARE(result.plot.lines.back().name, QString("Published, on an A100, BP"));
    QCOMPARE(result.plot.y_title, QString("Time of a step (ms)"));
    QCOMPARE(result.plot.lines.size(), std::size_t{2});
    QCOMPARE(result.plot.lines.back().rule, std::string("bp"));
    QCOMPARE(result.plot.lines.back().dots.front().mean, 9.1);
    QVERIFY(result.notes.contains("cpu"));
  }
  // One description gives every column and series its name: none is shown by its key.
  void no_column_is_shown_by_its_key() {
    for (const TheoryStudy& of_theory : theory_studies()) {
      nlohmann::json row = nlohmann::json::object(), next = row;
      for (const StudyColumn& column : of_theory.columns) {
        row[column.key] = 1;
        next[column.key] = 2;
      }
      const StudyResult result = read_study(study(of_theory.key.c_str()),
                                            {{"rows", {row, next}}, {"notes", nlohmann::json::array()}});
      QCOMPARE(result.headings.size(), static_cast<qsizetype>(of_theory.columns.size()));
      QStringList shown = result.headings;
      for (const SweepPlot::Line& line : result.plot.lines) shown << line.name;
      shown << result.plot.x_title << result.plot.y_title;
      for (const QString& words : shown) {
        QVERIFY2(!words.contains('_') || words.contains("‖_F"), qPrintable(words));
        QVERIFY2(words.isEmpty() || !words.contains(QRegularExpression("^(eq4|mean|cosine|equation)")),
                 qPrintable(words));
      }
    }
    const nlohmann::json rows = nlohmann::json::parse(
        R"([{"point": 1, "eq4_bound": 0.1, "mean_cosine_k1": 0.2, "standard_error_k1": 0.01},
            {"point": 2, "eq4_bound": 0.2, "mean_cosine_k1": 0.3, "standard_error_k1": 0.01}])");
    const StudyResult result = read_study(study("concentration"), {{"rows", rows}});
    QCOMPARE(result.plot.lines[0].name, QString("Bound of eq. 4"));
    QCOMPARE(result.plot.lines[1].name, QString("Mean cos(J, Ĵ), K = 1"));
    QCOMPARE(result.plot.x_title, QString("Feedback point l"));
    QCOMPARE(result.plot.y_title, QString("cos(J, Ĵ)"));
  }
  // The program says how far it is, and what it can't: a script in its place.
  void a_study_says_how_far_it_is_and_hears_stop() {
    QTemporaryDir folder;
    const QString script = folder.filePath("grapevine-cli");
    QFile file(script);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(
        "#!/bin/sh\ntrap 'exit 130' TERM\ncase \"$*\" in *--progress*) ;; *) exit 2 ;; esac\n"
        "echo 'progress: 12.5 %' >&2\nwhile :; do sleep 0.05; done\n");
    file.close();
    QVERIFY(file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
    StudyView view;
    view.set_program(script);
    view.show_study(study("lemma_b2"));
    const auto says = [&](const char* words) {
      for (const QLabel* label : view.findChildren<QLabel*>())
        if (label->text().contains(QLatin1StringView(words))) return true;
      return false;
    };
    view.compute();
    QTRY_VERIFY(says("12.5 %"));
    QVERIFY(view.at_work());
    for (QPushButton* button : view.findChildren<QPushButton*>()) button->click();
    QTRY_VERIFY(!view.at_work());
    QVERIFY(says("Stopped."));
  }
  void an_answer_that_is_none_draws_nothing() {
    const StudyResult result = read_study(study("costs"), nlohmann::json::object());
    QVERIFY(result.rows.empty() && result.plot.kind == SweepPlot::Kind::none);
  }
  void a_figures_own_lines_come_first_and_names_say_which_are_printed() {
    const PaperFigure figure{
        "AlexNet",
        "T",
        "accuracy",
        true,
        {{"BP", "bp", true, {{1, 64, 0.3}}}, {"BP", "bp", false, {{1, 60}, {5, 61, 1}}}}};
    const SweepPlot plot = plot_of(figure);
    QCOMPARE(plot.lines.size(), std::size_t{2});
    QCOMPARE(plot.lines[0].name, QString("BP"));
    QCOMPARE(plot.lines[1].name, QString("BP (published)"));
    QVERIFY(!plot.lines[0].dashed && plot.lines[1].dashed);
    QCOMPARE(plot.lines[0].shade, plot.lines[1].shade);  // one colour, and one entry in the legend
    QVERIFY(plot.lines[0].in_legend && !plot.lines[1].in_legend);
    QCOMPARE(plot.lines[0].dots[0].low, 60.0);  // of one run there is no spread
    QCOMPARE(plot.lines[0].dots[1].high, 62.0);
    QCOMPARE(plot.x_ticks, (std::vector<double>{1, 5}));
    QVERIFY(plot_of({}).kind == SweepPlot::Kind::none);
  }
  // A text has one number of a rule; a preset's variants of it have its colour, and dashes of their own.
  void a_published_number_is_drawn_once() {
    const PaperFigure figure{"AlexNet",
                             "T",
                             "accuracy",
                             true,
                             {{"GrAPE", "grape", true, {{1, 62}, {5, 62}}, true},
                              {"GrAPE 2025", "grape2025", true, {{1, 40}, {5, 40}}, true},
                              {"GrAPE (literal)", "grape", true, {{1, 62}, {5, 62}}, true, "literal"},
                              {"GrAPE (literal)", "grape", false, {{1, 61}, {5, 61}}, true, "literal"},
                              {"GrAPE (other)", "grape", true, {{1, 58}, {5, 58}}, true, "other"}}};
    const SweepPlot plot = plot_of(figure);
    QStringList names;
    for (const SweepPlot::Line& line : plot.lines) names << line.name;
    QCOMPARE(names, (QStringList{"GrAPE (literal)", "GrAPE (published)", "GrAPE 2025 (published)",
                                 "GrAPE (other) (published)"}));
    const auto& [literal, grape, older, other] =
        std::tie(plot.lines[0], plot.lines[1], plot.lines[2], plot.lines[3]);
    QVERIFY(literal.variant && !literal.dashed);
    QVERIFY(!grape.variant && grape.dashed);
    QCOMPARE(literal.shade, grape.shade);
    QVERIFY(older.shade != grape.shade);
    QVERIFY(other.shade != grape.shade && other.shade != older.shade);  // a second variant
  }
};

QTEST_MAIN(TestStudies)
#include "test_studies.moc"
