// The scope's state: measures found by themselves, following, axes, visibility. No window.
#include <QtTest>
#include <cmath>

#include "tests/plot/recording_painter.h"
#include "tests/scope/fresh_model.h"
#include "ui/plot/heat_map.h"
#include "ui/plot/line_figure.h"
#include "ui/scope/figure_export.h"
#include "ui/scope/scope_scene.h"

namespace grapevine {
namespace {

constexpr Size kSize = {900, 800};

std::vector<std::string> keys_of(const ScopeModel& model, int figure) {
  std::vector<std::string> keys;
  for (const int m : model.figures()[static_cast<std::size_t>(figure)].measures) {
    keys.push_back(measures()[static_cast<std::size_t>(m)].key);
  }
  return keys;
}

bool close(double a, double b) {
  return std::abs(a - b) <= 1e-9 * (1 + std::abs(b));
}

}  // namespace

class TestScopeModel : public QObject, private FreshModel {
  Q_OBJECT

 private Q_SLOTS:
  void init() { start_over(); }

  void figures_choose_what_has_data() {
    using Keys = std::vector<std::string>;
    QCOMPARE(keys_of(*model_, 0), (Keys{"test_accuracy", "accuracy"}));
    QCOMPARE(keys_of(*model_, 1), (Keys{"test_loss", "loss"}));
    QCOMPARE(keys_of(*model_, 2), (Keys{"cos_b_j"}));
    QCOMPARE(keys_of(*model_, 3), (Keys{"cos_b_j"}));
    // Before the first epoch is over the batch values are all there is.
    std::vector<RunData> young = made_runs(50);
    model_->set_runs(pointers_to(young), labels_of(young));
    model_->advance();
    QCOMPARE(keys_of(*model_, 0), (Keys{"accuracy"}));
    // Backpropagation alone has no feedback matrix: another cosine takes its place.
    std::vector<RunData> alone = made_runs(50, 1);
    model_->set_runs(pointers_to(alone), labels_of(alone));
    model_->advance();
    QCOMPARE(keys_of(*model_, 2), (Keys{"cos_delta"}));
    model_->set_runs({}, {});
  }

  void a_chosen_measure_stays() {
    const int chosen = measure_index("cos_delta");
    model_->choose_measure(3, {chosen});
    model_->advance();
    QCOMPARE(model_->layer_measure(), chosen);
    QCOMPARE(keys_of(*model_, 2), keys_of(*model_, 3));
    model_->choose_measure(1, {measure_index("loss")});
    model_->advance();
    QCOMPARE(keys_of(*model_, 1), (std::vector<std::string>{"loss"}));
  }

  // DRTP wants its matrices against the Jacobian: aligned is up and of one colour, as for all rules.
  void alignment_has_its_rules_sign() {
    runs_[1].rule = "drtp";
    for (auto& [key, series] : runs_[1].series)
      if (key.first == measure_index("cos_b_j"))
        for (double& value : series.value) value = -0.5;
    ++runs_[1].revision;
    model_->view = ScopeView::figures;
    ScopeScene scene(*model_, look_, kSize, guessed_text_width);
    const auto* layers = dynamic_cast<const LineFigure*>(scene.figure(2));
    for (const PlotLine& line : layers->lines)
      if (line.racer == 1) QVERIFY(close(line.sign, -1) && close(line.end_value, 0.5));
    const auto* map = dynamic_cast<const HeatMap*>(scene.figure(3));
    for (const HeatRow& row : map->rows) QCOMPARE(row.sign, row.racer == 1 ? -1.0 : 1.0);
  }

  void following_keeps_the_newest_in_view() {
    QVERIFY(model_->follow());
    QVERIFY(model_->range(0).lo == 0 && model_->range(0).hi >= 250);
    for (std::int64_t step = 251; step <= 900; ++step) add_step(runs_[1], 1, step);
    model_->advance();
    QVERIFY(model_->range(0).hi >= 900);
  }

  void panning_or_zooming_ends_following_for_good() {
    for (const bool zoom : {false, true}) {
      init();
      if (zoom) {
        model_->zoom(0, 2, 0.5);
      } else {
        model_->pan(0, -0.3);
      }
      QVERIFY(!model_->follow());
      const TimeRange mine = model_->range(0);
      for (std::int64_t step = 251; step <= 2000; ++step) add_step(runs_[1], 1, step);
      for (int frame = 0; frame < 5; ++frame) model_->advance();
      QVERIFY(!model_->follow());
      QCOMPARE(model_->range(0), mine);
      // New runs with the same names do not steal it either.
      model_->set_runs(pointers_to(runs_), labels_of(runs_));
      model_->advance();
      QCOMPARE(model_->range(0), mine);
      model_->set_follow(true);
      model_->advance();
      QVERIFY(model_->range(0).hi >= 2000);
    }
  }

  void following_again_keeps_a_zoomed_width() {
    model_->zoom(0, 5, 0.1);
    const double width = model_->range(0).span();
    model_->set_follow(true);
    for (std::int64_t step = 251; step <= 800; ++step) add_step(runs_[1], 1, step);
    model_->advance();
    QVERIFY(close(model_->range(0).span(), width));
    QVERIFY(model_->range(0).hi >= 800 && model_->range(0).lo > 0);
    model_->fit_all();
    model_->advance();
    QVERIFY(model_->follow());
    QCOMPARE(model_->range(0).lo, 0.0);
  }

