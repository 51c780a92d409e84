// Figures that have no room in view: they scroll, are named, and the cosines keep theirs longest.
#include <QtTest>
#include <algorithm>

#include "tests/plot/recording_painter.h"
#include "tests/scope/made_runs.h"
#include "ui/scope/figure_entry.h"
#include "ui/scope/scope_controller.h"

namespace grapevine {
namespace {

using Do = PointerEvent::Kind;

/// The canvas of a window of 1280 × 800 with form and library open.
constexpr Size kLow = {960, 480};

}  // namespace

class TestScrolling : public QObject {
  Q_OBJECT

 private:
  ScopeLayout layout() const { return lay_out(*model_, controller_->size(), guessed_text_width); }
  bool seen(const char* key) const {
    const ScopeLayout now = layout();
    return std::any_of(now.figures.begin(), now.figures.end(), [&](const FigurePlace& place) {
      return entry_of(*model_, place.figure).traits().key == key && now.in_view(place);
    });
  }
  void wheel(Point point, double notches) {
    PointerEvent event;
    event.kind = Do::wheel;
    event.at = point;
    event.wheel = notches;
    controller_->handle(event);
  }
  void click(Point point) {
    PointerEvent event;
    event.kind = Do::press;
    event.at = point;
    event.button = PointerEvent::Button::left;
    controller_->handle(event);
    event.kind = Do::release;
    controller_->handle(event);
  }

 private Q_SLOTS:
  void init() {
    runs_ = made_runs(250);
    model_ = std::make_unique<ScopeModel>();
    model_->set_runs(pointers_to(runs_), labels_of(runs_));
    model_->advance();
    controller_ = std::make_unique<ScopeController>(*model_, look_, guessed_text_width);
    controller_->set_size(kLow);
  }

  void every_figure_has_a_place_and_the_cosines_are_in_view() {
    model_->view = ScopeView::figures;
    for (const Size size : {Size{300, 200}, Size{500, 260}, kLow, Size{700, 420}}) {
      controller_->set_size(size);
      for (std::size_t i = 0; i < model_->figures().size(); ++i)
        if (model_->figures()[i].shown && static_cast<int>(i) != model_->stage_figure())
          QVERIFY(layout().place_of(static_cast<int>(i)));
      QVERIFY(seen("layers"));
    }
    controller_->set_size({500, 260});
    QVERIFY(!seen("events"));
    QVERIFY(layout().strip.width > 0 && layout().furthest > 0);
    for (const FigurePlace& place : layout().figures)
      QVERIFY(!place.scrolls || place.area.right() <= layout().track.x);
    // Where all have room there is neither strip nor bar.
    controller_->set_size({1200, 900});
    QCOMPARE(layout().furthest, 0.0);
    QVERIFY(layout().strip.width == 0 && layout().thumb.width == 0);
  }

  void in_a_low_window_the_rows_follow_the_stage() {
    QVERIFY(seen("stage"));
    const ScopeLayout top = layout();
    QVERIFY(top.furthest > 0);
    const std::vector<int> out = top.further(true);
    QVERIFY(!out.empty());
    RecordingPainter painter;
    ScopeScene(*model_, look_, kLow, guessed_text_width).draw(painter);
    QCOMPARE(painter.clip_depth, 0);
    // The strip names the first of them.
    const std::string name = model_->figure_names()[static_cast<std::size_t>(out.front())];
    QVERIFY(std::any_of(painter.texts.begin(), painter.texts.end(),
                        [&](const auto& text) { return text.text.starts_with(name); }));
    // A wheel has nothing to zoom on the stage: it scrolls, to the end and no further.
    for (int i = 0; i < 50; ++i) wheel({200, 100}, -1);
    QCOMPARE(layout().scrolled, layout().furthest);
    QVERIFY(layout().further(true).empty());
    QVERIFY(seen("accuracy"));
    // The strip then leads back.
    click(layout().strip.centre());
    QCOMPARE(layout().scrolled, 0.0);
    click(layout().strip.centre());
    QVERIFY(layout().scrolled > 0);
  }

  void keys_reach_all_of_them() {
    controller_->handle(ScopeKey::scroll_down);
    QVERIFY(layout().scrolled > 0);
    controller_->handle(ScopeKey::scroll_up);
    QCOMPARE(layout().scrolled, 0.0);
    std::vector<int> all;
    for (const FigurePlace& place : layout().figures)
      if (std::find(all.begin(), all.end(), place.figure) == all.end()) all.push_back(place.figure);
    for (const int figure : all) {
      controller_->handle(ScopeKey::next_figure);
      QCOMPARE(model_->chosen_figure, figure);
      const ScopeLayout now = layout();
      const Rect& area = now.place_of(figure)->area;
      QVERIFY(area.y >= now.viewport.y - 1);
      QVERIFY(area.bottom() <= now.viewport.bottom() + 1 || area.height > now.viewport.height);
    }
  }

  void what_is_scrolled_beneath_the_names_is_not_pointed_at() {
    model_->view = ScopeView::figures;
    controller_->set_size({500, 260});
    model_->scroll_to(1e9);
    const ScopeLayout now = layout();
    QCOMPARE(now.scrolled, now.furthest);
    // Right of the names and above the viewport.
    const double before = now.scrolled;
    click({now.all.right() - 20, now.viewport.y - 3});
    QCOMPARE(layout().scrolled, before);
    QCOMPARE(model_->hovered_figure, -1);
  }

  void the_bar_is_dragged() {
    const ScopeLayout top = layout();
    PointerEvent event;
    event.kind = Do::press;
    event.at = top.thumb.centre();
    event.button = PointerEvent::Button::left;
    controller_->handle(event);
    event.kind = Do::move;
    event.at.y += 500;
    controller_->handle(event);
    event.kind = Do::release;
    controller_->handle(event);
    QCOMPARE(layout().scrolled, layout().furthest);
    QVERIFY(std::abs(layout().thumb.bottom() - layout().track.bottom()) < 1);
  }

  void each_view_is_scrolled_by_itself() {
    model_->scroll_to(40);
    model_->view = ScopeView::figures;
    QCOMPARE(model_->scroll(), 0.0);
    model_->view = ScopeView::stage;
    QCOMPARE(model_->scroll(), 40.0);
  }

 private:
  std::vector<RunData> runs_;
  std::unique_ptr<ScopeModel> model_;
  std::unique_ptr<ScopeController> controller_;
  ScopeLook look_;
};

}  // namespace grapevine

QTEST_GUILESS_MAIN(grapevine::TestScrolling)
#include "test_scrolling.moc"
