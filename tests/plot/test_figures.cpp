// Figures as they ask a painter to draw them.
#include <QtTest>
#include <cmath>
#include <limits>
#include <set>

#include "tests/plot/recording_painter.h"
#include "ui/plot/dial.h"
#include "ui/plot/event_lane.h"
#include "ui/plot/heat_map.h"
#include "ui/plot/line_cutting.h"
#include "ui/plot/line_figure.h"

namespace grapevine {
namespace {

constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();

Pieces piece(std::vector<Point> points) {
  Pieces pieces;
  pieces.ends = {points.size()};
  pieces.points = std::move(points);
  return pieces;
}

/// 0 … 100 across, 0 … 1 up, with two level lines.
struct Example {
  Pieces low = piece({{-50, 0.25}, {50, 0.25}, {150, 0.25}});
  Pieces high = piece({{0, 0.75}, {100, 0.75}});
  LineFigure figure;

  Example() {
    figure.outer = {10, 20, 500, 300};
    figure.title = "accuracy";
    figure.x = {0, 100, Scale::linear, Unit::count, 1e-3};
    figure.x_title = "step";
    figure.y = {0, 1, Scale::linear, Unit::share, 1e-3};
    for (const auto& [name, pieces, colour] :
         {std::tuple{"low", &low, 0xff112233u}, std::tuple{"high", &high, 0xff445566u}}) {
      PlotLine line;
      line.name = name;
      line.main = pieces;
      line.stroke = {colour, 2, Dash::solid};
      line.cursor_value = {0, kNothing};
      line.anchor_value = {0, kNothing};
      figure.lines.push_back(line);
    }
  }
};

/// Larger faces are wider.
struct FacePainter : RecordingPainter {
  Size measure(std::string_view utf8, TextSize size) override {
    return {text_pixels(size) * 0.5 * static_cast<double>(utf8.size()), text_pixels(size)};
  }
};

double total_length(const std::vector<RecordingPainter::Line>& lines) {
  double sum = 0;
  for (const auto& line : lines) {
    for (std::size_t i = 1; i < line.points.size(); ++i) {
      sum += std::hypot(line.points[i].x - line.points[i - 1].x, line.points[i].y - line.points[i - 1].y);
    }
  }
  return sum;
}

}  // namespace

class TestFigures : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  // Of a long title a smaller face, then fewer words, and only then a part of them.
  void a_title_finds_its_room() {
    Example example;
    example.figure.title = "GrAPE · cosine of B and the mean Jacobian";
    example.figure.short_title = "GrAPE";
    std::vector<std::pair<std::string, TextSize>> shown;
    for (int width = 700; width >= 90; width -= 2) {
      example.figure.outer.width = width;
      FacePainter painter;
      example.figure.draw(painter, light_theme());
      const std::pair title(painter.texts.front().text, painter.texts.front().style.size);
      if (shown.empty() || shown.back() != title) shown.push_back(title);
    }
    QVERIFY(shown.size() >= 3);
    QCOMPARE(shown[0], std::pair(example.figure.title, TextSize::title));
    QCOMPARE(shown[1], std::pair(example.figure.title, TextSize::small));
    QCOMPARE(shown[2], std::pair(example.figure.short_title, TextSize::title));
  }

  void a_line_lies_where_its_values_say() {
    Example example;
    RecordingPainter painter;
    example.figure.draw(painter, light_theme());
    QCOMPARE(painter.clip_depth, 0);
    const Rect plot = example.figure.plot();
    const auto found = painter.lines_of(0xff112233u);
    QCOMPARE(found.size(), std::size_t(1));
    for (const Point& p : found[0].points) {
      QVERIFY(std::abs(p.y - (plot.bottom() - 0.25 * plot.height)) < 1e-9);
      // Cut close to the plot, although the data reach half a width beyond.
      QVERIFY(p.x > plot.x - 10 && p.x < plot.right() + 10);
    }
    QVERIFY(found[0].points.front().x < plot.x && found[0].points.back().x > plot.right());
    QVERIFY(painter.has_text("accuracy") && painter.has_text("step") && painter.has_text("40"));
  }

