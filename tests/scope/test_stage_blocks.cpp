// Residual networks on the stage: blocks stand and fold as wholes, a way goes past them, boxes share one
// wording; and how a run ended.
#include <QtTest>
#include <algorithm>
#include <cmath>

#include "tests/plot/recording_painter.h"
#include "tests/scope/made_runs.h"
#include "ui/plot/theme.h"
#include "ui/scope/figures/stage_figure.h"
#include "ui/scope/figures/stage_words.h"

namespace grapevine {
namespace {

/// So many points behind a first convolution, in blocks of two, as ResNets have with micro points.
StageColumn residual_column(int points) {
  StageColumn column;
  column.label = "GrAPE";
  column.route = FeedbackRoute::direct;
  for (int point = 1; point <= points; ++point) {
    StageDial dial;
    dial.point = point;
    dial.reading = DialReading::median;
    dial.angle = (point * 53) % 180;
    column.dials.push_back(dial);
  }
  for (int first = 2; first <= points; first += 2) column.blocks.push_back({first, first + 1});
  return column;
}

StageFigure figure_of(const StageData& data, Size size) {
  StageFigure figure;
  figure.outer = {0, 0, size.width, size.height};
  figure.data = data;
  figure.layout = lay_out_stage(figure.outer, data);
  return figure;
}

StageData ended(const std::vector<const char*>& kinds) {
  RunData run;
  const RunSketch sketch;
  run.rule = "dfa";
  for (std::size_t i = 0; i < kinds.size(); ++i)
    run.events.push_back(made_event(kinds[i], 1200 + static_cast<std::int64_t>(i), "", "{}"));
  return stage_at({{0, &run, &sketch, "DFA", 0xff123456}}, TimeAxis::step, {});
}

}  // namespace

class TestStageBlocks : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void a_run_says_which_layers_a_way_goes_past() {
    RunData run;
    run.events.push_back(
        made_event("started", 0, "",
                   "{\"segments\": [\"a\", \"b\", \"c\"], \"features\": [4, 4, 2], \"inputs\": 8, "
                   "\"blocks\": [[1, 1], [2, 3], [0, 1], [3, 2]]}"));
    // What can't be is left out.
    QCOMPARE(sketch_of(run).blocks, (std::vector<StageBlock>{{1, 1}, {2, 3}}));
    run.events.front().data = "{\"blocks\": [[1]]}";
    QVERIFY(sketch_of(run).blocks.empty());
  }

  void folds_end_where_blocks_do() {
    StageData stage;
    stage.columns = {residual_column(55)};
    const std::vector<StageRow> blocks = blocks_of(stage, 55);
    QCOMPARE(blocks.size(), std::size_t{27});
    const auto is_edge = [](int slot) { return slot == 0 || slot % 2 == 1; };  // blocks begin at odd depth
    // One row per block where that is enough.
    QCOMPARE(fold_rows(stage, 55, 28, {}).size(), std::size_t{28});
    for (const int most : {20, 12, 5})
      for (const StageRow& row : split_folds(fold_rows(stage, 55, most, {}), 5, blocks)) {
        QVERIFY2(is_edge(row.first), qPrintable(QString::number(row.first)));
        QVERIFY(row.last == 0 || row.last % 2 == 0);
      }
    // An opened fold shows each of its layers.
    const std::vector<StageRow> open = fold_rows(stage, 55, 40, StageRow{3, 6});
    for (int slot = 3; slot <= 6; ++slot)
      QVERIFY(std::find(open.begin(), open.end(), StageRow{slot, slot}) != open.end());
    // All that agree: halved at the edges of blocks too.
    for (const StageRow& row : split_folds({{0, 54}}, 5, blocks)) QVERIFY(is_edge(row.first));
  }

