// The stage: what its needles, bands, arrows and words are, from the runs' numbers; and where it all stands.
#include <QtTest>
#include <cmath>
#include <numbers>

#include "tests/plot/recording_painter.h"
#include "tests/scope/made_runs.h"
#include "ui/scope/figure_rows.h"
#include "ui/scope/figures/stage_build.h"
#include "ui/scope/figures/stage_gap.h"
#include "ui/scope/figures/stage_words.h"
#include "ui/scope/scope_controller.h"

namespace grapevine {
namespace {

/// A run of one rule with three feedback points of 1,024, 256 and 64 features.
RunData run_of(const char* rule) {
  RunData run;
  run.rule = rule;
  run.name = rule;
  run.uuid = rule;
  // No raw literals: moc loses its place behind them.
  run.events.push_back(made_event(
      "started", 0, "on cpu",
      "{\"segments\": [\"linear 784→1024, relu\", \"linear 1024→256, relu\", \"linear 256→64, relu\", "
      "\"linear 64→10\"], \"features\": [1024, 256, 64, 10], \"inputs\": 784}"));
  run.experiment =
      "{\"rule\": {\"name\": \"" + std::string(rule) +
      "\"}, \"data\": {\"name\": \"mnist\", \"test_limit\": 2000}, \"optimizer\": {\"lr\": 0.1}, "
      "\"seed\": 1}";
  return run;
}

void add_needle(RunData& run, int point, std::int64_t step, double p10, double p50, double p90) {
  add_sample(run, "sample_angle_p10", point, step, p10);
  add_sample(run, "sample_angle_p50", point, step, p50);
  add_sample(run, "sample_angle_p90", point, step, p90);
}

/// Runs beside what the stage needs of them.
class Racers {
 public:
  explicit Racers(std::vector<RunData> runs) : runs_(std::move(runs)) {
    for (const RunData& run : runs_) sketches_.push_back(sketch_of(run));
    for (std::size_t i = 0; i < runs_.size(); ++i)
      racers_.push_back({static_cast<int>(i), &runs_[i], &sketches_[i], runs_[i].rule, 0xff123456});
  }
  StageData at(std::optional<double> time = {}) const { return stage_at(racers_, TimeAxis::step, time); }
  const std::vector<StageRacer>& list() const { return racers_; }

 private:
  std::vector<RunData> runs_;
  std::vector<RunSketch> sketches_;
  std::vector<StageRacer> racers_;
};

bool near(double a, double b, double tolerance = 1e-9) {
  return std::abs(a - b) <= tolerance;
}

/// One column of so many points with these needles.
StageColumn column_with(const std::vector<double>& angles) {
  StageColumn column;
  for (std::size_t i = 0; i < angles.size(); ++i) {
    StageDial dial;
    dial.point = static_cast<int>(i) + 1;
    dial.reading = DialReading::median;
    dial.angle = angles[i];
    column.dials.push_back(dial);
  }
  return column;
}

}  // namespace

class TestStage : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void the_needle_is_the_median_and_the_fan_the_middle_80_percent() {
    RunData run = run_of("dfa");
    add_needle(run, 1, 10, 70, 80, 95);
    const StageData stage = Racers({run}).at();
    const StageDial& dial = stage.columns[0].dials[0];
    QCOMPARE(dial.reading, DialReading::median);
    QCOMPARE(dial.angle, 80.0);
    QCOMPARE(dial.low, 70.0);
    QCOMPARE(dial.high, 95.0);
    QCOMPARE(dial.features, std::int64_t{1024});
    QCOMPARE(reading_of(dial), std::string("80°"));
    QCOMPARE(stage.step, std::int64_t{10});
  }

  void chance_is_two_over_the_root_of_the_features() {
    // 2/√1024 = 1/16 of a radian, 2/√64 = 1/4; ten features would make more than a right angle's worth of 4.
    QVERIFY(near(chance_band(1024), 180 / std::numbers::pi / 16));
    QVERIFY(near(chance_band(64), 180 / std::numbers::pi / 4));
    QCOMPARE(chance_band(1), 90.0);
    QVERIFY(std::isnan(chance_band(0)));
    // A needle at 80° is outside chance in 1,024 dimensions, and inside in 64.
    StageColumn column = column_with({80});
    column.dials[0].chance = chance_band(1024);
    QVERIFY(QString::fromStdString(dial_sentence(column, column.dials[0])).contains("outside chance"));
    column.dials[0].chance = chance_band(64);
    QVERIFY(QString::fromStdString(dial_sentence(column, column.dials[0])).contains("within chance"));
  }

