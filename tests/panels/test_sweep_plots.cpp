// What a sweep came to as a picture: the axes that it has, what it says, and that it leaves.
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest>
#include <cmath>

#include "tests/plot/recording_painter.h"
#include "tests/runs/support.h"
#include "ui/panels/sweep_drawing.h"
#include "ui/panels/sweep_figure.h"
#include "ui/panels/sweep_plot.h"

using namespace grapevine;

class TestSweepPlots : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void one_number_makes_a_curve_two_a_map();
  void what_a_setting_means_nothing_to_stands_at_all_its_values();
  void a_map_says_what_it_shows_and_leaves();
  void bars_of_two_lines_stand_side_by_side();
  void depths_count_where_widths_have_other_lengths();
  void lists_that_no_number_tells_apart_are_named();
  void the_number_with_the_most_values_is_the_axis();
  void axis_and_form_are_chosen();
  void a_curve_that_nothing_tells_apart_says_what_it_is_of();
};

namespace {

RunGroup group_of(std::vector<RunCell> settings, const char* rule, std::vector<double> values) {
  RunGroup group;
  group.settings = std::move(settings);
  group.rule = rule;
  group.spreads = {spread_of(values)};
  group.seeds = values.size();
  return group;
}

Comparison comparison_of(const std::vector<std::string>& keys, std::vector<RunGroup> groups) {
  Comparison all;
  all.keys = parse_run_keys(keys);
  all.measures = {parse_run_key("test_accuracy:best")};
  all.groups = std::move(groups);
  return all;
}

}  // namespace

void TestSweepPlots::one_number_makes_a_curve_two_a_map() {
  const Comparison curve =
      comparison_of({"rule.name", "optimizer.lr"},
                    {group_of({RunCell(std::string("dfa")), RunCell(0.01)}, "dfa", {0.6, 0.8}),
                     group_of({RunCell(std::string("dfa")), RunCell(0.0001)}, "dfa", {0.5}),
                     group_of({RunCell(std::string("bp")), RunCell(0.01)}, "bp", {0.9})});
  const SweepPlot plot = sweep_plot(curve, 0);
  QCOMPARE(plot.kind, SweepPlot::Kind::curve);
  QVERIFY(plot.log_x);  // a factor of 100
  QCOMPARE(plot.lines.size(), std::size_t{2});
  QCOMPARE(plot.lines[0].name, QStringLiteral("DFA, N 1–2"));
  QCOMPARE(plot.lines[0].dots.size(), std::size_t{2});
  QCOMPARE(plot.lines[0].dots[0].x, 0.0001);  // in order
  QVERIFY(std::abs(plot.lines[0].dots[1].mean - 0.7) < 1e-12);
  QVERIFY(std::abs(plot.lines[0].dots[1].high - (0.7 + std::sqrt(0.02))) < 1e-12);
  const Comparison map =
      comparison_of({"optimizer.lr", "train.batch"}, {group_of({RunCell(0.1), RunCell(32.0)}, "bp", {0.5}),
                                                      group_of({RunCell(0.2), RunCell(32.0)}, "bp", {0.6}),
                                                      group_of({RunCell(0.2), RunCell(64.0)}, "bp", {0.7})});
  const SweepPlot heat = sweep_plot(map, 0);
  QCOMPARE(heat.kind, SweepPlot::Kind::heat_map);
  QCOMPARE(heat.columns, (QStringList{QStringLiteral("0.1"), QStringLiteral("0.2")}));
  QCOMPARE(heat.rows, (QStringList{QStringLiteral("64"), QStringLiteral("32")}));  // the largest on top
  QVERIFY(std::isnan(heat.cells[0][0]));
  QCOMPARE(heat.cells[0][1], 0.7);
  QCOMPARE(heat.cells[1][0], 0.5);
  QCOMPARE(
      sweep_plot(comparison_of({"rule.name"}, {group_of({RunCell(std::string("bp"))}, "bp", {0.5})}), 0).kind,
      SweepPlot::Kind::none);
}

