// The figures as entries: each says all that menus, layouts, exports and screen readers need, and what is
// kept of one release's layouts continues to open.
#include <QImage>
#include <QRegularExpression>
#include <QSet>
#include <QTemporaryDir>
#include <QtTest>
#include <nlohmann/json.hpp>
#include <set>

#include "engine/error.h"
#include "engine/experiment/experiment.h"
#include "tests/plot/recording_painter.h"
#include "tests/scope/fresh_model.h"
#include "ui/plot/line_figure.h"
#include "ui/plot/qpainter_painter.h"
#include "ui/scope/averaged_seeds.h"
#include "ui/scope/figure_entry.h"
#include "ui/scope/figure_export.h"
#include "ui/scope/figure_rows.h"
#include "ui/scope/figure_sheet.h"
#include "ui/scope/scope_memory.h"
#include "ui/scope/scope_scene.h"

namespace grapevine {

class TestFigureEntries : public QObject, private FreshModel {
  Q_OBJECT

 private Q_SLOTS:
  void init() { start_over(); }

  void each_has_a_key_a_title_and_an_explanation_of_its_own() {
    std::set<std::string> keys, titles;
    for (const FigureEntry* entry : figure_entries()) {
      keys.insert(entry->traits().key);
      titles.insert(entry->traits().title);
      const FigureState& state = model_->figure(entry->traits().key);
      QCOMPARE(state.entry, entry);
      QVERIFY2(!entry->explanation(state).isEmpty(), entry->traits().key.c_str());
    }
    QCOMPARE(keys.size(), figure_entries().size());
    QCOMPARE(titles.size(), figure_entries().size());
    QCOMPARE(model_->figures().size(), figure_entries().size());
  }

  void each_is_drawn_read_and_exported_alone() {
    QTemporaryDir folder;
    for (std::size_t i = 0; i < figure_entries().size(); ++i) {
      const int figure = static_cast<int>(i);
      const FigureEntry& entry = *figure_entries()[i];
      const FigurePlace place = {figure, {0, 0, 900, 420}, true, -1};
      const auto built = entry.build(*model_, look_, place);
      RecordingPainter painter;
      built->draw(painter, look_.theme());
      QCOMPARE(painter.clip_depth, 0);
      QVERIFY(!painter.texts.empty());
      QVERIFY(entry.summary(*model_, figure).endsWith(QLatin1Char('.')));
      QVERIFY(entry.least_height(4) > Figure::kHeaderHeight);
      for (const char* ending : {"png", "pdf", "svg", "csv", "json"}) {
        const QString file = folder.filePath(QString::fromStdString(entry.traits().key) + '.' + ending);
        export_figure(*model_, look_, figure, file, {});
        QVERIFY2(QFileInfo(file).size() > 0, qPrintable(file));
      }
      // Exporting leaves no trace.
      QVERIFY(!look_.for_file && !look_.dark);
      QCOMPARE(model_->figures()[i].shown, entry.traits().shown);
    }
    QVERIFY_THROWS_EXCEPTION(InputError, export_figure(*model_, look_, 0, folder.filePath("figure.bmp"), {}));
  }

