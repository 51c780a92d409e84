// What the figures say to those who do not look at them, and what is kept of how they are laid out.
#include <QAccessible>
#include <QtTest>
#include <set>

#include "tests/scope/made_runs.h"
#include "ui/plot/line_figure.h"
#include "ui/scope/figure_entry.h"
#include "ui/scope/figure_rows.h"
#include "ui/scope/figures/plane_path.h"
#include "ui/scope/scope_memory.h"
#include "ui/scope/scope_scene.h"
#include "ui/scope/scope_widget.h"

namespace grapevine {

class TestScopeReading : public QObject {
  Q_OBJECT

 private:
  std::vector<QString> names(const std::vector<RunData>& runs) const {
    std::vector<QString> labels;
    for (const RunData& run : runs) labels.push_back(QString::fromStdString(run.name));
    return labels;
  }

 private Q_SLOTS:
  void each_figure_is_read_with_its_title_and_a_sentence() {
    const std::vector<RunData> runs = made_runs(200);
    ScopeWidget scope(false);
    scope.resize(900, 800);
    scope.change()->view = ScopeView::figures;
    scope.show_runs(pointers_to(runs), names(runs));
    scope.show();
    QVERIFY(QTest::qWaitForWindowExposed(&scope));
    scope.change()->advance();
    scope.grab();  // painted once: the figures have their places
    QAccessibleInterface* canvas = QAccessible::queryAccessibleInterface(scope.focusProxy());
    QVERIFY(canvas);
    QVERIFY(canvas->childCount() >= 2);
    for (int i = 0; i < canvas->childCount(); ++i) {
      QAccessibleInterface* figure = canvas->child(i);
      QVERIFY(figure && figure->isValid());
      QCOMPARE(figure->role(), QAccessible::Graphic);
      QVERIFY(!figure->text(QAccessible::Name).isEmpty());
      QVERIFY(figure->text(QAccessible::Description).endsWith(QLatin1Char('.')));
      QVERIFY(canvas->rect().contains(figure->rect().center()));
      QCOMPARE(canvas->indexOfChild(figure), i);
    }
    // Racer 0's test accuracy at step 200, by the rule that made it: 0.1 + 0.75 (1 − e^(−200/100)) = 74.8 %.
    QVERIFY2(canvas->child(0)->text(QAccessible::Description).contains(QStringLiteral("bp 74.8 %")),
             qPrintable(canvas->child(0)->text(QAccessible::Description)));
    QCOMPARE(canvas->child(canvas->childCount()), nullptr);
    scope.show_runs({}, {});
    QCOMPARE(canvas->childCount(), 0);
  }

  void without_runs_there_are_no_empty_axes() {
    ScopeModel model;
    QVERIFY(lay_out(model, {1200, 800}, guessed_text_width).figures.empty());
    model.view = ScopeView::figures;
    QVERIFY(lay_out(model, {1200, 800}, guessed_text_width).figures.empty());
  }

  void a_figure_without_room_stands_further_down() {
    const std::vector<RunData> runs = made_runs(50);
    ScopeModel model;
    model.view = ScopeView::figures;
    model.set_runs(pointers_to(runs), labels_of(runs));
    model.advance();
    QCOMPARE(lay_out(model, {700, 900}, guessed_text_width).furthest, 0.0);
    const ScopeLayout small = lay_out(model, {500, 260}, guessed_text_width);
    QVERIFY(small.furthest > 0 && !small.further(true).empty());
    // The stage is the sixth figure, and not one of these.
    QCOMPARE(small.figures.size(), std::size_t{5});
  }