void TestSweepPlots::a_curve_that_nothing_tells_apart_says_what_it_is_of() {
  RunGroup low = group_of({RunCell(0.01)}, "dfa", {0.6, 0.8}),
           high = group_of({RunCell(0.1)}, "dfa", {0.5, 0.6});
  for (RunGroup* group : {&low, &high}) {
    group->model = "lenet5";
    group->data = "cifar10";
  }
  const SweepPlot plot = sweep_plot(comparison_of({"optimizer.lr"}, {low, high}), 0);
  QCOMPARE(plot.lines.size(), std::size_t{1});
  QCOMPARE(plot.lines[0].name, QStringLiteral("DFA, LeNet-5, CIFAR-10, N 2"));
}

void TestSweepPlots::what_a_setting_means_nothing_to_stands_at_all_its_values() {
  const auto name = [](const char* text) { return RunCell(std::string(text)); };
  const SweepPlot curve = sweep_plot(comparison_of({"optimizer.name", "optimizer.momentum"},
                                                   {group_of({name("sgd"), RunCell(0.0)}, "bp", {0.5}),
                                                    group_of({name("sgd"), RunCell(0.5)}, "bp", {0.75}),
                                                    group_of({name("adam"), RunCell()}, "bp", {0.25})}),
                                     0);
  QCOMPARE(curve.kind, SweepPlot::Kind::curve);
  QCOMPARE(curve.x_ticks, (std::vector<double>{0, 0.5}));
  QCOMPARE(curve.lines.size(), std::size_t{2});
  QCOMPARE(curve.lines[1].dots.size(), std::size_t{2});
  QCOMPARE(curve.lines[1].dots[0].mean, 0.25);
  QCOMPARE(curve.lines[1].dots[1].mean, 0.25);
  const SweepPlot map = sweep_plot(comparison_of({"optimizer.lr", "optimizer.momentum"},
                                                 {group_of({RunCell(0.1), RunCell(0.0)}, "bp", {0.5}),
                                                  group_of({RunCell(0.1), RunCell(0.5)}, "bp", {0.75}),
                                                  group_of({RunCell(0.2), RunCell()}, "bp", {0.25})}),
                                   0);
  QCOMPARE(map.kind, SweepPlot::Kind::heat_map);
  QCOMPARE(map.cells, (std::vector<std::vector<double>>{{0.75, 0.25}, {0.5, 0.25}}));
}

void TestSweepPlots::a_map_says_what_it_shows_and_leaves() {
  const Comparison map = comparison_of({"optimizer.lr", "train.batch"},
                                       {group_of({RunCell(0.1), RunCell(32.0)}, "bp", {0.5, 0.7}),
                                        group_of({RunCell(0.2), RunCell(32.0)}, "bp", {0.8}),
                                        group_of({RunCell(0.2), RunCell(64.0)}, "bp", {0.75})});
  const SweepPlot plot = sweep_plot(map, 0);
  RecordingPainter painter;
  const SweepDrawing drawing(plot, true, {600, 300});
  drawing.draw(painter, light_theme());
  QStringList words;
  for (const auto& text : painter.texts) words << QString::fromStdString(text.text);
  QVERIFY2(words.contains(plot.title + QStringLiteral(" (%)")), qPrintable(words.join('|')));
  QVERIFY(!plot.title.isEmpty() && words.contains(plot.x_title) && words.contains(plot.y_title));
  QCOMPARE(words.count(QStringLiteral("60.0")), 2);  // its cell and the lower end of the scale
  QCOMPARE(words.count(QStringLiteral("80.0")), 2);
  QVERIFY2(words.contains(QStringLiteral("± 14.1, N 2")), qPrintable(words.join('|')));
  QVERIFY(words.contains(QStringLiteral("N 1")));
  const QString tip = drawing.words_at({80, 240});  // the lower left cell
  for (const QString& said : {plot.x_title + QStringLiteral(" 0.1"), plot.y_title + QStringLiteral(" 32"),
                              plot.title, QStringLiteral("60.0 ± 14.1 %, N 2")})
    QVERIFY2(tip.contains(said), qPrintable(tip));
  QVERIFY(drawing.words_at({80, 60}).contains(QStringLiteral("no result")));
  QVERIFY(drawing.words_at({1, 1}).isEmpty());
  SweepFigure figure;
  figure.show_plot(plot, true);
  const Folder folder;
  for (const char* ending : {"png", "pdf", "svg", "csv", "json"}) {
    const QString file = QString::fromStdString(folder.path("map")) + '.' + QLatin1String(ending);
    export_drawing(figure.drawing(), file);
    QVERIFY2(QFileInfo(file).size() > 100, ending);
  }
  QVERIFY(sweep_csv(plot).contains(QStringLiteral("\n\"\",0.2")));
  QCOMPARE(sweep_csv(plot).count('\n'), 4);
  const QJsonObject all = QJsonDocument::fromJson(sweep_json(plot).toUtf8()).object();
  QCOMPARE(all[QStringLiteral("results")].toArray().size(), 3);
  QCOMPARE(all[QStringLiteral("measure")].toString(), plot.title);
}