  void several_share_a_page() {
    QTemporaryDir folder;
    FigurePage page;
    page.width_cm = 17;
    page.columns = 2;
    page.font = "DejaVu Serif";
    page.letters = true;
    QCOMPARE(sheet_size(3, page).width(), 17.0);
    for (const char* ending : {"pdf", "svg", "png"})
      export_sheet(*model_, look_, {0, 1, 2}, folder.filePath(QString("page.") + ending), page);
    QFile svg(folder.filePath("page.svg"));
    QVERIFY(svg.open(QIODevice::ReadOnly));
    const QString text = QString::fromUtf8(svg.readAll());
    QVERIFY(text.contains("width=\"17.00cm\""));
    QVERIFY(text.contains(">c</text>") && !text.contains(">d</text>"));
    QVERIFY(text.contains("DejaVu Serif"));
    // Every clip has a name of its own.
    QStringList clips;
    for (const auto& found : QRegularExpression("<clipPath id=\"([^\"]+)").globalMatch(text))
      clips << found.captured(1);
    QCOMPARE(QSet<QString>(clips.begin(), clips.end()).size(), clips.size());
    const QImage png(folder.filePath("page.png"));
    QCOMPARE(png.width(), 2008);  // 17 / 2.54 · 300
    // Nothing is left of it.
    QCOMPARE(figure_font(TextSize::small).family(), QFont(figure_font(TextSize::title)).family());
    QVERIFY(figure_font(TextSize::small).family() != QString("DejaVu Serif"));
    page.columns = 12;
    QVERIFY_THROWS_EXCEPTION(InputError,
                             export_sheet(*model_, look_, {0, 1}, folder.filePath("a.pdf"), page));
    page.columns = 1;
    page.height_cm = 1;  // less than its letter and its axes take
    QVERIFY_THROWS_EXCEPTION(InputError, export_sheet(*model_, look_, {0}, folder.filePath("a.pdf"), page));
    page.width_cm = page.height_cm = 100;  // 2 · (100 / 2.54 · 300)² are 279 million pixels
    QVERIFY_THROWS_EXCEPTION(InputError,
                             export_sheet(*model_, look_, {0, 1}, folder.filePath("a.png"), page));
    QVERIFY(!QFile::exists(folder.filePath("a.png")));
    page.width_cm = 17;
    page.height_cm = 0;
    QVERIFY_THROWS_EXCEPTION(InputError, export_sheet(*model_, look_, {0}, folder.filePath("a.bmp"), page));
    QVERIFY_THROWS_EXCEPTION(InputError, export_sheet(*model_, look_, {}, folder.filePath("a.pdf"), page));
  }

  void unsmoothed_values_of_a_crowd_of_runs_are_left_out() {
    const auto raw_lines = [&](std::size_t count) {
      std::vector<RunData> crowd;
      while (crowd.size() < count) crowd.push_back(made_runs(50, 1).front());
      model_->set_runs(pointers_to(crowd), labels_of(crowd));
      model_->advance();
      model_->set_smoothing(0.8);
      const FigureState& loss = model_->figure("loss");
      const auto figure = static_cast<int>(&loss - model_->figures().data());
      const auto built = loss.entry->build(*model_, look_, {figure, {0, 0, 900, 420}, true, -1});
      const auto& lines = dynamic_cast<const LineFigure&>(*built).lines;
      return std::count_if(lines.begin(), lines.end(),
                           [](const PlotLine& line) { return line.raw != nullptr; });
    };
    QCOMPARE(raw_lines(20), 20);
    QCOMPARE(raw_lines(21), 0);
  }

  // Batches' curves and those of each layer as well as the held-out ones; the pointer is at step 300.
  void a_groups_lines_all_have_their_band_and_count_data() {
    QTest::addColumn<QString>("figure");
    QTest::addColumn<QString>("rule");
    QTest::addColumn<std::ptrdiff_t>("means");
    QTest::newRow("accuracy") << "accuracy"
                              << "dfa" << std::ptrdiff_t{2};
    QTest::newRow("loss") << "loss"
                          << "dfa" << std::ptrdiff_t{2};
    QTest::newRow("layers") << "layers"
                            << "dfa" << std::ptrdiff_t{3};
    QTest::newRow("layers, turned round") << "layers"
                                          << "drtp" << std::ptrdiff_t{3};
  }
  void a_groups_lines_all_have_their_band_and_count() {
    QFETCH(QString, figure);
    QFETCH(QString, rule);
    std::vector<RunData> all = made_runs(600, 3);
    all.erase(all.begin());
    for (RunData& run : all) run.rule = rule.toStdString();
    const auto mean = std::make_shared<const MeanRun>(mean_run(pointers_to(all), Band::range));
    model_->set_runs({RunView(mean, &mean->data)}, {"two"}, {mean});
    model_->view = ScopeView::figures;
    model_->cursor = 300;
    model_->advance();
    const FigureState& state = model_->figure(figure.toStdString());
    const auto index = static_cast<int>(&state - model_->figures().data());
    const auto built = state.entry->build(*model_, look_, {index, {0, 0, 900, 420}, true, -1});
    const auto& lines = dynamic_cast<const LineFigure&>(*built).lines;
    QTEST(std::count_if(lines.begin(), lines.end(), [](const PlotLine& line) { return !line.band.empty(); }),
          "means");
    // Each run of the two is a thin line behind each mean.
    QFETCH(std::ptrdiff_t, means);
    QCOMPARE(static_cast<std::ptrdiff_t>(lines.size()), 3 * means);
    for (const PlotLine& line : lines) {
      for (const BandPoint& edge : line.band) QVERIFY(edge.low <= edge.high);
      if (!line.band.empty()) QVERIFY2(line.note.starts_with("N 2, "), line.note.c_str());
      if (line.band.empty()) QVERIFY(line.note.empty() && line.stroke.width < 1);
    }
  }