  void an_old_run_has_no_band_and_its_points_from_its_measures() {
    RunData run = run_of("dfa");
    run.events.clear();
    add_sample(run, "cos_delta", 1, 5, 0.5);
    add_sample(run, "cos_delta", 2, 5, 0);
    const StageData stage = Racers({run}).at();
    QCOMPARE(stage.columns[0].dials.size(), std::size_t{2});
    QVERIFY(std::isnan(stage.columns[0].dials[0].chance));
    // No quantiles: the angle of the mean cosine, and it says so.
    QCOMPARE(stage.columns[0].dials[0].reading, DialReading::mean_cosine);
    QVERIFY(near(stage.columns[0].dials[0].angle, 60));
    QVERIFY(near(stage.columns[0].dials[1].angle, 90));
    QVERIFY(QString::fromStdString(stage_legend(stage, {})).contains("mean cosine"));
  }

  void bp_stands_upright_by_definition() {
    RunData run = run_of("bp");
    add_needle(run, 1, 10, 0, 0.02, 0.05);  // the noise of floats
    const StageData stage = Racers({run}).at();
    for (const StageDial& dial : stage.columns[0].dials) {
      QCOMPARE(dial.reading, DialReading::exact);
      QCOMPARE(dial.angle, 0.0);
      QVERIFY(std::isnan(dial.low));
    }
    QVERIFY(QString::fromStdString(dial_sentence(stage.columns[0], stage.columns[0].dials[0]))
                .contains("by definition"));
  }

  void a_rule_without_signals_shows_its_update() {
    RunData run = run_of("pepita");
    for (int segment = 1; segment <= 4; ++segment) add_sample(run, "cos_update", segment, 10, 0.1 * segment);
    const StageData stage = Racers({run}).at();
    QCOMPARE(stage.columns[0].dials.size(), std::size_t{3});  // the last segment's is 1 for everybody
    QCOMPARE(stage.columns[0].dials[1].reading, DialReading::update);
    QVERIFY(near(stage.columns[0].dials[1].update, 0.2));
    QVERIFY(std::isnan(stage.columns[0].dials[1].angle));
    QCOMPARE(stage.columns[0].route, FeedbackRoute::input);
    // One random direction is noise: twenty are averaged, and it is told.
    RunData tangent = run_of("fg_weight");
    for (int i = 1; i <= 30; ++i) add_sample(tangent, "cos_update", 1, i, i > 10 ? i % 2 : 100);
    const StageDial dial = Racers({tangent}).at().columns[0].dials[0];
    QCOMPARE(dial.averaged, 20);
    QVERIFY(near(dial.update, 0.5));
  }

  void no_signal_is_a_dash_and_words() {
    RunData run = run_of("dfa");
    add_needle(run, 1, 10, std::nan(""), std::nan(""), std::nan(""));
    const StageData stage = Racers({run}).at();
    const StageDial& dial = stage.columns[0].dials[0];
    QVERIFY(std::isnan(dial.angle));
    QCOMPARE(reading_of(dial), std::string("–"));
    QVERIFY(QString::fromStdString(dial_sentence(stage.columns[0], dial)).contains("no signal"));
  }

  void the_stage_shows_what_was_known_at_a_time() {
    RunData run = run_of("dfa");
    add_needle(run, 1, 10, 80, 85, 90);
    add_needle(run, 1, 20, 40, 45, 50);
    const Racers racers({run});
    QVERIFY(std::isnan(racers.at(9).columns[0].dials[0].angle));
    QCOMPARE(racers.at(10).columns[0].dials[0].angle, 85.0);
    QCOMPARE(racers.at(19.5).columns[0].dials[0].angle, 85.0);
    QCOMPARE(racers.at(20).columns[0].dials[0].angle, 45.0);
    QCOMPARE(racers.at().columns[0].dials[0].angle, 45.0);
    QCOMPARE(measured_steps(racers.list()), (std::vector<std::int64_t>{10, 20}));
  }

