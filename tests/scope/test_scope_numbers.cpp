// What figures make of numbers: smoothing, axes, colours, tables, and what is not a number.
#include <QtTest>
#include <cmath>
#include <nlohmann/json.hpp>

#include "tests/plot/recording_painter.h"
#include "tests/scope/fresh_model.h"
#include "ui/plot/heat_map.h"
#include "ui/plot/line_figure.h"
#include "ui/scope/event_text.h"
#include "ui/scope/figure_export.h"
#include "ui/scope/figure_rows.h"
#include "ui/scope/scope_scene.h"

namespace grapevine {
namespace {

constexpr Size kSize = {900, 800};

}  // namespace

class TestScopeNumbers : public QObject, private FreshModel {
  Q_OBJECT

 private Q_SLOTS:
  void init() { start_over(); }

  void a_smoothed_line_has_its_raw_one_behind() {
    model_->view = ScopeView::figures;
    model_->set_smoothing(0.9);
    const ScopeScene scene(*model_, look_, kSize, guessed_text_width);
    const auto* loss = dynamic_cast<const LineFigure*>(scene.figure(1));
    QVERIFY(loss);
    int smoothed = 0;
    for (const PlotLine& line : loss->lines) {
      // Means of whole epochs are left as they are.
      const bool batch = line.name.ends_with("batch loss, smoothed");
      QCOMPARE(line.raw != nullptr, batch);
      smoothed += batch;
    }
    QCOMPARE(smoothed, 4);
  }

  void measurements_are_smoothed_over_the_same_steps_as_batches() {
    model_->view = ScopeView::figures;
    // Layers are measured every tenth step: ten batches' weights lie between two of their samples.
    const Series& series = *runs_[1].find(measure_index("cos_b_j"), 1);
    model_->set_smoothing(0.9);
    QVERIFY(std::abs(model_->smoothing_between_samples(series) - std::pow(0.9, 10)) < 1e-12);
    const auto lines_with_raw = [this] {
      const ScopeScene scene(*model_, look_, kSize, guessed_text_width);
      int count = 0;
      for (const PlotLine& line : dynamic_cast<const LineFigure*>(scene.figure(2))->lines)
        count += line.raw != nullptr;
      return count;
    };
    QCOMPARE(lines_with_raw(), 3);  // the first racer's panel: one line per layer
    // 0.5^10 is a thousandth: the sample itself.
    model_->set_smoothing(0.5);
    QCOMPARE(lines_with_raw(), 0);
  }

  void cosines_reach_down_as_far_as_there_is_something() {
    model_->set_smoothing(0);
    // Made layers begin at −0.1 (racer 1, step 10: a little above −0.1).
    const ScopeScene scene(*model_, look_, kSize, guessed_text_width);
    const auto* layers = dynamic_cast<const LineFigure*>(scene.figure(2));
    QVERIFY(layers && layers->zero_line);
    QCOMPARE(layers->y.lo, -0.1);
    QVERIFY(layers->y.hi >= 1 && layers->y.hi < 1.1);
    add_sample(runs_[1], "cos_b_j", 1, 251, -0.42);
    const ScopeScene below(*model_, look_, kSize, guessed_text_width);
    QCOMPARE(dynamic_cast<const LineFigure*>(below.figure(2))->y.lo, -0.5);
  }

  void a_line_that_runs_away_leaves_the_others_their_axis() {
    model_->view = ScopeView::figures;
    model_->set_smoothing(0);
    model_->choose_measure(1, {measure_index("loss")});
    for (int i = 0; i < 8; ++i) add_sample(runs_[0], "loss", 0, 251 + i, std::pow(10.0, 4 * i));
    const ScopeScene scene(*model_, look_, kSize, guessed_text_width);
    const auto* loss = dynamic_cast<const LineFigure*>(scene.figure(1));
    QVERIFY(loss && loss->y.hi > 2.3 && loss->y.hi < 4);  // the others begin at 2.35
    std::vector<int> leaving;
    for (const PlotLine& line : loss->lines)
      if (line.leaves) leaving.push_back(line.racer);
    QCOMPARE(leaving, std::vector<int>{0});
    RecordingPainter painter;
    loss->draw(painter, light_theme());
    const Colour hue = look_.colour_of(*model_, 0);
    QVERIFY(std::any_of(painter.triangles.begin(), painter.triangles.end(), [&](const auto& arrow) {
      return arrow.colour == hue && arrow.a.y < arrow.b.y && arrow.a.y < loss->plot().y + 4;
    }));
    // Alone it is shown whole.
    model_->solo(0);
    const ScopeScene alone(*model_, look_, kSize, guessed_text_width);
    QVERIFY(dynamic_cast<const LineFigure*>(alone.figure(1))->y.hi > 1e27);
  }

