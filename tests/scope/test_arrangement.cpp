// The user's figures: added, removed, moved, resized, kept; what stands along their axes.
#include <QtTest>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "tests/plot/recording_painter.h"
#include "tests/scope/made_runs.h"
#include "ui/plot/line_figure.h"
#include "ui/scope/figure_entry.h"
#include "ui/scope/figure_rows.h"
#include "ui/scope/figures/plane_path.h"
#include "ui/scope/scope_controller.h"
#include "ui/scope/scope_memory.h"

namespace grapevine {
namespace {

constexpr Size kSize = {1200, 800};

bool close(double a, double b) {
  return std::abs(a - b) <= 1e-9 * (1 + std::abs(b));
}

}  // namespace

class TestArrangement : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() {
    runs_ = made_runs(250);
    for (RunData& run : runs_) run.experiment = R"({"train": {"batch": 32}})";
    model_ = std::make_unique<ScopeModel>();
    look_ = {};
    model_->set_runs(pointers_to(runs_), labels_of(runs_));
    model_->view = ScopeView::figures;
    model_->advance();
    controller_ = std::make_unique<ScopeController>(*model_, look_, guessed_text_width);
    controller_->set_size(kSize);
  }

  void one_more_of_a_kind_has_a_measure_of_its_own() {
    const int delta = measure_index("cos_delta");
    const int added = model_->add_figure("layers", {delta});
    QCOMPARE(added, static_cast<int>(figure_entries().size()));
    model_->advance();
    QCOMPARE(model_->figures()[static_cast<std::size_t>(added)].measures, std::vector<int>{delta});
    QCOMPARE(model_->layer_measure(), measure_index("cos_b_j"));
    model_->choose_measure(added, {measure_index("cos_b_j")});
    QCOMPARE(model_->figures()[static_cast<std::size_t>(added)].measures.front(), measure_index("cos_b_j"));
    model_->choose_measure(added, {delta});
    model_->set_layer_measure("cos_b_j");
    QCOMPARE(model_->figures()[static_cast<std::size_t>(added)].measures.front(), delta);
    QVERIFY(layout().place_of(added));
    const std::vector<std::string> names = model_->figure_names();
    QCOMPARE(std::set<std::string>(names.begin(), names.end()).size(), names.size());
    model_->remove_figure(added);
    QCOMPARE(model_->figures().size(), figure_entries().size());
    // What was there to begin with is hidden, and comes back.
    model_->remove_figure(1);
    QCOMPARE(model_->figures().size(), figure_entries().size());
    QVERIFY(!model_->figure("loss").shown);
    model_->remove_figure(model_->stage_figure());
    QVERIFY(model_->figure("stage").shown && model_->view == ScopeView::figures);
  }

  void there_is_an_end_to_adding() {
    while (model_->add_figure("loss", {measure_index("loss")}) >= 0) continue;
    QCOMPARE(model_->figures().size(), kMostFigures);
    model_->advance();
    // Who has no room stands further down, and the layers are the last to go there.
    const ScopeLayout small = lay_out(*model_, {500, 420}, guessed_text_width);
    QVERIFY(small.further(true).size() > 40);
    QVERIFY(small.in_view(*small.place_of(2)));
  }

  void figures_move_behind_and_before_each_other() {
    const auto keys = [&] {
      std::string all;
      for (const FigureState& state : model_->figures()) all += state.entry->traits().key + " ";
      return all;
    };
    QCOMPARE(model_->place_figure(0, 1, false), 1);
    QCOMPARE(keys(), std::string("loss accuracy layers heat_map events stage plane "));
    QCOMPARE(model_->place_figure(3, 0, true), 0);
    QCOMPARE(keys(), std::string("heat_map loss accuracy layers events stage plane "));
    QVERIFY(model_->in_left_column(0));  // where it was put
    QCOMPARE(model_->place_figure(0, 0, true), 0);
    model_->change_column(0);
    QVERIFY(!model_->in_left_column(0));
  }