  void after_an_exact_step_the_needle_before_it_stays_as_a_ghost() {
    RunData run = run_of("grape");
    for (const std::int64_t step : {110, 115, 120, 125})
      add_needle(run, 1, step, 0, step < 120 ? 75.0 - static_cast<double>(step - 110) / 5 : 44, 90);
    run.events.push_back(made_event("calibration", 120, "every 120 steps", "{}"));
    const Racers racers({run});
    QVERIFY(std::isnan(racers.at(119).columns[0].dials[0].ghost));
    const StageColumn at = racers.at(120).columns[0];
    QCOMPARE(at.dials[0].ghost, 74.0);  // of step 115
    QVERIFY(at.calibration_is_now);
    const StageColumn after = racers.at(125).columns[0];
    QCOMPARE(after.dials[0].ghost, 74.0);
    QVERIFY(!after.calibration_is_now);
    QCOMPARE(calibration_words(after), std::string("exact step at 120: every 120 steps"));
  }

  void arrows_pale_with_the_alignment_and_grow_with_the_length() {
    // 0.16 + 0.84·max(0, cos); 5 + 2.5 log10(ratio) within 1 … 12.
    QVERIFY(near(arrow_share(1), 1) && near(arrow_share(0.5), 0.58));
    QVERIFY(near(arrow_share(0), 0.16) && near(arrow_share(-0.7), 0.16));
    QVERIFY(std::isnan(arrow_share(std::nan(""))));
    QVERIFY(near(arrow_width(1), 5) && near(arrow_width(10), 7.5) && near(arrow_width(0.01), 1));
    QVERIFY(near(arrow_width(0), 1) && near(arrow_width(1e9), 12) && near(arrow_width(std::nan("")), 5));
  }

  void the_arrows_tone_is_the_centred_cosine_with_the_rules_sign() {
    RunData dfa = run_of("dfa");
    add_sample(dfa, "cos_b_j", 1, 5, 0.3);
    QVERIFY(near(Racers({dfa}).at().columns[0].dials[0].tone, 0.3));
    add_sample(dfa, "cos_b_j_centred", 1, 5, 0.7);
    QVERIFY(near(Racers({dfa}).at().columns[0].dials[0].tone, 0.7));
    // An estimate counts as far as it is certain.
    add_sample(dfa, "cos_b_j_centred_error", 1, 5, 0.2);
    QVERIFY(near(Racers({dfa}).at().columns[0].dials[0].tone, 0.5));
    RunData drtp = run_of("drtp");
    add_sample(drtp, "cos_b_j_centred", 1, 5, -0.8);
    QVERIFY(near(Racers({drtp}).at().columns[0].dials[0].tone, 0.8));
    // A transport's is the angle of the segment above the point.
    RunData fa = run_of("fa");
    add_sample(fa, "angle", 2, 5, 60);
    const StageColumn column = Racers({fa}).at().columns[0];
    QVERIFY(near(column.dials[0].tone, 0.5) && std::isnan(column.dials[1].tone));
    QVERIFY(near(column.alignment, 0.5));
  }

  void the_gap_is_told_only_where_there_is_one() {
    // On 2,000 samples round 0.75: 2·√(0.75·0.25·2/2000) = 0.0274.
    QVERIFY(near(accuracy_error(0.8, 0.7, 2000), 2 * std::sqrt(0.75 * 0.25 / 1000)));
    const auto race = [](double bp, double dfa, double grape) {
      std::vector<RunData> runs = {run_of("bp"), run_of("dfa"), run_of("grape")};
      const double scores[] = {bp, dfa, grape};
      for (std::size_t i = 0; i < 3; ++i) add_sample(runs[i], "test_accuracy", 0, 100, scores[i]);
      return Racers(std::move(runs)).at().columns[2];
    };
    QVERIFY(near(race(0.8, 0.7, 0.78).gap_closed, 0.8));
    QVERIFY(near(race(0.8, 0.7, 0.6).gap_closed, -1));  // behind DFA is told as such
    QVERIFY(std::isnan(race(0.76, 0.75, 0.78).gap_closed));
    QCOMPARE(race(0.76, 0.75, 0.78).gap, std::string("BP and DFA don't differ"));
    QCOMPARE(race(0.7, 0.8, 0.75).gap, std::string("BP is behind DFA"));
    // Another data set, or another seed, is no reference.
    std::vector<RunData> apart = {run_of("bp"), run_of("dfa"), run_of("grape")};
    for (RunData& run : apart) add_sample(run, "test_accuracy", 0, 100, run.rule == "bp" ? 0.9 : 0.7);
    apart[0].experiment.replace(apart[0].experiment.find("\"seed\": 1"), 9, "\"seed\": 2");
    QVERIFY(Racers(std::move(apart)).at().columns[2].gap.empty());
  }