  void zooming_holds_the_point_under_the_pointer() {
    const TimeRange before = model_->range(0);
    const double held = before.lo + 0.3 * before.span();
    model_->zoom(0, 2.5, 0.3);
    const TimeRange after = model_->range(0);
    QVERIFY(close(after.span(), before.span() / 2.5));
    QVERIFY(close(after.lo + 0.3 * after.span(), held));
    for (int i = 0; i < 400; ++i) model_->zoom(0, 3, 0.3);
    QVERIFY(model_->range(0).span() > 0 && std::isfinite(model_->range(0).hi));
    for (int i = 0; i < 400; ++i) model_->zoom(0, 1 / 3.0, 0.3);
    QVERIFY(std::isfinite(model_->range(0).span()));
  }

  void changing_the_axis_keeps_the_stretch() {
    model_->set_range(-1, {100, 200});
    model_->cursor = 150;
    model_->set_time_axis(TimeAxis::epoch);
    QVERIFY(close(model_->range(0).lo, 1) && close(model_->range(0).hi, 2));
    QVERIFY(close(*model_->cursor, 1.5));
    model_->set_time_axis(TimeAxis::seconds);
    QVERIFY(close(model_->range(0).lo, 50) && close(model_->range(0).hi, 100));
    model_->set_time_axis(TimeAxis::step);
    QVERIFY(close(model_->range(0).lo, 100) && close(model_->range(0).hi, 200));
    QVERIFY(!model_->follow());
  }

  void linked_figures_move_together_and_unlinked_ones_alone() {
    model_->pan(1, 0.5);
    QCOMPARE(model_->range(0), model_->range(2));
    model_->set_linked(false);
    const TimeRange before = model_->range(0);
    model_->pan(2, 0.5);
    QCOMPARE(model_->range(0), before);
    QVERIFY(model_->range(2).lo > before.lo);
    model_->set_linked(true);
    QCOMPARE(model_->range(2), before);
  }

  void hiding_and_solo() {
    model_->set_visible(1, false);
    QVERIFY(!model_->visible(1) && model_->visible(2));
    model_->solo(2);
    QVERIFY(!model_->visible(0) && !model_->visible(1) && model_->visible(2) && !model_->visible(3));
    model_->solo(2);
    for (int r = 0; r < 4; ++r) QVERIFY(model_->visible(r));
    // Shown again, a hidden run stays hidden.
    model_->set_visible(3, false);
    model_->set_runs(pointers_to(runs_), labels_of(runs_));
    QVERIFY(!model_->visible(3) && model_->visible(0));
    QVERIFY(!model_->visible(-1) && !model_->visible(99));
  }

  void a_scene_draws_the_visible_runs_only() {
    model_->view = ScopeView::figures;
    model_->set_smoothing(0);
    const auto colours = [this] {
      RecordingPainter painter;
      ScopeScene(*model_, look_, kSize, guessed_text_width).draw(painter);
      std::vector<bool> seen;
      for (const Racer& racer : model_->racers()) {
        const int index = static_cast<int>(&racer - model_->racers().data());
        seen.push_back(!painter.lines_of(look_.colour_of(*model_, index)).empty());
      }
      return seen;
    };
    QCOMPARE(colours(), (std::vector<bool>{true, true, true, true}));
    model_->set_visible(2, false);
    QCOMPARE(colours(), (std::vector<bool>{true, true, false, true}));
  }

  void titles_begin_with_a_capital_but_formulas_stay() {
    QCOMPARE(model_->title_of(1), std::string("Test loss"));
    model_->view = ScopeView::figures;
    QCOMPARE(model_->title_of(1), std::string("Test loss · batch loss (thin)"));
    QCOMPARE(model_->title_of(2), std::string("cos(B, J\u0304) of each layer"));
    model_->choose_measure(1, {measure_index("loss")});
    QCOMPARE(model_->title_of(1), std::string("Batch loss"));
  }

  void figures_lie_inside_and_apart_at_any_size() {
    for (const Size size : {Size{160, 120}, Size{320, 240}, Size{600, 900}, Size{1000, 820}, Size{1900, 700},
                            Size{3800, 2100}}) {
      const ScopeLayout layout = lay_out(*model_, size, guessed_text_width);
      QVERIFY(!layout.figures.empty());
      for (std::size_t i = 0; i < layout.figures.size(); ++i) {
        const Rect a = layout.figures[i].area;
        QVERIFY(a.x >= 0 && a.right() <= size.width + 0.5);
        QVERIFY(layout.furthest > 0 || a.bottom() <= size.height + 0.5);
        for (std::size_t k = 0; k < i; ++k) {
          const Rect b = layout.figures[k].area;
          QVERIFY(a.x >= b.right() - 0.5 || b.x >= a.right() - 0.5 || a.y >= b.bottom() - 0.5 ||
                  b.y >= a.bottom() - 0.5);
        }
      }
      RecordingPainter painter;
      ScopeScene(*model_, look_, size, guessed_text_width).draw(painter);
      QCOMPARE(painter.clip_depth, 0);
    }
  }

  void the_empty_state_says_what_to_do() {
    ScopeModel empty;
    const auto tells = [&](const char* beginning) {
      RecordingPainter painter;
      ScopeScene(empty, look_, kSize, guessed_text_width).draw(painter);
      return std::any_of(painter.texts.begin(), painter.texts.end(),
                         [&](const auto& text) { return text.text.starts_with(beginning); });
    };
    QVERIFY(tells("Press Play to start"));
    QVERIFY(scope_summary(empty).contains("Play"));
    // A lecture has no Play on the screen, and a lesson a button of its own.
    empty.lecture = true;
    QVERIFY(tells("Press Space to start"));
    empty.lesson = true;
    QVERIFY(tells("Press Run in the lesson"));
  }
};

}  // namespace grapevine

QTEST_MAIN(grapevine::TestScopeModel)
#include "test_scope_model.moc"