  void a_dragged_title_carries_its_figure() {
    const Rect first = layout().place_of(0)->area, second = layout().place_of(1)->area;
    drag({first.x + Figure::kLeftMargin + 5, first.y + 8}, {second.centre().x, second.bottom() - 20});
    QCOMPARE(model_->figures()[0].entry->traits().key, std::string("loss"));
    QCOMPARE(model_->figures()[1].entry->traits().key, std::string("accuracy"));
    QVERIFY(!model_->drop_mark);
    // Over nothing it stays.
    const Rect now = layout().place_of(0)->area;
    drag({now.x + Figure::kLeftMargin + 5, now.y + 8}, {5, 3});
    QCOMPARE(model_->figures()[0].entry->traits().key, std::string("loss"));
  }

  void edges_share_the_room_anew() {
    const auto of = [&](Splitter::Kind kind) {
      for (const Splitter& splitter : layout().splitters)
        if (splitter.kind == kind) return splitter;
      return Splitter{};
    };
    const Splitter heights = of(Splitter::Kind::heights);
    QCOMPARE(heights.above, 0);
    const double before = layout().place_of(0)->area.height;
    const double both = before + layout().place_of(1)->area.height;
    const Point edge = heights.area.centre();
    drag(edge, {edge.x, edge.y + 100});
    const double after = layout().place_of(0)->area.height;
    QVERIFY2(std::abs(after - before - 100) < 20, qPrintable(QString::number(after - before)));
    QVERIFY(std::abs(layout().place_of(0)->area.height + layout().place_of(1)->area.height - both) < 1);
    const Point middle = of(Splitter::Kind::columns).area.centre();
    drag(middle, {middle.x - 200, middle.y});
    QVERIFY(std::abs(layout().place_of(0)->area.width - (kSize.width / 2 - 200)) < 8);
    model_->view = ScopeView::stage;
    const Point below = of(Splitter::Kind::stage).area.centre();
    drag(below, {below.x, below.y + 60});
    QVERIFY(std::abs(layout().place_of(model_->stage_figure())->area.height - (below.y + 60)) < 6);
  }

  void the_keyboard_does_the_same() {
    controller_->handle(ScopeKey::next_figure);
    QCOMPARE(model_->chosen_figure, 0);
    controller_->handle(ScopeKey::figure_forward);
    QCOMPARE(model_->chosen_figure, 1);
    QCOMPARE(model_->figures()[1].entry->traits().key, std::string("accuracy"));
    const double before = layout().place_of(1)->area.height;
    controller_->handle(ScopeKey::taller);
    QVERIFY(layout().place_of(1)->area.height > before);
    controller_->handle(ScopeKey::shorter);
    QVERIFY(std::abs(layout().place_of(1)->area.height - before) < 1);
    controller_->handle(ScopeKey::figure_to_other_column);
    QVERIFY(!model_->in_left_column(1));
    int asked = -1;
    controller_->requests.context_menu = [&](int figure, Point) { asked = figure; };
    controller_->handle(ScopeKey::menu);
    QCOMPARE(asked, 1);
    bool adds = false;
    controller_->requests.add_menu = [&](Point at) { adds = layout().add_button.contains(at); };
    controller_->handle(ScopeKey::add_figure);
    QVERIFY(adds);
    controller_->handle(ScopeKey::remove_figure);
    QVERIFY(!model_->figures()[1].shown);
    controller_->handle(ScopeKey::previous_figure);
    controller_->handle(ScopeKey::escape);
    QCOMPARE(model_->chosen_figure, -1);
  }

  void the_button_beside_the_names_asks_what_to_add() {
    bool asked = false;
    controller_->requests.add_menu = [&](Point) { asked = true; };
    const Point at = layout().add_button.centre();
    controller_->handle(event(PointerEvent::Kind::press, at));
    controller_->handle(event(PointerEvent::Kind::release, at));
    QVERIFY(asked);
  }