  void the_headline_says_what_the_needles_say() {
    StageData stage;
    for (const auto& [name, angles] : {std::pair<const char*, std::vector<double>>{"DFA", {76, 82, 83}},
                                       {"GrAPE", {39, 32, 15}},
                                       {"Residual", {20, 17, 5}}}) {
      stage.columns.push_back(column_with(angles));
      stage.columns.back().label = name;
    }
    stage.step = 200;
    QCOMPARE(stage_headline(stage),
             std::string("Residual points within 20° of the gradient in every layer, GrAPE within 39°. "
                         "DFA is 76° off or more."));
  }

  // What is left at last tells apart who finds the gradient and who does not, and leaves no racer uncounted
  // by "2 more".
  void a_short_headline_keeps_the_nearest_and_the_farthest() {
    StageData stage;
    for (const auto& [name, angles] : {std::pair<const char*, std::vector<double>>{"DFA", {76, 82, 83}},
                                       {"GrAPE", {70, 62, 45}},
                                       {"Residual", {20, 17, 5}}}) {
      stage.columns.push_back(column_with(angles));
      stage.columns.back().label = name;
    }
    stage.step = 200;
    const std::vector<std::vector<std::string>> lines = stage_headlines(stage);
    QCOMPARE(lines.size(), std::size_t{4});
    QCOMPARE(lines[0][0], stage_headline(stage));
    QCOMPARE(lines[0][1], std::string("Residual within 20° of the gradient, GrAPE 45° to 70° off, "
                                      "DFA at least 76° off."));
    QCOMPARE(lines[1][0], std::string("Residual within 20° of the gradient, DFA at least 76° off."));
    QCOMPARE(lines[2][0], std::string("Residual within 20°, DFA at least 76° off."));
    QCOMPARE(lines[3][0], std::string("Residual within 20° of the gradient."));

    StageFigure figure;
    figure.data = stage;
    figure.headlines = lines;
    for (const double width : {1400.0, 900.0, 640.0, 480.0}) {
      figure.outer = {0, 0, width, 400};
      figure.layout = lay_out_stage(figure.outer, stage);
      RecordingPainter painter;
      figure.draw(painter, light_theme());
      const auto said = std::find_if(painter.texts.begin(), painter.texts.end(), [](const auto& text) {
        return text.text.find("Residual") != std::string::npos && text.text.ends_with('.');
      });
      QVERIFY(said != painter.texts.end());
      QVERIFY(said->text.find("DFA") != std::string::npos);
    }
  }

  void before_anything_turns_all_are_named_together() {
    StageData stage;
    for (const auto& [name, angle] : {std::pair<const char*, double>{"DFA", 88.1}, {"GrAPE", 87.9}}) {
      stage.columns.push_back(column_with({angle, 90, 91}));
      stage.columns.back().label = name;
    }
    stage.step = 0;
    QCOMPARE(stage_headline(stage), std::string("DFA and GrAPE are 88° or more off the gradient."));
  }

  // "0.6" beside "0.58" would look like another accuracy of measurement.
  void cosines_have_two_decimals() {
    QCOMPARE(cosine_words(0.6), std::string("0.60"));
    QCOMPARE(cosine_words(-0.001), std::string("0.00"));
    QCOMPARE(cosine_words(-0.123), std::string("−0.12"));
    QCOMPARE(cosine_words(NAN), std::string("–"));
  }

  // Low rows under wide columns: every ratio says that it is one.
  void ratios_keep_their_sign() {
    StageFigure figure;
    figure.outer = {0, 0, 1200, 380};
    for (int i = 0; i < 4; ++i) {
      figure.data.columns.push_back(column_with({80, 70, 60}));
      for (StageDial& dial : figure.data.columns.back().dials) dial.ratio = 39;
    }
    figure.data.step = 100;
    figure.layout = lay_out_stage(figure.outer, figure.data);
    RecordingPainter painter;
    figure.draw(painter, light_theme());
    std::size_t ratios = 0;
    for (const auto& text : painter.texts) {
      QVERIFY(text.text != "39");
      ratios += text.text.starts_with("39 ×");
    }
    QCOMPARE(ratios, std::size_t{12});
  }