// At 0.001 and 0.01 both rules have bars; a few pixels apart, and together around the value.
void TestSweepPlots::bars_of_two_lines_stand_side_by_side() {
  SweepPlot plot;
  plot.kind = SweepPlot::Kind::curve;
  plot.x_ticks = {1, 2};
  plot.lines = {{QStringLiteral("BP"), "bp", {{1, 0.5, 0.4, 0.6, 3}, {2, 0.6, 0.5, 0.7, 3}}},
                {QStringLiteral("DFA"), "dfa", {{1, 0.5, 0.3, 0.7, 3}, {2, 0.4, 0.3, 0.5, 3}}},
                {QStringLiteral("FA"), "fa", {{1, 0.2, 0.2, 0.2, 1}, {2, 0.3, 0.3, 0.3, 1}}}};
  const Size size{600, 400};
  const SweepDrawing drawing(plot, true, size);
  RecordingPainter painter;
  drawing.draw(painter, light_theme());
  std::vector<double> upright;
  for (const RecordingPainter::Line& line : painter.lines)
    if (line.points.size() == 2 && line.points[0].x == line.points[1].x) upright.push_back(line.points[0].x);
  QCOMPARE(upright.size(), std::size_t{4});  // line by line
  for (const std::size_t place : {0, 1}) {
    const double apart = upright[place + 2] - upright[place];
    QVERIFY2(apart >= 2 && apart <= 10, qPrintable(QString::number(apart)));
  }
  // The third has none, and stays where its value is: in the middle of the two.
  std::vector<double> dots;
  for (const RecordingPainter::Circle& circle : painter.circles) dots.push_back(circle.centre.x);
  QCOMPARE(dots.size(), std::size_t{6});
  QCOMPARE(dots[4], (upright[0] + upright[2]) / 2);
}

void TestSweepPlots::depths_count_where_widths_have_other_lengths() {
  const auto list = [](const char* text) { return RunCell(std::string(text)); };
  const Comparison depth = comparison_of(
      {"model.hidden"}, {group_of({list("64,64")}, "bp", {0.5}), group_of({list("64,64,64")}, "bp", {0.6})});
  QCOMPARE(sweep_plot(depth, 0).x_ticks, (std::vector<double>{2, 3}));
  const Comparison width = comparison_of(
      {"model.hidden"}, {group_of({list("32,32")}, "bp", {0.5}), group_of({list("64,64")}, "bp", {0.6})});
  QCOMPARE(sweep_plot(width, 0).x_ticks, (std::vector<double>{32, 64}));
}