  void a_groups_figure_says_what_its_band_is() {
    std::vector<RunData> all = made_runs(50, 3);
    const auto note_of = [&](Band band) {
      const auto mean = std::make_shared<const MeanRun>(mean_run(pointers_to(all), band));
      model_->set_runs({RunView(mean, &mean->data)}, {"two"}, {mean});
      model_->advance();
      const auto index = static_cast<int>(&model_->figure("loss") - model_->figures().data());
      const auto built =
          model_->figure("loss").entry->build(*model_, look_, {index, {0, 0, 900, 420}, true, -1});
      return dynamic_cast<const LineFigure&>(*built).note;
    };
    QCOMPARE(note_of(Band::deviation), std::string("Band: mean ± standard deviation"));
    QCOMPARE(note_of(Band::error), std::string("Band: mean ± standard error"));
    QCOMPARE(note_of(Band::range), std::string("Band: least to largest"));
  }

  // Two seeds: accuracies 0.5 and 0.7, mean cosines 0.2 and 0.4 at step 10.
  void a_group_has_whiskers_in_the_plane_and_is_called_a_mean_on_the_stage() {
    std::vector<RunData> all(2);
    for (std::size_t i = 0; i < 2; ++i) {
      const auto more = 0.2 * static_cast<double>(i);
      all[i].uuid = "seed-" + std::to_string(i);
      all[i].rule = "dfa";
      for (const std::int64_t step : {10, 20}) {
        add_sample(all[i], "cos_b_j", 1, step, 0.1 + more);
        add_sample(all[i], "cos_b_j", 2, step, 0.3 + more);
        add_sample(all[i], "cos_delta", 1, step, 0.5);
        add_sample(all[i], "test_accuracy", 0, step, 0.5 + more);
      }
    }
    const auto mean = std::make_shared<const MeanRun>(mean_run(pointers_to(all), Band::range));
    model_->set_runs({RunView(mean, &mean->data)}, {"DFA (N 2)"}, {mean});
    model_->advance();
    const auto built_of = [&](const char* key) {
      const auto index = static_cast<int>(&model_->figure(key) - model_->figures().data());
      return model_->figure(key).entry->build(*model_, look_, {index, {0, 0, 900, 420}, true, -1});
    };
    const auto plane = built_of("plane");
    const auto& figure = dynamic_cast<const LineFigure&>(*plane);
    QCOMPARE(figure.lines.size(), std::size_t{2});
    const PlotLine &whiskers = figure.lines[0], &path = figure.lines[1];
    QCOMPARE(path.end_name, std::string("DFA (N 2)"));
    QCOMPARE(whiskers.main->count(), std::size_t{4});  // a cross at each of two points
    const auto near = [](const Point& point, double x, double y) {
      return std::abs(point.x - x) < 1e-9 && std::abs(point.y - y) < 1e-9;
    };
    const auto level = whiskers.main->piece(0), upright = whiskers.main->piece(1);
    QVERIFY(near(level[0], 0.2, 0.6) && near(level[1], 0.4, 0.6));
    QVERIFY(near(upright[0], 0.3, 0.5) && near(upright[1], 0.3, 0.7));
    QCOMPARE(figure.note, std::string("Whiskers: least to largest of the seeds"));
    const auto index = static_cast<int>(&model_->figure("plane") - model_->figures().data());
    std::vector<FigureRow> rows;
    model_->figure("plane").entry->add_rows(*model_, index, model_->racers().front(), false, rows);
    QCOMPARE(rows.size(), std::size_t{4});
    QCOMPARE(rows[1].count, 2);
    QVERIFY(std::abs(rows[1].low - 0.5) < 1e-9 && std::abs(rows[1].high - 0.7) < 1e-9);
    RecordingPainter painter;
    built_of("stage")->draw(painter, look_.theme());
    QVERIFY(std::any_of(painter.texts.begin(), painter.texts.end(), [](const auto& text) {
      return text.text.find("means over 2 seeds") != std::string::npos;
    }));
  }