  void racers_without_words_are_counted() {
    StageData stage;
    for (int i = 0; i < 5; ++i) {
      stage.columns.push_back(column_with({80}));
      stage.columns.back().label = std::to_string(i);
    }
    stage.step = 1;
    QVERIFY(stage_headline(stage, 3).ends_with(" 2 more are further off."));
    QVERIFY(stage_headline(stage, 4).ends_with(" One more is further off."));
  }

  // A batch's score is that of the needles' step; a test's says of which step it is where that is another.
  void scores_are_of_the_step_shown() {
    RunData run = run_of("dfa");
    for (const std::int64_t step : {10, 20}) add_sample(run, "cos_delta", 1, step, 0.5);
    for (const std::int64_t step : {10, 15, 20, 23})
      add_sample(run, "accuracy", 0, step, 0.01 * static_cast<double>(step));
    const StageScore batch = Racers({run}).at().columns[0].score;
    QVERIFY(near(batch.value, 0.2));
    QCOMPARE(batch.step, std::int64_t{20});
    QCOMPARE(score_source(batch, 20, true).find("step"), std::string::npos);
    add_sample(run, "test_accuracy", 0, 15, 0.4);
    const StageScore tested = Racers({run}).at().columns[0].score;
    QVERIFY(near(tested.value, 0.4));
    QCOMPARE(score_source(tested, 20, true), std::string("test, step 15"));
    QCOMPARE(score_source(tested, 15, true), std::string("test"));
  }

  // In columns of some 60 pixels a name breaks behind its dash, a reading stays in its box, and e in its
  // column.
  void narrow_columns_cut_nothing() {
    StageFigure figure;
    figure.outer = {0, 0, 570, 340};
    for (int i = 0; i < 7; ++i) {
      figure.data.columns.push_back(column_with({80, 70, 60}));
      StageColumn& column = figure.data.columns.back();
      column.label = "Kolen–Pollack";
      column.route = FeedbackRoute::input;
    }
    figure.data.step = 100;
    figure.layout = lay_out_stage(figure.outer, figure.data);
    RecordingPainter painter;
    figure.draw(painter, light_theme());
    const auto count = [&](const std::string& words) {
      return std::count_if(painter.texts.begin(), painter.texts.end(),
                           [&](const auto& text) { return text.text == words; });
    };
    QCOMPARE(count("Kolen–"), 7);
    QCOMPARE(count("Pollack"), 7);
    for (const ColumnPlace& column : figure.layout.columns)
      QVERIFY(column.error.right() <= column.area.right() + 10);  // where the column is clipped
  }

  // Seven racers in a narrow window: whoever they are can be read.
  void narrow_columns_keep_their_names() {
    StageFigure figure;
    figure.outer = {0, 0, 700, 420};
    for (int i = 0; i < 7; ++i) {
      figure.data.columns.push_back(column_with({80, 70, 60}));
      figure.data.columns.back().label = "GrAPE (align_rate=0.00" + std::to_string(i) + ")";
      figure.data.columns.back().score = {"test accuracy", 0.163, true, false, 100};
    }
    figure.data.step = 100;
    figure.layout = lay_out_stage(figure.outer, figure.data);
    RecordingPainter painter;
    figure.draw(painter, light_theme());
    for (int i = 0; i < 7; ++i) {
      const std::string setting = "0.00" + std::to_string(i);
      QVERIFY(std::any_of(painter.texts.begin(), painter.texts.end(),
                          [&](const auto& text) { return text.text.find(setting) != std::string::npos; }));
    }
    QVERIFY(painter.has_text("16.3 %"));
  }

  void columns_align_at_input_and_output() {
    StageData stage;
    stage.columns = {column_with({80, 80, 80, 80}), column_with({80, 80})};
    const StageLayout layout = lay_out_stage({0, 0, 1200, 700}, stage);
    const auto& deep = layout.columns[0].dials;
    const auto& flat = layout.columns[1].dials;
    QCOMPARE(flat.front().box.y, deep.front().box.y);
    QCOMPARE(flat.back().box.y, deep.back().box.y);
    QVERIFY(deep.back().box.y < deep.front().box.y);  // the input below
    QCOMPARE(layout.columns[0].output.y, layout.columns[1].output.y);
  }