void TestSweepPlots::lists_that_no_number_tells_apart_are_named() {
  const auto list = [](const char* text) { return RunCell(std::string(text)); };
  // Depth 1 twice, with two widths.
  const Comparison mixed = comparison_of(
      {"model.hidden"}, {group_of({list("16,16")}, "bp", {0.5}), group_of({list("24")}, "bp", {0.6}),
                         group_of({list("16")}, "bp", {0.7})});
  const SweepPlot plot = sweep_plot(mixed, 0);
  QCOMPARE(plot.kind, SweepPlot::Kind::curve);
  QCOMPARE(plot.x_names, (QStringList{"16", "[16, 16]", "24"}));
  QCOMPARE(plot.x_title.contains(QStringLiteral("depth")), false);
  QCOMPARE(plot.lines.size(), std::size_t{1});
  std::vector<double> means;
  for (const SweepPlot::Dot& dot : plot.lines[0].dots) means.push_back(dot.mean);
  QCOMPARE(means, (std::vector<double>{0.7, 0.5, 0.6}));
  QVERIFY2(sweep_csv(plot).contains(QStringLiteral("\"[16, 16]\"")), qPrintable(sweep_csv(plot)));
  // One first width, and one length.
  const Comparison second = comparison_of(
      {"model.hidden"}, {group_of({list("16,32")}, "bp", {0.5}), group_of({list("16,64")}, "bp", {0.6})});
  QCOMPARE(sweep_plot(second, 0).x_names, (QStringList{"[16, 32]", "[16, 64]"}));
  // Deeper and wider at once is neither.
  const Comparison both = comparison_of(
      {"model.hidden"}, {group_of({list("8")}, "bp", {0.5}), group_of({list("16,16")}, "bp", {0.6})});
  QCOMPARE(sweep_plot(both, 0).x_names, (QStringList{"8", "[16, 16]"}));
  RecordingPainter painter;
  SweepDrawing(plot, true, {600, 300}).draw(painter, light_theme());
  QStringList words;
  for (const auto& text : painter.texts) words << QString::fromStdString(text.text);
  QVERIFY2(words.contains(QStringLiteral("[16, 16]")), qPrintable(words.join('|')));
}

namespace {

/// Rates by widths by two rules.
Comparison rates_and_widths() {
  std::vector<RunGroup> groups;
  for (const char* width : {"16", "24"})
    for (const double rate : {0.1, 0.01, 0.001})
      for (const char* rule : {"bp", "dfa"})
        groups.push_back(group_of({RunCell(std::string(width)), RunCell(rate), RunCell(std::string(rule))},
                                  rule, {rate, rate}));
  return comparison_of({"model.hidden", "optimizer.lr", "rule.name"}, std::move(groups));
}

}  // namespace

void TestSweepPlots::the_number_with_the_most_values_is_the_axis() {
  const SweepPlot plot = sweep_plot(rates_and_widths(), 0);
  QCOMPARE(plot.kind, SweepPlot::Kind::curve);
  QCOMPARE(plot.x_ticks, (std::vector<double>{0.001, 0.01, 0.1}));
  QVERIFY(plot.log_x);
  QCOMPARE(plot.lines.size(), std::size_t{4});
  QCOMPARE(plot.lines[0].name, QStringLiteral("BP, hidden 16, N 2"));
  QVERIFY(plot.side_by_side);  // deviations of the same rate don't hide one another
}

void TestSweepPlots::axis_and_form_are_chosen() {
  const Comparison all = rates_and_widths();
  const SweepPlot widths = sweep_plot(all, 0, {"model.hidden", SweepView::Form::automatic});
  QCOMPARE(widths.x_ticks, (std::vector<double>{16, 24}));
  QCOMPARE(widths.lines.size(), std::size_t{6});
  const SweepPlot rules = sweep_plot(all, 0, {"rule.name", SweepView::Form::curve});
  QCOMPARE(rules.x_names, (QStringList{"BP", "DFA"}));
  QVERIFY(!rules.x_ordered);  // nothing is between two rules
  const SweepPlot map = sweep_plot(all, 0, {"optimizer.lr", SweepView::Form::heat_map});
  QCOMPARE(map.kind, SweepPlot::Kind::heat_map);
  QCOMPARE(map.columns.size(), 3);
  QCOMPARE(map.rows, (QStringList{"BP, hidden 16", "DFA, hidden 16", "BP, hidden 24", "DFA, hidden 24"}));
  QCOMPARE(map.results[3][2].count, 2);
  QCOMPARE(sweep_plot(all, 0, {"", SweepView::Form::table}).kind, SweepPlot::Kind::none);
  // A setting that is no longer varied leaves the choice to the program.
  QCOMPARE(sweep_plot(all, 0, {"train.batch", SweepView::Form::automatic}).x_ticks.size(), std::size_t{3});
}

QTEST_MAIN(TestSweepPlots)
#include "test_sweep_plots.moc"
