// Mouse and keys on the scope, without a window.
#include <QtTest>
#include <cmath>

#include "tests/scope/made_runs.h"
#include "ui/plot/line_figure.h"
#include "ui/scope/figure_entry.h"
#include "ui/scope/scope_controller.h"

namespace grapevine {
namespace {

using Do = PointerEvent::Kind;
using Button = PointerEvent::Button;

}  // namespace

class TestScopeController : public QObject {
  Q_OBJECT

 private:
  PointerEvent at(Do kind, Point point, Button button = Button::none) const {
    PointerEvent event;
    event.kind = kind;
    event.at = point;
    event.button = button;
    return event;
  }
  void click(Point point, Button button = Button::left, bool alt = false) {
    PointerEvent event = at(Do::press, point, button);
    event.alt = alt;
    controller_->handle(event);
    event.kind = Do::release;
    controller_->handle(event);
  }
  void drag(Point from, Point to, Button button = Button::left) {
    controller_->handle(at(Do::press, from, button));
    for (int i = 1; i <= 5; ++i) {
      controller_->handle(at(Do::move, {from.x + (to.x - from.x) * i / 5, from.y + (to.y - from.y) * i / 5}));
    }
    controller_->handle(at(Do::release, to, button));
  }
  ScopeLayout layout() const { return lay_out(*model_, controller_->size(), guessed_text_width); }
  std::unique_ptr<Figure> figure(int index) {
    return entry_of(*model_, index).build(*model_, look_, *layout().place_of(index));
  }
  Axis height(int index) { return entry_of(*model_, index).height(*model_, look_, index); }
  Rect plot(int index) { return figure(index)->plot(); }
  Point chip(int racer) const { return layout().chips[static_cast<std::size_t>(racer)].area.centre(); }

 private Q_SLOTS:
  void init() {
    runs_ = made_runs(250);
    model_ = std::make_unique<ScopeModel>();
    look_ = {};
    model_->view = ScopeView::figures;
    model_->set_runs(pointers_to(runs_), labels_of(runs_));
    model_->advance();
    controller_ = std::make_unique<ScopeController>(*model_, look_, guessed_text_width);
    controller_->set_size({900, 800});
  }

  void dragging_moves_the_data_with_the_hand() {
    const Rect area = plot(0);
    const TimeRange before = model_->range(0);
    drag(area.centre(), {area.centre().x - area.width / 4, area.centre().y});
    const TimeRange after = model_->range(0);
    QVERIFY(std::abs(after.lo - (before.lo + before.span() / 4)) < 1e-9);
    QVERIFY(std::abs(after.span() - before.span()) < 1e-9);
    QVERIFY(!model_->follow());
    QVERIFY(!model_->figures()[0].y_fixed);
  }

  void a_click_is_no_drag() {
    const Point middle = plot(0).centre();
    drag(middle, {middle.x + 2, middle.y + 1});
    QVERIFY(model_->follow());
  }

  void the_wheel_zooms_around_the_pointer() {
    const Rect area = plot(1);
    const auto* lines = static_cast<const LineFigure*>(figure(1).release());
    const std::unique_ptr<const LineFigure> kept(lines);
    const Point pointer = {area.x + area.width * 0.25, area.y + area.height * 0.25};
    const double value = kept->y.from_unit(0.75);
    const TimeRange before = model_->range(1);
    PointerEvent wheel = at(Do::wheel, pointer);
    wheel.wheel = 2;
    controller_->handle(wheel);
    const TimeRange after = model_->range(1);
    QVERIFY(after.span() < before.span());
    QVERIFY(std::abs((after.lo + 0.25 * after.span()) - (before.lo + 0.25 * before.span())) < 1e-9);
    QVERIFY(model_->figures()[1].y_fixed);
    QVERIFY(std::abs(height(1).from_unit(0.75) - value) < 1e-9);
    // Shift: time alone. Ctrl: height alone.
    const double height = model_->figures()[1].y_hi - model_->figures()[1].y_lo;
    wheel.shift = true;
    controller_->handle(wheel);
    QCOMPARE(model_->figures()[1].y_hi - model_->figures()[1].y_lo, height);
    const TimeRange kept_range = model_->range(1);
    wheel.shift = false;
    wheel.ctrl = true;
    controller_->handle(wheel);
    QCOMPARE(model_->range(1), kept_range);
    QVERIFY(model_->figures()[1].y_hi - model_->figures()[1].y_lo < height);
  }

