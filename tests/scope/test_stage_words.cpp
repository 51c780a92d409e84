// The stage in words: its headline, numbers, scores, and what narrow columns leave of them.
#include <QtTest>
#include <cmath>
#include <numbers>

#include "tests/plot/recording_painter.h"
#include "tests/scope/staged_runs.h"
#include "ui/scope/figures/stage_build.h"
#include "ui/scope/figures/stage_words.h"
#include "ui/scope/scope_controller.h"

namespace grapevine {

class TestStageWords : public QObject {
  Q_OBJECT

 private Q_SLOTS:
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

  // Nothing is coming any more: not "will appear here", not "Finished".
  void a_race_that_failed_at_once_says_so() {
    RunData run = run_of("dfa");
    run.events.clear();
    run.events.push_back(made_event("failed", 0, "data.dir=/nowhere: there is no such folder", "{}"));
    const Racers racers({run});
    QCOMPARE(stage_headline(racers.at()), std::string("Failed before anything was measured."));
    QCOMPARE(stage_end(racers.at(), racers.list()), std::string());
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

  // In columns of some 60 pixels a name breaks behind its dash, and e stays in its column.
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

  // Of two lines next to each other none is in a smaller face than the other.
  void lines_beneath_the_headline_are_alike() {
    StageFigure figure;
    figure.outer = {0, 0, 400, 340};
    figure.data.columns.push_back(column_with({80, 70, 60}));
    figure.data.step = 100;
    figure.layout = lay_out_stage(figure.outer, figure.data);
    figure.end = "Finished: DFA 24.6 %.";
    figure.legend = "Needle: median angle; fan: middle 80 % of samples; grey: chance; pale: misaligned.";
    RecordingPainter painter;
    figure.draw(painter, light_theme());
    std::vector<TextSize> faces;
    for (const auto& text : painter.texts)
      if (text.text == figure.end || text.text.starts_with("Needle")) faces.push_back(text.style.size);
    QCOMPARE(faces.size(), std::size_t{2});
    QVERIFY(faces[0] == faces[1]);
  }

  // Seven racers in a narrow window: their names can be read.
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
};

}  // namespace grapevine

QTEST_GUILESS_MAIN(grapevine::TestStageWords)
#include "test_stage_words.moc"