  void everything_lies_inside_and_apart_at_any_size() {
    for (const auto& [points, columns] : {std::pair{3, 4}, {12, 7}, {55, 7}, {1, 1}}) {
      StageData stage;
      for (int c = 0; c < columns; ++c)
        stage.columns.push_back(column_with(std::vector<double>(static_cast<std::size_t>(points), 80)));
      for (const Size size : {Size{700, 400}, Size{1250, 560}, Size{1900, 1000}}) {
        const StageLayout layout = lay_out_stage({0, 0, size.width, size.height}, stage);
        double right = 0;
        for (const ColumnPlace& column : layout.columns) {
          QVERIFY(column.area.x >= right && column.area.right() <= size.width + 0.5);
          right = column.area.right();
          double top = 1e9;
          for (const DialPlace& dial : column.dials) {
            QVERIFY(dial.box.bottom() <= top && dial.box.y >= column.output.bottom());
            QVERIFY(dial.pivot.x + layout.radius <= column.area.right());
            QVERIFY(dial.box.height >= kFoldBelow - 1);
            top = dial.box.y;
          }
          const double outermost =
              column.lane + column.lane_step * static_cast<double>(column.dials.size() - 1);
          QVERIFY(outermost <= column.area.right());
        }
        QVERIFY(layout.foot_top <= size.height);
      }
    }
  }

  void equal_neighbours_fold_and_no_layer_is_lost() {
    StageData stage;
    std::vector<double> angles(60, 88);
    for (std::size_t i = 40; i < 60; ++i) angles[i] = 20;
    stage.columns = {column_with(angles), column_with(std::vector<double>(60, 89))};
    const std::vector<StageRow> rows = fold_rows(stage, 60, 20, {});
    // Where one racer's needle turns, all columns' fold ends.
    QCOMPARE(rows, (std::vector<StageRow>{{0, 39}, {40, 59}}));
    // An opened fold stands apart, row by row.
    const std::vector<StageRow> open = fold_rows(stage, 60, 30, StageRow{40, 44});
    QVERIFY(std::find(open.begin(), open.end(), StageRow{41, 41}) != open.end());
    // Whatever the needles do: each layer is in exactly one row, and there is room for all rows.
    for (std::size_t i = 0; i < 60; ++i) angles[i] = static_cast<double>(i * 53 % 180);
    stage.columns = {column_with(angles)};
    const std::vector<StageRow> wild = fold_rows(stage, 60, 20, {});
    QVERIFY(wild.size() <= 20);
    int next = 0;
    for (const StageRow& row : wild) {
      QCOMPARE(row.first, next);
      next = row.last + 1;
    }
    QCOMPARE(next, 60);
  }

  void a_network_that_agrees_everywhere_is_more_than_one_box() {
    const std::vector<StageRow> rows = split_folds({{0, 54}}, 5);
    QCOMPARE(rows.size(), std::size_t{5});
    int next = 0;
    for (const StageRow& row : rows) {
      QCOMPARE(row.first, next);
      next = row.last + 1;
    }
    QCOMPARE(next, 55);
    // Single rows stay, and nothing is split beyond its layers.
    QCOMPARE(split_folds({{0, 0}, {1, 2}}, 9), (std::vector<StageRow>{{0, 0}, {1, 1}, {2, 2}}));
  }

  void a_fold_shows_its_worst_layer() {
    const StageColumn column = column_with({80, 86, 83});
    QCOMPARE(worst_of(column, 1, 3), 1);
    StageData stage;
    stage.step = 1;
    stage.columns = {column};
    StageLayout layout;
    layout.rows = {{0, 2}};
    QVERIFY(QString::fromStdString(stage_legend(stage, layout)).contains("worst layer"));
  }

  void small_boxes_lose_their_words_and_strips_take_their_place() {
    StageData three, twelve;
    three.columns = {column_with({80, 80, 80})};
    twelve.columns = {column_with(std::vector<double>(12, 80))};
    QCOMPARE(lay_out_stage({0, 0, 900, 600}, three).words, BoxWords::full);
    QCOMPARE(lay_out_stage({0, 0, 900, 380}, three).words, BoxWords::line);
    QVERIFY(!lay_out_stage({0, 0, 900, 600}, three).strips);
    const StageLayout strips = lay_out_stage({0, 0, 900, 800}, twelve);
    QVERIFY(strips.strips && strips.words == BoxWords::none && strips.rows.size() == 12);
  }