  void cosines_zoom_like_every_axis() {
    PointerEvent wheel = at(Do::wheel, plot(2).centre());
    wheel.wheel = 3;
    controller_->handle(wheel);
    QVERIFY(model_->figures()[2].y_fixed);
    QVERIFY(!model_->follow());
    QVERIFY(height(2).hi - height(2).lo < 1);
  }

  void dragging_an_axis_zooms_it() {
    const Rect area = plot(1);
    const TimeRange before = model_->range(1);
    drag({area.x - 20, area.centre().y}, {area.x - 20, area.centre().y - 60});
    QVERIFY(model_->figures()[1].y_fixed);
    QCOMPARE(model_->range(1), before);
    const FigurePlace last = layout().figures.back();
    const Rect lowest = plot(last.figure);
    drag({lowest.centre().x, lowest.bottom() + 10}, {lowest.centre().x + 100, lowest.bottom() + 10});
    QVERIFY(model_->range(1).span() < before.span());
  }

  void double_click_fits() {
    model_->zoom(0, 4, 0.5);
    model_->figures()[0].y_fixed = true;
    controller_->handle(at(Do::double_click, plot(0).centre(), Button::left));
    QCOMPARE(model_->range(0).lo, 0.0);
    QVERIFY(model_->range(0).hi >= 250);
    QVERIFY(!model_->figures()[0].y_fixed);
  }

  void a_marked_stretch_is_zoomed_to() {
    const Rect area = plot(0);
    const TimeRange before = model_->range(0);
    drag({area.x + area.width * 0.75, area.centre().y}, {area.x + area.width * 0.5, area.centre().y},
         Button::right);
    QVERIFY(std::abs(model_->range(0).lo - (before.lo + 0.5 * before.span())) < 1e-9);
    QVERIFY(std::abs(model_->range(0).hi - (before.lo + 0.75 * before.span())) < 1e-9);
    QVERIFY(!model_->selection);
  }

  void the_legend_hides_solos_and_highlights() {
    controller_->handle(at(Do::move, chip(1)));
    QCOMPARE(model_->highlighted, 1);
    click(chip(1));
    QVERIFY(!model_->visible(1));
    click(chip(1));
    QVERIFY(model_->visible(1));
    click(chip(2), Button::left, true);
    QVERIFY(model_->visible(2) && !model_->visible(0) && !model_->visible(1) && !model_->visible(3));
    controller_->handle(at(Do::move, plot(0).centre()));
    QCOMPARE(model_->highlighted, -1);
  }

  void two_quick_clicks_on_the_legend_are_two() {
    click(chip(0));
    controller_->handle(at(Do::double_click, chip(0), Button::left));
    controller_->handle(at(Do::release, chip(0), Button::left));
    QVERIFY(model_->visible(0));
  }

  void the_title_asks_for_a_measure_and_the_switch_for_a_log() {
    int asked = -1;
    controller_->requests.measure_menu = [&](int figure, Point) { asked = figure; };
    click(figure(2)->title_area().centre());
    QCOMPARE(asked, 2);
    click(figure(1)->control_area(0).centre());
    QVERIFY(model_->figures()[1].log);
    click(figure(1)->control_area(0).centre());
    QVERIFY(!model_->figures()[1].log);
  }

  void the_cursor_runs_through_all_figures() {
    const Rect area = plot(2);
    controller_->handle(at(Do::move, {area.x + area.width / 2, area.centre().y}));
    const TimeRange range = model_->range(2);
    QVERIFY(model_->cursor && std::abs(*model_->cursor - (range.lo + range.span() / 2)) < 1e-9);
    const ScopeScene scene(*model_, look_, controller_->size(), guessed_text_width);
    for (const FigurePlace& place : scene.layout().figures) {
      QCOMPARE(scene.figure(place.figure)->crosshair, model_->cursor);
      QCOMPARE(scene.figure(place.figure)->pointer_inside, place.figure == 2);
    }
    controller_->handle(at(Do::leave, {}));
    QVERIFY(!model_->cursor);
  }