  void a_layout_comes_back_whole_or_not_at_all() {
    ScopeModel model;
    model.set_time_axis(TimeAxis::epoch);
    model.set_smoothing(0.25);
    model.view = ScopeView::figures;
    model.degrees = true;
    model.figures()[1].shown = false;
    model.figures()[0].y_fixed = true;
    model.figures()[0].y_lo = 0.25;
    model.figures()[0].y_hi = 0.75;
    model.set_layer_measure(measure_index("cos_update"));
    model.set_range(-1, {3, 9});
    const std::string text = scope_layout(model, WithTime::yes);
    ScopeModel other;
    QVERIFY(apply_scope_layout(other, text));
    QCOMPARE(scope_layout(other, WithTime::yes), text);
    QCOMPARE(other.range(-1), (TimeRange{3, 9}));
    QVERIFY(!other.follow());
    QCOMPARE(other.layer_measure(), measure_index("cos_update"));
    // For other runs the stretch of time means nothing.
    ScopeModel third;
    QVERIFY(apply_scope_layout(third, scope_layout(model, WithTime::no)));
    QVERIFY(third.follow());
    const std::string before = scope_layout(third, WithTime::yes);
    for (const char* nonsense : {"", "{", "[]", "{\"version\": 2}", "{\"version\": 1}",
                                 "{\"version\": 1, \"figures\": [{\"kind\": 0, \"height\": [1]}]}"}) {
      QVERIFY2(!apply_scope_layout(third, nonsense), nonsense);
      QCOMPARE(scope_layout(third, WithTime::yes), before);
    }
  }

  // Means by hand: at step 10 the layers' cosines are 0.2 and 0.4, at step 20 0.4 and 0.8.
  void accuracy_stands_against_the_mean_alignment() {
    RunData run;
    run.rule = "grape";
    add_sample(run, "test_accuracy", 0, 0, 0.1);  // before any alignment was measured
    for (const std::int64_t step : {10, 20}) {
      add_sample(run, "cos_b_j", 1, step, 0.02 * static_cast<double>(step));
      add_sample(run, "cos_b_j", 2, step, 0.04 * static_cast<double>(step));
      add_sample(run, "test_accuracy", 0, step + 1, 0.03 * static_cast<double>(step));
    }
    const std::vector<PlanePoint> path = plane_path(run);
    QCOMPARE(path.size(), std::size_t{2});
    QCOMPARE(path[0].step, std::int64_t{11});
    QVERIFY(std::abs(path[0].alignment - 0.3) < 1e-12 && std::abs(path[1].alignment - 0.6) < 1e-12);
    QVERIFY(std::abs(path[1].score - 0.6) < 1e-12);
    // DRTP's matrices are aligned where the cosine is −1; BP has none.
    run.rule = "drtp";
    QVERIFY(std::abs(plane_path(run)[0].alignment + 0.3) < 1e-12);
    run.rule = "bp";
    QVERIFY(plane_path(run).empty());
  }

  void the_plane_is_drawn_and_has_rows() {
    const std::vector<RunData> runs = made_runs(300);
    ScopeModel model;
    model.view = ScopeView::figures;
    model.set_runs(pointers_to(runs), labels_of(runs));
    for (FigureState& state : model.figures()) state.shown = state.entry->traits().key == "plane";
    model.advance();
    const ScopeLayout layout = lay_out(model, {800, 500}, guessed_text_width);
    QCOMPARE(layout.figures.size(), std::size_t{1});
    ScopeLook look;
    const auto built =
        entry_of(model, layout.figures.front().figure).build(model, look, layout.figures.front());
    const auto& plane = static_cast<const LineFigure&>(*built);
    QCOMPARE(plane.lines.size(), std::size_t{3});                       // not BP
    QCOMPARE(plane.lines.front().main->points.size(), std::size_t{3});  // tested at 100, 200, 300
    QCOMPARE(figure_rows(model, layout.figures.front().figure, false).size(), std::size_t{18});
  }

  void twelve_runs_of_one_rule_look_different() {
    std::vector<RunData> runs(kLooks + 1);
    for (RunData& run : runs) run.rule = "grape";
    for (const bool everywhere : {false, true}) {
      ScopeModel model;
      const ScopeLook look;
      model.dashes_everywhere = everywhere;
      model.set_runs(pointers_to(runs), {});
      std::set<std::pair<Colour, Dash>> looks;
      for (int racer = 0; racer < kLooks; ++racer)
        looks.insert({look.colour_of(model, racer), model.dash_of(racer)});
      QCOMPARE(looks.size(), static_cast<std::size_t>(kLooks));
      QCOMPARE(model.first_lookalike(), kLooks);
    }
  }
};

}  // namespace grapevine

int main(int argc, char** argv) {
  QCoreApplication::setAttribute(Qt::AA_ShareOpenGLContexts);
  QApplication app(argc, argv);
  grapevine::TestScopeReading test;
  return QTest::qExec(&test, argc, argv);
}
#include "test_scope_reading.moc"
