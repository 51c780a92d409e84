// Where everything on the stage stands: columns, folds, small boxes; what is pointed at, and its table.
#include <QtTest>
#include <cmath>
#include <numbers>

#include "tests/plot/recording_painter.h"
#include "tests/scope/staged_runs.h"
#include "ui/scope/figure_rows.h"
#include "ui/scope/figures/stage_build.h"
#include "ui/scope/figures/stage_words.h"
#include "ui/scope/scope_controller.h"

namespace grapevine {

class TestStageLayout : public QObject {
  Q_OBJECT

 private Q_SLOTS:
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

  void one_long_name_leaves_the_others_large() {
    // Larger faces are wider.
    struct FacePainter : RecordingPainter {
      Size measure(std::string_view utf8, TextSize size) override {
        return {text_pixels(size) * 0.5 * static_cast<double>(utf8.size()), text_pixels(size)};
      }
    };
    const auto drawn_with = [](const std::string& last) {
      std::vector<RunData> runs;
      for (const char* rule : {"bp", "fa", "dfa", "grape", "residual", "fg_activity"})
        runs.push_back(run_of(rule));
      ScopeModel model;
      model.set_runs(pointers_to(runs), {"BP", "FA", "DFA", "GrAPE", "Residual", last});
      FacePainter painter;
      build_stage(model, ScopeLook(), {model.stage_figure(), {0, 0, 1200, 600}, false, -1})
          ->draw(painter, light_theme());
      model.set_runs({}, {});
      return painter.texts;
    };
    const auto face_of = [](const std::vector<RecordingPainter::Text>& texts, const std::string& beginning) {
      for (const RecordingPainter::Text& text : texts)
        if (text.text.starts_with(beginning)) return static_cast<int>(text.style.size);
      return -1;
    };
    const auto with_short = drawn_with("Forward");
    const auto with_long =
        drawn_with("Forward gradients of the activity, twenty directions a step, by Gaussians");
    QVERIFY(face_of(with_short, "Residual") >= 0);
    for (const char* name : {"BP", "Residual", "Forward"})
      QCOMPARE(face_of(with_long, name), face_of(with_short, name));
    QVERIFY(std::any_of(with_long.begin(), with_long.end(), [](const RecordingPainter::Text& text) {
      return text.text.starts_with("Forward") && text.text.ends_with("…");
    }));
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

QTEST_GUILESS_MAIN(grapevine::TestStageLayout)
#include "test_stage_layout.moc"