  void values_at_the_cursor_are_sorted_and_the_nearest_is_strong() {
    Example example;
    LineFigure& figure = example.figure;
    figure.crosshair = 50;
    figure.crosshair_text = "step 50";
    figure.pointer_inside = true;
    figure.pointer = {figure.x_pixel(50), figure.y_pixel(0.3)};
    figure.lines[0].cursor_value = {50, 0.25};
    figure.lines[1].cursor_value = {50, 0.75};
    QCOMPARE(figure.nearest_line(figure.pointer, 40), 0);
    QCOMPARE(figure.nearest_line({figure.x_pixel(50), figure.y_pixel(0.72)}, 40), 1);
    QCOMPARE(figure.nearest_line({figure.x_pixel(50), figure.y_pixel(0.5)}, 5), -1);
    RecordingPainter painter;
    figure.draw_overlay(painter, light_theme(), figure.outer);
    std::vector<std::string> texts;
    for (const auto& text : painter.texts) texts.push_back(text.text);
    QCOMPARE(texts, (std::vector<std::string>{"step 50", "high", "75.00 %", "low", "25.00 %"}));
  }

  void two_cursors_show_the_change() {
    Example example;
    example.figure.crosshair = 50;
    example.figure.second_cursor = 20;
    example.figure.pointer_inside = true;
    example.figure.pointer = example.figure.plot().centre();
    example.figure.lines[0].cursor_value = {50, 0.25};
    example.figure.lines[0].anchor_value = {20, 0.5};
    RecordingPainter painter;
    example.figure.draw_overlay(painter, light_theme(), example.figure.outer);
    QVERIFY(painter.has_text("25.00 %  (−25.00 %)"));
  }

  void a_box_of_values_stays_inside_and_counts_the_rest() {
    RecordingPainter painter;
    const std::vector<ValueRow> rows(40, ValueRow{"run", "0.5", 0xff000000, Dash::solid, false});
    const Rect bounds = {0, 0, 300, 200};
    draw_value_box(painter, light_theme(), {290, 195}, bounds, "step 3", rows);
    for (const auto& area : painter.areas) {
      QVERIFY(area.area.x >= 0 && area.area.right() <= 302);
      QVERIFY(area.area.y >= 0 && area.area.bottom() <= 203);
    }
    std::size_t shown = 0;
    for (const auto& text : painter.texts) shown += text.text == "run";
    QVERIFY(shown > 5 && shown < 40);
    QVERIFY(painter.has_text("and " + std::to_string(40 - shown) + " more"));
  }

  void a_mark_stands_at_its_time() {
    Example example;
    example.figure.marks = {{30, 0xffabcdefu, 0, false}, {500, 0xffabcdefu, 0, false}};
    RecordingPainter painter;
    example.figure.draw(painter, light_theme());
    std::size_t found = 0;
    for (const auto& triangle : painter.triangles) {
      if (triangle.colour != 0xffabcdefu) continue;
      ++found;
      QVERIFY(std::abs(triangle.c.x - example.figure.x_pixel(30)) <= 0.5);
      QVERIFY(triangle.a.y == example.figure.plot().y);
    }
    QCOMPARE(found, std::size_t(1));
  }