  // Accuracies of 0.5 and 0.7 of two seeds; a page has their mean, and the window its runs as before.
  void a_page_averages_over_seeds() {
    std::vector<RunData> all(3);
    for (std::size_t i = 0; i < 3; ++i) {
      Experiment experiment(i == 2 ? "bp" : "dfa");
      experiment.set("seed", static_cast<std::int64_t>(i % 2));
      all[i].experiment = experiment.to_json().dump();
      all[i].rule = experiment.rule();
      all[i].uuid = "run-" + std::to_string(i);
      for (const std::int64_t step : {10, 20})
        add_sample(all[i], "test_accuracy", 0, step, 0.5 + 0.2 * static_cast<double>(i));
    }
    model_->set_runs(pointers_to(all), {"one", "two", "three"});
    QVERIFY(has_several_seeds(*model_));
    const ScopeModel averaged = with_averaged_seeds(*model_, Band::range);
    QCOMPARE(averaged.racers().size(), std::size_t{2});
    const Racer& group = averaged.racers()[0];
    QCOMPARE(group.label, std::string("DFA (N 2)"));
    QVERIFY(group.mean && std::abs(group.run->last("test_accuracy") - 0.6) < 1e-12);
    const MeanCurve& curve = group.mean->curves.at({measure_index("test_accuracy"), 0});
    QVERIFY(std::abs(curve.low.value[0] - 0.5) < 1e-12 && std::abs(curve.high.value[0] - 0.7) < 1e-12);
    QCOMPARE(averaged.racers()[1].label, std::string("three"));
    QCOMPARE(model_->racers().size(), std::size_t{3});
    QVERIFY(!has_several_seeds(averaged));
  }

  // Theorem B.1's κ: a mean over the run's probes, whose error is known from the second probe on.
  void a_running_mean_has_its_standard_error_as_a_band() {
    RunData run = made_runs(50, 1).front();
    const std::vector<double> means = {1, 0.75, 0.875}, errors = {0.25, 0.125};
    for (std::size_t i = 0; i < means.size(); ++i) {
      const auto step = static_cast<std::int64_t>(20 * i + 10);
      add_sample(run, "descent_ratio_mean", 0, step, means[i]);
      if (i > 0) add_sample(run, "descent_ratio_mean_error", 0, step, errors[i - 1]);
    }
    std::vector<RunData> one = {run};
    model_->set_runs(pointers_to(one), labels_of(one));
    model_->view = ScopeView::figures;
    const auto index = static_cast<int>(&model_->figure("loss") - model_->figures().data());
    model_->choose_measure(index, {measure_index("descent_ratio_mean")});
    model_->set_smoothing(0);
    model_->cursor = 50;
    model_->advance();
    const auto built =
        model_->figure("loss").entry->build(*model_, look_, {index, {0, 0, 900, 420}, true, -1});
    const auto& figure = dynamic_cast<const LineFigure&>(*built);
    QCOMPARE(figure.lines.size(), std::size_t{1});
    const std::vector<BandPoint>& band = figure.lines.front().band;
    QCOMPARE(band.size(), std::size_t{2});
    QCOMPARE(band[0].x, 30.0);
    QCOMPARE(band[0].low, 0.5);
    QCOMPARE(band[0].high, 1.0);
    QCOMPARE(band[1].low, 0.75);
    QCOMPARE(band[1].high, 1.0);
    QVERIFY2(figure.lines.front().note.starts_with("± 0.125"), figure.lines.front().note.c_str());
    QVERIFY2(figure.note.starts_with("Band: ± standard error; estimated"), figure.note.c_str());
    QVERIFY(figure.y.lo <= 0.5 && figure.y.hi >= 1);
  }

  void what_a_theorem_asks_comes_with_its_caution() {
    for (const MeasureDescriptor& measure : measures()) {
      if (!is_of_theory(measure) || measure.is_error) continue;
      FigureState state = model_->figure("loss");
      state.measures = {measure_index(measure.key)};
      const QString said = state.entry->explanation(state).join(' ');
      QVERIFY2(said.contains(QString::fromStdString(measure.caution)), measure.key.c_str());
      QVERIFY(!measure.caution.empty());
    }
  }

