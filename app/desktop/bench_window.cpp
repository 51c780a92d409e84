// `grapevine --bench-window`.
#include "app/desktop/bench_window.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QMouseEvent>
#include <QTimer>
#include <QWheelEvent>
#include <QWidget>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>
#include <nlohmann/json.hpp>
#include <vector>

#include "engine/door/engine_api.h"
#include "engine/experiment/entry_keys.h"
#include "engine/experiment/registry.h"
#include "engine/runs/run_data.h"
#include "ui/panels/experiment_dock.h"
#include "ui/panels/experiment_form.h"
#include "ui/panels/main_window.h"
#include "ui/panels/run_controller.h"
#include "ui/scope/scope_model.h"
#include "ui/scope/scope_widget.h"

namespace grapevine {
namespace {

constexpr std::int64_t kWarmSteps = 20;  ///< before the rate counts
constexpr int kRateMs = 8000;
constexpr int kLookMs = 5;
constexpr int kPatienceMs = 60000;
constexpr int kTries = 25;  ///< of what a median is taken

/// The event loop continues until something is so; false when it never became so. It sleeps between events:
/// what is measured has the cores for itself.
bool wait_for(const std::function<bool()>& is_so, int patience_ms = kPatienceMs) {
  QElapsedTimer clock;
  clock.start();
  QTimer look;
  look.start(kLookMs);
  while (!is_so()) {
    if (clock.elapsed() > patience_ms) return false;
    QCoreApplication::processEvents(QEventLoop::AllEvents | QEventLoop::WaitForMoreEvents);
  }
  return true;
}

void pass(int milliseconds) {
  wait_for([] { return false; }, milliseconds);
}

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// Steps a second once the run has warmed up; 0 when it ended before.
double rate_of(const RunController& run) {
  if (!wait_for([&] { return run.step_now() >= kWarmSteps || run.exit_status() != 0; })) return 0;
  QElapsedTimer clock;
  clock.start();
  const std::int64_t before = run.step_now();
  wait_for([&] { return !run.active(); }, kRateMs);
  return static_cast<double>(run.step_now() - before) * 1000 / static_cast<double>(clock.elapsed());
}

void end(RunController& run) {
  run.stop();
  wait_for([&] { return !run.busy(); });
}

RunView made_run(const std::string& rule, int racer, std::int64_t samples, int layers,
                 std::int64_t measurements = 20) {
  auto run = std::make_shared<RunData>();
  run->rule = rule;
  run->name = rule;
  run->uuid = std::to_string(racer);
  const auto add = [&](const char* measure, int point, std::int64_t count, auto value) {
    Series& series = run->series[{measure_index(measure), point}];
    for (std::int64_t step = 0; step < count; ++step) {
      series.step.push_back(step);
      series.epoch.push_back(static_cast<double>(step) / 1000);
      series.seconds.push_back(static_cast<double>(step) / 100);
      series.value.push_back(value(static_cast<double>(step)));
    }
  };
  // Falls as a loss does, with a batch's noise.
  const double fall = 4.0 / static_cast<double>(samples);
  add(family::loss, 0, samples,
      [&](double step) { return 0.4 + 1.9 * std::exp(-fall * step) + 0.1 * std::sin(step * (racer + 1)); });
  for (int layer = 1; layer <= layers; ++layer) {
    add(measure_keys::cos_delta, layer, measurements,
        [&](double step) { return std::cos(0.02 * step * layer / layers + racer); });
    add(measure_keys::cos_b_j, layer, measurements,
        [&](double step) { return 0.03 * step * layer / layers; });
  }
  run->step = samples;
  run->revision = 1;
  return run;
}

/// Milliseconds until a frame that was asked for is there.
double until_painted(const ScopeWidget& scope, const std::function<void()>& ask) {
  QElapsedTimer clock;
  const int before = scope.clock().frame_count();
  clock.start();
  ask();
  wait_for([&] { return scope.clock().frame_count() > before; }, 5000);
  return static_cast<double>(clock.nsecsElapsed()) * 1e-6;
}

void point_at(QWidget& canvas, QPointF at, bool wheel) {
  const QPointF global = canvas.mapToGlobal(at);
  if (wheel) {
    QWheelEvent event(at, global, {}, {0, 120}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
    QCoreApplication::sendEvent(&canvas, &event);
  } else {
    QMouseEvent event(QEvent::MouseMove, at, global, Qt::NoButton, Qt::NoButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&canvas, &event);
  }
}

class Bench {
 public:
  explicit Bench(MainWindow& window) : window_(window), scope_(*window.scope()) {}

  int run() {
    const auto plan = window_.experiment()->form()->plan();
    if (!plan) {
      std::fprintf(stderr, "grapevine: %s\n",
                   qPrintable(window_.experiment()->form()->problems().join(QLatin1Char(' '))));
      return 2;
    }
    const double headless = train_without_figures(*plan);
    const double shown = train_with_figures();
    if (const int status = window_.run()->exit_status(); status != 0) return status;
    found_["training_share"] = headless > 0 ? shown / headless : 0;
    look_at_input();
    look_at_idling();
    look_at_large_runs();
    look_at_an_overlay();
    look_at_the_stage();
    std::printf("%s\n", found_.dump(2).c_str());
    return 0;
  }

 private:
  /// The same race in this process with nobody who draws it.
  double train_without_figures(const ExperimentPlan& plan) {
    RunController alone(engine_steppers());
    alone.set_database(window_.run()->database());
    alone.start(plan, RunController::Begin::running);
    const double rate = rate_of(alone);
    end(alone);
    return rate;
  }

  double train_with_figures() {
    QElapsedTimer clock;
    clock.start();
    window_.start_from_form();
    const RunController& run = *window_.run();
    const auto drawn = [&] { return painted_ > 0 || run.exit_status() != 0; };
    const int before = scope_.clock().frame_count();
    const auto look = QObject::connect(&run, &RunController::news, [&] {
      if (scope_.model().any_data() && scope_.clock().frame_count() > before) painted_ = clock.elapsed();
    });
    wait_for(drawn);
    QObject::disconnect(look);
    found_["first_point_seconds"] = static_cast<double>(painted_) / 1000;
    scope_.clock().forget_times();
    const int first = scope_.clock().frame_count();
    clock.restart();
    const double rate = rate_of(run);
    found_["frames_per_second"] =
        (scope_.clock().frame_count() - first) * 1000.0 / static_cast<double>(clock.elapsed());
    found_["frame_ms_median"] = scope_.clock().median_ms();
    found_["frame_ms_p99"] = scope_.clock().p99_ms();
    end(*window_.run());
    return rate;
  }

  void look_at_input() {
    QWidget& canvas = *scope_.focusProxy();
    std::vector<double> times;
    for (int i = 0; i < kTries; ++i) {
      const QPointF at(canvas.width() * (0.1 + 0.03 * i), canvas.height() * 0.8);
      times.push_back(until_painted(scope_, [&] { point_at(canvas, at, i % 5 == 4); }));
    }
    found_["input_ms_median"] = median(times);
  }

  void look_at_idling() {
    pass(2000);
    const int before = scope_.clock().frame_count();
    pass(2000);
    found_["idle_frames"] = scope_.clock().frame_count() - before;
  }

  /// From the numbers in memory to the first picture of them, and from there along them.
  void look_at_large_runs() {
    std::vector<RunView> runs;
    std::vector<QString> labels;
    for (int racer = 0; racer < 110; ++racer) {
      runs.push_back(made_run(rules()[static_cast<std::size_t>(racer) % rules().size()].key, racer,
                              racer < 10 ? 1000000 : 1000, 0));
      labels.push_back(QString::number(racer));
    }
    scope_.change()->view = ScopeView::figures;
    found_["open_ms"] = until_painted(scope_, [&] { scope_.show_runs(runs, labels); });
    scope_.fit();  // what was zoomed before is another view each time
    scope_.zoom(4);
    std::vector<double> times;
    for (int i = 0; i < kTries; ++i) {
      until_painted(scope_, [&] { scope_.pan(i % 2 == 0 ? 0.11 : -0.1); });
      times.push_back(scope_.clock().last_ms());
    }
    found_["pan_ms"] = median(times);
  }

  /// As the library lays them over each other: all figures, the time axis in motion.
  void look_at_an_overlay() {
    constexpr int runs_together = 50;
    std::vector<RunView> runs;
    std::vector<QString> labels;
    for (int racer = 0; racer < runs_together; ++racer) {
      runs.push_back(
          made_run(rules()[static_cast<std::size_t>(racer) % rules().size()].key, racer, 100, 4, 100));
      labels.push_back(QString::number(racer));
    }
    scope_.change()->view = ScopeView::figures;
    scope_.show_runs(runs, labels);
    scope_.fit();
    scope_.zoom(2);
    std::vector<double> times;
    for (int i = 0; i < kTries; ++i) {
      until_painted(scope_, [&] { scope_.pan(i % 2 == 0 ? 0.11 : -0.1); });
      times.push_back(scope_.clock().last_ms());
    }
    found_["overlay_50_ms"] = median(times);
    scope_.show_runs({}, {});
  }

  void look_at_the_stage() {
    std::vector<RunView> runs;
    std::vector<QString> labels;
    for (const char* rule : {rule_keys::bp, rule_keys::fa, rule_keys::dfa, rule_keys::grape,
                             rule_keys::residual, rule_keys::drtp, rule_keys::fdfa}) {
      runs.push_back(made_run(rule, static_cast<int>(runs.size()), 20, 60));
      labels.push_back(QString::fromLatin1(rule));
    }
    scope_.change()->view = ScopeView::stage;
    scope_.show_runs(runs, labels);
    std::vector<double> times;
    for (int i = 0; i < kTries; ++i) {
      until_painted(scope_, [&] { scope_.refresh(); });
      times.push_back(scope_.clock().last_ms());
    }
    found_["stage_ms"] = median(times);
    scope_.show_runs({}, {});
  }

  MainWindow& window_;
  ScopeWidget& scope_;
  qint64 painted_ = 0;
  nlohmann::ordered_json found_;
};

}  // namespace

int bench_window(MainWindow& window) {
  return Bench(window).run();
}

}  // namespace grapevine