  // Each kind of event has the sign that it has in the lane.
  void marks_tell_kinds_of_events_apart() {
    const auto drawn = [](EventShape shape) {
      Example example;
      example.figure.marks = {{30, 0xffabcdefu, 0, false, shape}};
      RecordingPainter painter;
      example.figure.draw(painter, light_theme());
      const auto ours = [](const auto& all) {
        return std::count_if(all.begin(), all.end(),
                             [](const auto& one) { return one.colour == 0xffabcdefu; });
      };
      return std::pair(ours(painter.triangles), ours(painter.polygons));
    };
    using Counts = std::pair<std::ptrdiff_t, std::ptrdiff_t>;
    QCOMPARE(drawn(EventShape::calibration), Counts(1, 0));
    QCOMPARE(drawn(EventShape::intervention), Counts(2, 0));  // an hourglass
    QCOMPARE(drawn(EventShape::setting), Counts(0, 1));       // a diamond
    QVERIFY(marks_figures(EventShape::setting) && !marks_figures(EventShape::checkpoint));
  }

  void a_single_sample_is_a_dot() {
    Example example;
    const Pieces one = piece({{40, 0.5}});
    example.figure.lines[0].main = &one;
    RecordingPainter painter;
    example.figure.draw(painter, light_theme());
    QVERIFY(painter.lines_of(0xff112233u).empty());
    QCOMPARE(painter.circles.size(), std::size_t(1));
    QVERIFY(std::abs(painter.circles[0].centre.x - example.figure.x_pixel(40)) < 1e-9);
  }

  void a_log_axis_leaves_out_what_is_not_positive() {
    Example example;
    example.figure.y = {0.1, 10, Scale::log, Unit::number, 1e-3};
    const Pieces mixed_signs = piece({{0, 1}, {10, 0}, {20, -1}, {30, 1}});
    example.figure.lines = {example.figure.lines[0]};
    example.figure.lines[0].main = &mixed_signs;
    RecordingPainter painter;
    example.figure.draw(painter, light_theme());
    for (const auto& line : painter.lines) {
      for (const Point& p : line.points) QVERIFY(std::isfinite(p.x) && std::isfinite(p.y));
    }
  }

  // Four racers of three layers in a low map: each names the same layers, from the input on.
  void every_group_of_the_heat_map_names_the_same_rows() {
    for (const double height : {100.0, 130.0, 160.0, 220.0, 400.0}) {
      HeatMap map;
      map.outer = {0, 0, 500, height};
      for (int racer = 0; racer < 4; ++racer)
        for (int layer = 3; layer >= 1; --layer) {
          HeatRow row;
          row.name = std::to_string(layer);
          row.racer = racer;
          map.rows.push_back(row);
        }
      std::vector<std::string> names(4);
      double above = 1e9;
      for (const std::size_t row : map.named_rows()) {
        names[static_cast<std::size_t>(map.rows[row].racer)] += map.rows[row].name;
        const double middle = map.row_area(row).centre().y;
        QVERIFY(above - middle >= 11);
        above = middle;
      }
      if (height > 100)
        for (const std::string& group : names) QCOMPARE(group, names.front());
      if (height > 380) QCOMPARE(names.front(), std::string("123"));
    }
  }

  void heat_map_cells_have_their_values_colours() {
    const std::vector<double> columns = {-1, -1, 0.5, kNothing, 1};
    HeatMap map;
    map.outer = {0, 0, Figure::kLeftMargin + Figure::kRightMargin + 500,
                 Figure::kHeaderHeight + Figure::kBareHeight + 100};
    map.x = {0, 5, Scale::linear, Unit::count, 1e-3};
    HeatRow row;
    row.name = "1";
    row.columns = &columns;
    map.rows = {row};
    QCOMPARE(map.plot().width, 500.0);
    RecordingPainter painter;
    map.draw(painter, light_theme());
    const auto area_of = [&](Colour colour) {
      Rect found;
      for (const auto& area : painter.areas) {
        if (area.colour == colour && area.area.y >= map.plot().y) found = area.area;
      }
      return found;
    };
    // Two equal neighbours are one rectangle; the hole stays empty.
    const double x = map.plot().x, y = map.plot().y;
    QCOMPARE(area_of(cosine_colour(-1, light_theme())), (Rect{x, y, 200, 100}));
    QCOMPARE(area_of(cosine_colour(0.5, light_theme())), (Rect{x + 200, y, 100, 100}));
    QCOMPARE(area_of(cosine_colour(1, light_theme())), (Rect{x + 400, y, 100, 100}));
    QCOMPARE(map.row_at({x + 250, y + 40}), 0);
    QCOMPARE(map.row_at({x + 250, y - 10}), -1);
  }