  void an_arrangement_is_kept() {
    const int added = model_->add_figure("plane", {measure_index("test_loss")}, measure_index("cos_delta"));
    model_->figures()[static_cast<std::size_t>(added)].log_across = true;
    model_->place_figure(added, 0, true);
    model_->figures()[2].weight = 2.5;
    model_->stage_share = 0.4;
    model_->column_share = 0.3;
    model_->set_log_time(true);
    model_->set_time_axis(TimeAxis::samples);
    const std::string kept = scope_layout(*model_, WithTime::no);
    ScopeModel other;
    QVERIFY(apply_scope_layout(other, kept));
    QCOMPARE(scope_layout(other, WithTime::no), kept);
    QCOMPARE(other.figures().size(), figure_entries().size() + 1);
    const FigureState& first = other.figures().front();
    QVERIFY(first.added && first.log_across && first.across == measure_index("cos_delta"));
    QCOMPARE(other.time_axis(), TimeAxis::samples);
    // Too many of them, or of none: a file is not trusted.
    auto many = nlohmann::json::parse(kept);
    for (int i = 0; i < 500; ++i) many["figures"].push_back(many["figures"][0]);
    many["column_share"] = 1e9;
    QVERIFY(apply_scope_layout(other, many.dump()));
    QVERIFY(other.figures().size() <= kMostFigures + figure_entries().size());
    QVERIFY(other.column_share <= 0.75);
    many["figures"] = nlohmann::json::array();
    QVERIFY(apply_scope_layout(other, many.dump()));
    QCOMPARE(other.figures().size(), figure_entries().size());
  }

  // 32 samples per step.
  void samples_are_a_time_axis() {
    model_->set_time_axis(TimeAxis::samples);
    model_->advance();
    QVERIFY(close(model_->range(0).hi, 250 * 32 * 1.02));
    QVERIFY(close(model_->time_of_step(100), 3200));
    QVERIFY(close(model_->time_of_event(1, runs_[1].events.front()), 3200));
    ScopeScene scene(*model_, look_, kSize, guessed_text_width);
    const auto* loss = dynamic_cast<const LineFigure*>(scene.figure(1));
    QVERIFY(close(loss->lines.back().main->points.back().x, 200 * 32));  // tested at 200
    // The stage at 3,200 samples is the stage at step 100.
    model_->cursor = 3200;
    const StageData stage = model_->stage_data();
    model_->set_time_axis(TimeAxis::step);
    QVERIFY(close(*model_->cursor, 100));
    QCOMPARE(stage.step, model_->stage_data().step);
    QCOMPARE(stage.step, std::int64_t{100});
  }

  void logarithmic_time_keeps_places_under_the_pointer() {
    model_->set_log_time(true);
    const Axis axis = model_->time(0);
    QCOMPARE(axis.scale, Scale::log);
    QVERIFY(close(axis.lo, 1));  // the first step
    QVERIFY(close(axis.hi, 255));
    const double held = axis.from_unit(0.3);
    model_->zoom(0, 2.5, 0.3);
    QVERIFY(close(model_->time(0).from_unit(0.3), held));
    QVERIFY(!model_->follow());
    const double hi = model_->time(0).hi, lo = model_->time(0).lo;
    model_->pan(0, 0.5);
    QVERIFY(close(model_->time(0).hi / model_->time(0).lo, hi / lo));
    QVERIFY(close(model_->time(0).lo, lo * std::sqrt(hi / lo)));
    for (int i = 0; i < 300; ++i) model_->zoom(0, 1 / 3.0, 0.3);
    QVERIFY(model_->time(0).lo > 0 && std::isfinite(model_->time(0).hi));
  }