  void a_mark_under_the_pointer_is_found_and_chosen() {
    std::pair<int, std::int64_t> chosen = {-1, -1};
    controller_->requests.event_chosen = [&](int racer, std::int64_t step) { chosen = {racer, step}; };
    const auto loss = figure(1);
    const Point mark = {loss->x_pixel(200), loss->plot().y + 4};
    controller_->handle(at(Do::move, mark));
    const ScopeScene scene(*model_, look_, controller_->size(), guessed_text_width);
    QCOMPARE(scene.hovered_event().racer, 1);
    // The same calibration stands out in the other figures.
    int elsewhere = 0;
    for (const Mark& m : scene.figure(2)->marks) elsewhere += m.hovered;
    QCOMPARE(elsewhere, 1);
    click(mark);
    QCOMPARE(chosen.first, 1);
    QCOMPARE(chosen.second, std::int64_t(200));
  }

  void calibrations_at_one_step_are_each_seen_and_each_found() {
    const auto loss = figure(1);
    std::vector<std::size_t> above;
    for (std::size_t i = 0; i < loss->marks.size(); ++i)
      if (loss->marks[i].x == 200) above.push_back(loss->marks_above(i));
    QCOMPARE(above, (std::vector<std::size_t>{0, 1, 2}));  // DFA, GrAPE and residual alignment
    for (int which = 0; which < 3; ++which) {
      controller_->handle(at(Do::move, {loss->x_pixel(200), loss->plot().y + 3 + 7 * which}));
      QCOMPARE(ScopeScene(*model_, look_, controller_->size(), guessed_text_width).hovered_event().racer,
               1 + which);
    }
  }

  void a_legend_entry_is_shown_alone_without_alt() {
    PointerEvent event = at(Do::press, chip(1), Button::left);
    event.ctrl = true;
    controller_->handle(event);
    event.kind = Do::release;
    controller_->handle(event);
    for (int racer = 0; racer < 4; ++racer) QCOMPARE(model_->visible(racer), racer == 1);
    click(chip(1), Button::middle);
    for (int racer = 0; racer < 4; ++racer) QVERIFY(model_->visible(racer));
    int asked = -1;
    controller_->requests.chip_menu = [&](int racer, Point) { asked = racer; };
    click(chip(2), Button::right);
    QCOMPARE(asked, 2);
  }

  void keys_do_what_the_functions_do() {
    controller_->handle(ScopeKey::right);
    QVERIFY(!model_->follow());
    const double before = model_->range(0).lo;
    controller_->handle(ScopeKey::left);
    QVERIFY(model_->range(0).lo < before);
  }

  void keys_walk_along_the_calibrations() {
    model_->cursor.reset();
    model_->set_range(-1, {0, 240});
    controller_->handle(ScopeKey::next_event);
    QCOMPARE(*model_->cursor, 200.0);
    controller_->handle(ScopeKey::previous_event);
    QCOMPARE(*model_->cursor, 100.0);
    controller_->handle(ScopeKey::previous_event);
    QCOMPARE(*model_->cursor, 100.0);
  }

  void the_second_cursor_is_set_and_taken_away() {
    controller_->handle(at(Do::move, plot(0).centre()));
    controller_->handle(ScopeKey::second_cursor);
    QCOMPARE(model_->anchor, model_->cursor);
    controller_->handle(ScopeKey::escape);
    QVERIFY(!model_->anchor);
  }

 private:
  std::vector<RunData> runs_;
  std::unique_ptr<ScopeModel> model_;
  ScopeLook look_;
  std::unique_ptr<ScopeController> controller_;
};

}  // namespace grapevine

QTEST_GUILESS_MAIN(grapevine::TestScopeController)
#include "test_scope_controller.moc"