  void heat_map_rows_fill_the_plot_and_never_overlap() {
    HeatMap map;
    map.outer = {0, 0, 400, 150};
    for (int racer = 0; racer < 3; ++racer) {
      for (int layer = 0; layer < 5; ++layer) {
        HeatRow row;
        row.racer = racer;
        map.rows.push_back(row);
      }
    }
    for (std::size_t i = 0; i < map.rows.size(); ++i) {
      QVERIFY(map.row_area(i).height > 0);
      if (i > 0) QVERIFY(map.row_area(i).y >= map.row_area(i - 1).bottom());
    }
    QCOMPARE(map.row_area(0).y, map.plot().y);
    QVERIFY(std::abs(map.row_area(map.rows.size() - 1).bottom() - map.plot().bottom()) <= 1);
  }

  // What was measured thrice has three ticks in its row, and what has no times none.
  void a_map_shows_where_was_measured() {
    HeatMap map;
    map.outer = {0, 0, Figure::kLeftMargin + Figure::kRightMargin + 500,
                 Figure::kHeaderHeight + Figure::kBareHeight + 100};
    map.x = {0, 600, Scale::linear, Unit::count, 1e-3};
    const auto ticks = [&] {
      RecordingPainter painter;
      map.draw(painter, light_theme());
      const Rect row = map.row_area(0);
      std::vector<double> at;
      for (const auto& line : painter.lines)
        if (line.points.size() == 2 && line.points[0].x == line.points[1].x &&
            line.points[1].y == row.bottom() && line.points[0].y == row.bottom() - 4)
          at.push_back(line.points[0].x);
      return at;
    };
    HeatRow row;
    row.name = "1";
    map.rows = {row};
    const std::size_t without = ticks().size();
    map.rows.front().measured = {100, 525, 580};
    const std::vector<double> at = ticks();
    QCOMPARE(at.size(), without + 3);
    const double expected = map.plot().x + 525.0 / 600 * 500;
    QVERIFY(std::any_of(at.begin(), at.end(), [&](double x) { return std::abs(x - expected) <= 1; }));
  }

  void events_are_found_under_the_pointer() {
    EventLane lane;
    lane.outer = {0, 0, 500, 80};
    lane.x = {0, 100, Scale::linear, Unit::count, 1e-3};
    lane.lanes = {{"a", 0, 0xff000000}, {"b", 1, 0xff000000}};
    LaneEvent first;
    first.x = 20;
    LaneEvent second;
    second.x = 20;
    second.lane = 1;
    lane.events = {first, second};
    QCOMPARE(lane.event_at({lane.x_pixel(20) + 3, lane.lane_middle(1)}), 1);
    QCOMPARE(lane.event_at({lane.x_pixel(20) + 3, lane.lane_middle(0)}), 0);
    QCOMPARE(lane.event_at({lane.x_pixel(50), lane.lane_middle(0)}), -1);
  }

  void dashes_keep_to_their_pattern() {
    RecordingPainter painter;
    const std::vector<Point> line = {{0, 0}, {33, 0}, {33, 47}};  // 80 long; a period is (5 + 3)·2 = 16
    const auto pattern = dash_pattern(Dash::dashed);
    cut_into_dashes(line, pattern, 2, [&](std::span<const Point> part) { painter.polyline(part, {}); });
    QCOMPARE(painter.lines.size(), std::size_t(5));
    QVERIFY(std::abs(total_length(painter.lines) - 50) < 1e-9);
    painter.lines.clear();
    cut_into_dashes(line, dash_pattern(Dash::solid), 2,
                    [&](std::span<const Point> part) { painter.polyline(part, {}); });
    QCOMPARE(painter.lines.size(), std::size_t(1));
  }