  // As many pixels for steps 1 to 10 as for 10 to 100.
  void logarithmic_time_has_columns_of_equal_width() {
    model_->set_log_time(true);
    model_->figures()[0].shown = true;
    add_sample(runs_[1], "cos_b_j", 1, 0, 0.5);  // at step 0, which has no place
    ScopeScene scene(*model_, look_, kSize, guessed_text_width);
    const auto* accuracy = dynamic_cast<const LineFigure*>(scene.figure(0));
    const double left = accuracy->x_pixel(1), middle = accuracy->x_pixel(10), right = accuracy->x_pixel(100);
    QVERIFY(std::abs((middle - left) - (right - middle)) < 1e-6);
    RecordingPainter painter;
    scene.draw(painter);
    for (const auto& line : painter.lines)
      for (const Point& point : line.points) QVERIFY(std::isfinite(point.x) && std::isfinite(point.y));
  }

  void what_a_logarithmic_axis_leaves_out_is_said() {
    model_->figures()[2].log = true;  // cosines begin below 0
    ScopeScene scene(*model_, look_, kSize, guessed_text_width);
    const auto* layers = dynamic_cast<const LineFigure*>(scene.figure(2));
    QCOMPARE(layers->y.scale, Scale::log);
    QVERIFY(layers->y.lo > 0);
    QCOMPARE(layers->note, std::string("values of 0 and below are left out"));
    QVERIFY(dynamic_cast<const LineFigure*>(scene.figure(1))->note.empty());
  }

  // By hand: the cosines at 10 are 0.2 and 0.4, the loss there 1.5; at 20 0.4 and 0.8, and 1.
  void any_measure_stands_against_any() {
    RunData run;
    run.rule = "dfa";
    for (const std::int64_t step : {10, 20}) {
      add_sample(run, "cos_delta", 1, step, 0.02 * static_cast<double>(step));
      add_sample(run, "cos_delta", 2, step, 0.04 * static_cast<double>(step));
      add_sample(run, "test_loss", 0, step, 2 - 0.05 * static_cast<double>(step));
    }
    const int loss = measure_index("test_loss"), cosine = measure_index("cos_delta");
    const auto path = measured_path(run, cosine, loss);
    QCOMPARE(path.size(), std::size_t{2});
    QVERIFY(close(path[0].across, 0.3) && close(path[0].up, 1.5));
    QVERIFY(close(path[1].across, 0.6) && close(path[1].up, 1));
    const auto turned = measured_path(run, loss, cosine);
    QVERIFY(close(turned[1].across, 1) && close(turned[1].up, 0.6));
    QVERIFY(measured_path(run, -1, loss).empty() && measured_path(run, measure_index("loss"), loss).empty());

    model_->set_runs({RunView(RunView(), &run)}, {"DFA"});
    const int figure = model_->add_figure("plane", {loss}, cosine);
    model_->advance();
    QCOMPARE(figure_rows(*model_, figure, false).size(), std::size_t{4});
    QVERIFY(model_->title_of(figure).find("against") != std::string::npos);
    const auto built = entry_of(*model_, figure).build(*model_, look_, {figure, {0, 0, 700, 400}, true, -1});
    QCOMPARE(static_cast<const LineFigure&>(*built).lines.front().main->points.size(), std::size_t{2});
    model_->set_runs({}, {});
  }

 private:
  static PointerEvent event(PointerEvent::Kind kind, Point at) {
    PointerEvent made;
    made.kind = kind;
    made.at = at;
    if (kind != PointerEvent::Kind::move) made.button = PointerEvent::Button::left;
    return made;
  }
  void drag(Point from, Point to) {
    controller_->handle(event(PointerEvent::Kind::press, from));
    controller_->handle(event(PointerEvent::Kind::move, {(from.x + to.x) / 2, (from.y + to.y) / 2}));
    controller_->handle(event(PointerEvent::Kind::move, to));
    controller_->handle(event(PointerEvent::Kind::release, to));
  }
  ScopeLayout layout() const { return lay_out(*model_, kSize, guessed_text_width); }

  std::vector<RunData> runs_;
  std::unique_ptr<ScopeModel> model_;
  ScopeLook look_;
  std::unique_ptr<ScopeController> controller_;
};

}  // namespace grapevine

QTEST_MAIN(grapevine::TestArrangement)
#include "test_arrangement.moc"