  void a_page_is_light_whatever_the_window_is() {
    QTemporaryDir folder;
    QStringList pages;
    for (const bool dark : {false, true}) {
      look_.dark = dark;
      const QString file = folder.filePath(dark ? "dark.svg" : "light.svg");
      export_figure(*model_, look_, 0, file, {});
      QCOMPARE(look_.dark, dark);
      QFile page(file);
      QVERIFY(page.open(QIODevice::ReadOnly));
      pages << QString::fromUtf8(page.readAll());
    }
    QCOMPARE(pages[0], pages[1]);
  }

  void figures_of_layers_show_one_measure() {
    const int chosen = measure_index("cos_delta");
    for (std::size_t i = 0; i < model_->figures().size(); ++i) {
      if (!model_->figures()[i].entry->traits().of_layers) continue;
      model_->choose_measure(static_cast<int>(i), {chosen});
      for (const FigureState& state : model_->figures())
        if (state.entry->traits().of_layers) QCOMPARE(state.measures, std::vector<int>{chosen});
    }
  }

  void every_measure_of_a_run_has_a_figure() {
    for (const MeasureDescriptor& measure : measures()) {
      if (!measure.per_point && measure.quantity == Quantity::cosine) continue;
      const bool offered = std::any_of(figure_entries().begin(), figure_entries().end(),
                                       [&](const FigureEntry* entry) { return entry->offers(measure); });
      QVERIFY2(offered, measure.key.c_str());
    }
  }

  // As they were kept before figures had keys: told by their place, with a number for their kind.
  void layouts_without_keys_go_on_opening() {
    const std::string kept =
        "{\"version\": 1, \"stage\": false, \"axis\": 1, \"smoothing\": 0.5, \"linked\": true, \"dashes\": "
        "false, \"degrees\": false, \"figures\": ["
        "{\"kind\": 0, \"shares\": true, \"shown\": true, \"log\": false, \"height\": [0.2, 0.6]},"
        "{\"kind\": 0, \"shares\": false, \"shown\": false, \"log\": true},"
        "{\"kind\": 1, \"shares\": false, \"shown\": true, \"log\": false, \"measures\": [\"cos_delta\"]},"
        "{\"kind\": 2, \"shares\": false, \"shown\": false, \"log\": false, \"measures\": [\"cos_delta\"]},"
        "{\"kind\": 3, \"shares\": false, \"shown\": false, \"log\": false},"
        "{\"kind\": 4, \"shares\": false, \"shown\": true, \"log\": false},"
        "{\"kind\": 5, \"shares\": false, \"shown\": true, \"log\": false}]}";
    QVERIFY(apply_scope_layout(*model_, kept));
    QCOMPARE(model_->figure("accuracy").y_hi, 0.6);
    QVERIFY(!model_->figure("loss").shown && model_->figure("loss").log);
    QCOMPARE(model_->layer_measure_key(), std::string("cos_delta"));
    QVERIFY(!model_->figure("heat_map").shown && !model_->figure("events").shown);
    QVERIFY(model_->figure("stage").shown && model_->figure("plane").shown);
    QCOMPARE(model_->time_axis(), TimeAxis::epoch);
  }

  void a_kept_layout_names_its_figures() {
    auto kept = nlohmann::json::parse(scope_layout(*model_, WithTime::no));
    QCOMPARE(kept["figures"].size(), figure_entries().size());
    // In another order, and with a figure that only another version has.
    auto figures = nlohmann::json::array({{{"key", "of_another_version"}, {"shown", true}}});
    for (const auto& figure : kept["figures"]) figures.insert(figures.begin(), figure);
    for (auto& figure : figures) figure["shown"] = figure["key"] == "loss";
    kept["figures"] = figures;
    QVERIFY(apply_scope_layout(*model_, kept.dump()));
    for (const FigureState& state : model_->figures())
      QCOMPARE(state.shown, state.entry->traits().key == "loss");
  }
};

}  // namespace grapevine

QTEST_MAIN(grapevine::TestFigureEntries)
#include "test_figure_entries.moc"