  void a_line_is_cut_where_it_turns_back_and_loses_nothing() {
    std::vector<Point> zigzag;
    for (int i = 0; i < 100; ++i) zigzag.push_back({i * 0.5, i % 2 == 0 ? 0.0 : 20.0});
    RecordingPainter parts;
    cut_at_turns(zigzag, 64, [&](std::span<const Point> part) { parts.polyline(part, {}); });
    QCOMPARE(parts.lines.size(), std::size_t(99));
    std::vector<Point> straight;
    for (int i = 0; i < 100; ++i) straight.push_back({i * 1.0, 0});
    RecordingPainter whole;
    cut_at_turns(straight, 64, [&](std::span<const Point> part) { whole.polyline(part, {}); });
    QCOMPARE(whole.lines.size(), std::size_t(2));
    QVERIFY(std::abs(total_length(whole.lines) - 99) < 1e-9);
    for (const auto& line : whole.lines) QVERIFY(line.points.size() <= 64);
  }

  void text_is_shortened_between_characters() {
    RecordingPainter painter;
    QCOMPARE(shortened(painter, "short", TextSize::normal, 100), std::string("short"));
    const std::string cut = shortened(painter, "äöüäöüäöüäöü", TextSize::normal, 60);
    QVERIFY(cut.ends_with("…"));
    QVERIFY(QString::fromStdString(cut).toStdString() == cut);
    QVERIFY(painter.measure(cut, TextSize::normal).width <= 60);
  }

  // Eight hues: contrasts as measured when they were chosen, and no two alike; BP is the ink.
  void each_family_of_rules_has_a_hue_that_stands_out() {
    const std::vector<std::string> families = {"bp",       "fa",   "dfa",  "grape",
                                               "residual", "drtp", "fdfa", "pepita"};
    for (const Theme* theme : {&light_theme(), &dark_theme()}) {
      std::set<Colour> hues;
      for (const std::string& family : families) {
        const Colour hue = rule_colour(family, 0, *theme);
        hues.insert(hue);
        QVERIFY2(contrast(hue, theme->plot) >= (theme->dark ? 3.5 : 3.0), family.c_str());
        const Colour second = rule_colour(family, 1, *theme);
        QVERIFY(second != hue && contrast(second, theme->plot) >= 2.99);
      }
      QCOMPARE(hues.size(), families.size());
      QCOMPARE(rule_colour("bp", 0, *theme), theme->text);
      QCOMPARE(rule_colour("", 0, *theme), theme->text);
    }
    QCOMPARE(rule_colour("dfa", 0, light_theme()), Colour(0xffDD5D0B));
    QCOMPARE(rule_colour("dfa", 0, dark_theme()), Colour(0xffF09E7C));
  }

  void a_name_at_a_lines_end_has_the_margins_room() {
    Example example;
    example.figure.lines[0].end_name = "Kolen-Pollack";
    example.figure.lines[0].end_value = 0.25;
    const auto shown = [&](double margin) {
      example.figure.right_margin = margin;
      RecordingPainter painter;
      example.figure.draw(painter, light_theme());
      return painter.has_text("Kolen-Pollack");
    };
    QVERIFY(!shown(LineFigure::kEndLabels));
    QVERIFY(shown(150));
  }

  void labels_at_line_ends_keep_their_order_and_never_overlap() {
    const std::vector<double> free = LineFigure::pushed_apart({10, 40, 80}, 14, 0, 100);
    QCOMPARE(free, (std::vector<double>{10, 40, 80}));
    const std::vector<double> pushed = LineFigure::pushed_apart({50, 52, 53}, 14, 0, 100);
    QCOMPARE(pushed, (std::vector<double>{50, 64, 78}));
    // At the lower edge they are pushed up.
    QCOMPARE(LineFigure::pushed_apart({95, 98}, 14, 0, 100), (std::vector<double>{86, 100}));
  }