  void each_way_of_feedback_is_drawn() {
    std::vector<RunData> runs;
    for (const char* rule : {"bp", "fa", "dfa", "pepita", "fg_activity", "ff"}) {
      RunData run = run_of(rule);
      for (int l = 1; l <= 3; ++l) add_sample(run, "cos_update", l, 10, 0.5);
      if (run.rule == "dfa" || run.rule == "fa") {
        for (int l = 1; l <= 3; ++l) add_needle(run, l, 10, 40, 50, 60);
        for (int l = 1; l <= 4; ++l) add_sample(run, "angle", l, 10, 30);
        for (int l = 1; l <= 3; ++l) add_sample(run, "cos_b_j_centred", l, 10, 0.5);
      }
      runs.push_back(run);
    }
    ScopeModel model;
    model.set_runs(pointers_to(runs), labels_of(runs));
    const auto figure = build_stage(model, ScopeLook(), {model.stage_figure(), {0, 0, 1900, 600}, false, -1});
    RecordingPainter painter;
    figure->draw(painter, light_theme());
    QCOMPARE(painter.clip_depth, 0);
    // Heads: three of BP's and of FA's, three of DFA's, two of PEPITA's, one up, three loops; and the
    // needles'.
    const int needles = 3 + 3 + 3 + 3;  // BP, FA, DFA, and the angles between FA's weights and transport
    QCOMPARE(static_cast<int>(painter.triangles.size()), 3 + 3 + 3 + 2 + 1 + 3 + needles);
    QVERIFY(painter.has_text("0°") && painter.has_text("50°") && painter.has_text("0.50"));
    for (const auto& line : painter.lines)
      for (const Point p : line.points) QVERIFY(std::isfinite(p.x) && std::isfinite(p.y));
    model.set_runs({}, {});
  }

  void pointing_choosing_walking_and_letting_go() {
    std::vector<RunData> runs = {run_of("bp"), run_of("dfa")};
    for (int l = 1; l <= 3; ++l) add_needle(runs[1], l, 10, 40, 50, 60);
    ScopeModel model;
    model.set_runs(pointers_to(runs), labels_of(runs));
    ScopeLook look;
    ScopeController controller(model, look, guessed_text_width);
    controller.set_size({1200, 800});
    model.advance();
    const ScopeLayout places = lay_out(model, {1200, 800}, guessed_text_width);
    const auto built = build_stage(model, look, *places.place_of(model.stage_figure()));
    const auto& stage = *built;
    PointerEvent event;
    event.at = stage.layout.columns[1].dials[0].box.centre();
    controller.handle(event);
    QVERIFY(model.hovered_place == (StagePlace{1, 1}));
    event.button = PointerEvent::Button::left;
    event.kind = PointerEvent::Kind::press;
    controller.handle(event);
    event.kind = PointerEvent::Kind::release;
    controller.handle(event);
    QVERIFY(model.chosen_place == (StagePlace{1, 1}));
    controller.handle(ScopeKey::up);
    QVERIFY(model.chosen_place == (StagePlace{1, 2}));
    controller.handle(ScopeKey::left);
    QVERIFY(model.chosen_place == (StagePlace{0, 2}));
    controller.handle(ScopeKey::down);
    controller.handle(ScopeKey::down);
    QVERIFY(model.chosen_place == (StagePlace{0, 1}));
    controller.handle(ScopeKey::escape);
    QVERIFY(!model.chosen_place);
    model.set_runs({}, {});
  }

  void its_table_holds_the_numbers_shown() {
    std::vector<RunData> runs = {run_of("dfa")};
    add_needle(runs[0], 2, 10, 40, 50, 60);
    add_needle(runs[0], 2, 20, 41, 51, 61);
    ScopeModel model;
    model.set_runs(pointers_to(runs), {"DFA"});
    const auto value_of = [&](const char* measure) {
      for (const FigureRow& row : figure_rows(model, model.stage_figure(), false))
        if (row.measure == measure && row.point == 2) return row.value;
      return std::nan("");
    };
    QCOMPARE(value_of("sample_angle_p50"), 51.0);
    model.held = 10;
    QCOMPARE(value_of("sample_angle_p50"), 50.0);
    QCOMPARE(value_of("sample_angle_p90"), 60.0);
    model.set_runs({}, {});
  }
};

}  // namespace grapevine

QTEST_GUILESS_MAIN(grapevine::TestStage)
#include "test_stage.moc"