  void layers_of_several_racers_are_panels_in_the_racers_colours() {
    const ScopeScene scene(*model_, look_, {1600, 1000}, guessed_text_width);
    std::vector<int> racers;
    for (const FigurePlace& place : scene.layout().figures)
      if (place.figure == 2) racers.push_back(place.racer);
    QCOMPARE(racers, (std::vector<int>{1, 2, 3}));
    const auto* first = dynamic_cast<const LineFigure*>(scene.figure(2));
    QCOMPARE(first->lines.size(), std::size_t(3));
    // From a tint at the input to the racer's own colour at the output.
    const Colour hue = look_.colour_of(*model_, 1);
    QCOMPARE(first->lines[2].stroke.colour, hue);
    QVERIFY(contrast(first->lines[0].stroke.colour, light_theme().plot) < contrast(hue, light_theme().plot));
    QCOMPARE(first->lines[2].end_name, std::string("layer 3"));
    // Too narrow for three panels: one figure with all their lines.
    model_->view = ScopeView::figures;
    const ScopeScene narrow(*model_, look_, {400, 900}, guessed_text_width);
    QCOMPARE(dynamic_cast<const LineFigure*>(narrow.figure(2))->lines.size(), std::size_t(9));
  }

  void a_second_run_of_a_rule_has_its_hue_in_another_shade() {
    std::vector<RunData> twins = made_runs(20, 2);
    twins[0].rule = twins[1].rule = "grape";
    model_->set_runs(pointers_to(twins), {"one", "two"});
    QCOMPARE(look_.colour_of(*model_, 0), rule_colour("grape", 0, light_theme()));
    QCOMPARE(look_.colour_of(*model_, 1), rule_colour("grape", 1, light_theme()));
    QCOMPARE(model_->dash_of(0), Dash::solid);
    QVERIFY(model_->dash_of(1) != Dash::solid);
    model_->set_runs({}, {});
  }

  void a_calibration_tells_cause_and_effect() {
    const auto lines = event_lines(runs_[1].events.front(), "DFA");
    QCOMPARE(lines.front(), std::string("DFA · calibration at step 100"));
    QCOMPARE(lines[1], std::string("every 100 steps"));
    QVERIFY(std::find(lines.begin(), lines.end(), "loss  0.8 → 0.6") != lines.end());
    QVERIFY(std::find(lines.begin(), lines.end(), "alignment  0.1 → 0.3,  0.2 → 0.4") != lines.end());
    QCOMPARE(event_lines(made_event("warning", 3, "", "not json"), "x").size(), std::size_t(1));
  }

  void tables_hold_what_is_drawn() {
    model_->set_range(-1, {95, 105});
    const QStringList rows = figure_csv(*model_, 0, true).split('\n', Qt::SkipEmptyParts);
    QCOMPARE(rows.front(), QString("run,measure,point,step,epoch,seconds,value"));
    // Eleven batch values and one of the test set for each of four runs.
    QCOMPARE(rows.size(), qsizetype(1 + 4 * 12));
    QCOMPARE(figure_csv(*model_, 0, false).count('\n'), qsizetype(1 + 4 * 252));
    QVERIFY(scope_summary(*model_).contains("grape"));
  }

  void data_leave_as_json_with_null_for_what_is_no_number() {
    model_->choose_measure(0, {measure_index("accuracy")});
    add_sample(runs_[0], "accuracy", 0, 251, std::nan(""));
    const auto all = nlohmann::json::parse(figure_json(*model_, 0, false).toStdString());
    QCOMPARE(all.size(), std::size_t(4 * 250 + 1));
    QCOMPARE(all[0]["run"].get<std::string>(), std::string("bp"));
    QCOMPARE(all[0]["measure"].get<std::string>(), std::string("accuracy"));
    QCOMPARE(all[9]["step"].get<int>(), 10);
    // 0.1 + 0.8 (1 − e^(−10/100)), as the made run has it.
    QVERIFY(std::abs(all[9]["value"].get<double>() - (0.1 + 0.8 * (1 - std::exp(-0.1)))) < 1e-12);
    QVERIFY(all[250]["value"].is_null());
  }

  void a_label_with_a_comma_stays_one_cell() {
    model_->set_runs(pointers_to(runs_), {"GrAPE, rate 0.1", "b", "c", "d"});
    model_->advance();
    QVERIFY(figure_csv(*model_, 0, false).contains("\n\"GrAPE, rate 0.1\","));
    model_->set_runs(pointers_to(runs_), {std::string("Gr\x1b[31mA\u202EPE"), "b", "c", "d"});
    model_->advance();
    QVERIFY(figure_csv(*model_, 0, false).contains("\nGr?[31mA?PE,"));
  }

  void what_is_not_a_number_is_survived() {
    for (RunData& run : runs_) {
      add_sample(run, "loss", 0, 251, std::nan(""));
      add_sample(run, "loss", 0, 252, HUGE_VAL);
    }
    for (const bool log : {false, true}) {
      model_->figures()[1].log = log;
      RecordingPainter painter;
      ScopeScene(*model_, look_, kSize, guessed_text_width).draw(painter);
      for (const auto& line : painter.lines) {
        for (const Point& p : line.points) QVERIFY(std::isfinite(p.x) && std::isfinite(p.y));
      }
    }
  }
};

}  // namespace grapevine

QTEST_MAIN(grapevine::TestScopeNumbers)
#include "test_scope_numbers.moc"