  void a_needle_points_where_its_angle_says() {
    const Point pivot = {100, 50};
    const auto near = [](Point a, Point b) { return std::hypot(a.x - b.x, a.y - b.y) < 1e-9; };
    QVERIFY(near(needle_tip(pivot, 0, 40), {100, 10}));    // upright
    QVERIFY(near(needle_tip(pivot, 90, 40), {140, 50}));   // level
    QVERIFY(near(needle_tip(pivot, 180, 40), {100, 90}));  // down
    RecordingPainter painter;
    draw_needle(painter, {pivot, 46, 0}, 90, 0xff112233);
    // The head's tip is one pixel inside the rim.
    QVERIFY(near(painter.triangles.front().a, {145, 50}));
    QCOMPARE(painter.lines.front().stroke.dash, Dash::solid);
  }

  void an_undefined_needle_is_a_dash() {
    RecordingPainter painter;
    draw_needle(painter, {{100, 50}, 46, 0}, kNothing, 0xff112233);
    QVERIFY(painter.triangles.empty());
    QCOMPARE(painter.lines.size(), std::size_t{1});
    QCOMPARE(painter.lines.front().stroke.dash, Dash::dashed);
  }

  void a_path_turns_in_quarter_circles() {
    const std::vector<Point> corners = {{0, 0}, {100, 0}, {100, 100}};
    const std::vector<Point> path = rounded_path(corners, 20);
    QCOMPARE(path.front(), corners.front());
    QCOMPARE(path.back(), corners.back());
    for (std::size_t i = 1; i + 1 < path.size(); ++i)
      QVERIFY(std::abs(std::hypot(path[i].x - 80, path[i].y - 20) - 20) < 1e-9);
  }

  void colours_stand_out_in_both_themes() {
    for (const Theme* theme : {&light_theme(), &dark_theme()}) {
      QVERIFY(contrast(theme->text, theme->window) >= 7);
      QVERIFY(contrast(theme->muted, theme->window) >= 4.5);
      QVERIFY(contrast(theme->on_accent, theme->accent) >= 4.5);
      for (const std::uint32_t rgb : {0x0072B2u, 0xE69F00u, 0xF0E442u, 0x000000u, 0xffffffu, 0x56B4E9u}) {
        QVERIFY(contrast(legible(opaque(rgb), *theme), theme->plot) >= 3);
      }
      // Depth is an even walk from a tint to the rule's own hue, and both ends can be seen.
      const Colour hue = rule_colour("dfa", 0, *theme);
      double before = -1;
      for (double depth = 0; depth <= 1.0; depth += 0.1) {
        const double stands_out = contrast(tint_of_depth(hue, depth, *theme), theme->plot);
        QVERIFY(stands_out > before && stands_out >= 1.5);
        before = stands_out;
      }
      QCOMPARE(tint_of_depth(hue, 1, *theme), hue);
      // Cosines: the two signs differ, 0 is close to the background, out of range is clamped.
      QVERIFY(contrast(cosine_colour(0, *theme), theme->plot) < 1.2);
      QVERIFY(contrast(cosine_colour(-1, *theme), theme->plot) > 4 &&
              contrast(cosine_colour(1, *theme), theme->plot) > 4);
      QCOMPARE(cosine_colour(7, *theme), cosine_colour(1, *theme));
      QVERIFY(blue_of(cosine_colour(0.7, *theme)) > red_of(cosine_colour(0.7, *theme)));
      QVERIFY(red_of(cosine_colour(-0.7, *theme)) > blue_of(cosine_colour(-0.7, *theme)));
    }
  }
};

}  // namespace grapevine

QTEST_GUILESS_MAIN(grapevine::TestFigures)
#include "test_figures.moc"