  void a_blocks_layers_stand_together_and_a_way_goes_past_them() {
    StageData stage;
    stage.columns = {residual_column(5)};
    const StageFigure figure = figure_of(stage, {700, 900});
    const ColumnPlace& place = figure.layout.columns[0];
    QCOMPARE(place.dials.size(), std::size_t{5});
    QCOMPARE(place.skips.size(), std::size_t{2});
    const auto gap = [&](std::size_t lower) {
      return place.dials[lower].box.y - place.dials[lower + 1].box.bottom();
    };
    QVERIFY(gap(1) < gap(0) - 4 && gap(1) < gap(2) - 4 && gap(3) < gap(2) - 4);
    QVERIFY(gap(1) > 0);
    for (std::size_t i = 0; i < place.dials.size(); ++i)
      QVERIFY(std::abs(place.dials[i].pivot.y - place.dials[i].box.centre().y) <= 1);
    // Around the layers 2 and 3, and no others.
    const Rect& first = place.skips.front();
    QVERIFY(first.y <= place.dials[2].box.y && first.bottom() >= place.dials[1].box.bottom());
    QVERIFY(first.y >= place.dials[3].box.bottom() && first.bottom() <= place.dials[0].box.y);
    RecordingPainter painter;
    figure.draw(painter, light_theme());
    QCOMPARE(painter.clip_depth, 0);
  }

  void boxes_share_one_wording() {
    StageColumn exact = residual_column(55), other = residual_column(55);
    exact.route = FeedbackRoute::backward;
    for (StageDial& dial : exact.dials) dial.reading = DialReading::exact;
    for (StageDial& dial : exact.dials) dial.angle = 0;
    for (StageDial& dial : other.dials) dial.angle = 90;  // a few large folds
    StageData stage;
    stage.columns = {exact, other, other};
    bool some = false;
    for (int width = 420; width <= 1200; width += 60) {
      const StageFigure figure = figure_of(stage, {static_cast<double>(width), 440});
      RecordingPainter painter;
      figure.draw(painter, light_theme());
      const auto any = [&](const char* begin) {
        return std::any_of(painter.texts.begin(), painter.texts.end(), [&](const auto& text) {
          return text.text.starts_with(begin) && text.text.find("–") != std::string::npos;
        });
      };
      QVERIFY2(!(any("Layers ") && any("L1")), qPrintable(QString::number(width)));
      some = some || any("Layers ") || any("L1");
    }
    QVERIFY(some);
  }

  void a_stopped_run_is_not_finished() {
    QCOMPARE(stage_end(ended({"finished"}), {{}}), std::string("Finished."));
    QCOMPARE(stage_end(ended({"stopped"}), {{}}), std::string("Stopped at step 1,200, before the end."));
    QCOMPARE(stage_end(ended({"stopped", "resumed"}), {{}}), std::string());
    QCOMPARE(stage_end(ended({"stopped", "resumed", "finished"}), {{}}), std::string("Finished."));
    // A racer that was through when the race was stopped.
    QCOMPARE(stage_end(ended({"finished", "stopped"}), {{}}), std::string("Finished."));
  }

  void racers_that_end_alike_are_not_ordered() {
    const RunSketch sketch;
    const std::vector<StageRacer> racers(2, {0, nullptr, &sketch, "", 0});
    const auto words = [&](double dfa) {
      StageData stage;
      stage.columns.resize(2);
      stage.columns[0].label = "BP";
      stage.columns[1].label = "DFA";
      for (StageColumn& column : stage.columns) column.finished = true;
      stage.columns[0].score = {"test accuracy", 0.35, true};
      stage.columns[1].score = {"test accuracy", dfa, true};
      return stage_end(stage, racers);
    };
    QVERIFY(words(0.30).find("then DFA") != std::string::npos);
    QCOMPARE(words(0.35), std::string("Finished: BP 35.0 % and DFA 35.0 % alike (one seed)."));
  }
};

}  // namespace grapevine

QTEST_GUILESS_MAIN(grapevine::TestStageBlocks)
#include "test_stage_blocks.moc"
