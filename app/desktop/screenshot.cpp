// `grapevine --screenshot`.
#include "app/desktop/screenshot.h"

#include <QCoreApplication>
#include <QImage>
#include <QPainter>
#include <QPixmap>
#include <cstdio>
#include <limits>
#include <utility>

#include "engine/error.h"
#include "ui/panels/experiment_dock.h"
#include "ui/panels/experiment_form.h"
#include "ui/panels/inspector/inspector_dock.h"
#include "ui/panels/main_window.h"
#include "ui/panels/run_controller.h"
#include "ui/panels/run_library_dock.h"
#include "ui/panels/slow_motion/slow_motion_dock.h"
#include "ui/scope/figure_export.h"
#include "ui/scope/scope_widget.h"
#include "ui/scope/stage_animation.h"

namespace grapevine {
namespace {

// Long enough for the estimate to arrive, short enough for scripts.
constexpr int settle_ms = 1300;
// A long library takes longer; one that another program never stops writing to is painted as it is by then.
constexpr int look_again_ms = 100, most_waited_ms = 60'000;

// The figures may be drawn by OpenGL, which a grab of the window can miss: they are painted over their place,
// which is the canvas's, above the bar to scrub.
QImage picture_of(MainWindow& window) {
  QImage picture = window.grab().toImage();
  if (!window.scope()->isVisible()) return picture;
  const QImage figures = window.scope()->grab_frame();
  if (!figures.isNull()) {
    QPainter painter(&picture);
    const QWidget& canvas = *window.scope()->focusProxy();
    painter.drawImage(QRect(canvas.mapTo(&window, QPoint(0, 0)), canvas.size()), figures);
  }
  return picture;
}

/// The whole run as a film of the stage.
void write_animation(const ScopeWidget& scope, const QString& file) {
  AnimationWish wish;
  wish.to = std::numeric_limits<std::int64_t>::max();
  scope.animation(wish).write(file);
}

}  // namespace

Screenshot::Screenshot(MainWindow* window, QString file, std::int64_t steps, QObject* parent)
    : QObject(parent), window_(window), file_(std::move(file)), steps_(steps) {
  settle_.setSingleShot(true);
  connect(&settle_, &QTimer::timeout, this, &Screenshot::paint);
}

void Screenshot::start() {
  RunController* run = window_->run();
  connect(run, &RunController::trouble, this, [this, run](const QString& sentence) {
    // A setting refused on the way is shown in the picture; what ends the run ends the program.
    if (run->exit_status() != 0) fail(sentence, run->exit_status());
  });
  if (steps_ == 0) return settle();
  const auto plan = window_->experiment()->form()->plan();
  const QStringList problems = window_->experiment()->form()->problems();
  if (!plan || !problems.isEmpty()) return fail(problems.join(QLatin1Char(' ')), 2);
  connect(run, &RunController::state_changed, this, &Screenshot::look);
  connect(run, &RunController::stored, this, &Screenshot::look);
  // A few steps can be over between two looks at the state: paused before, paused after.
  connect(run, &RunController::news, this, &Screenshot::look);
  connect(run, &RunController::inspected, this, &Screenshot::look);
  connect(run, &RunController::rehearsed, this, &Screenshot::look);
  run->start(*plan, RunController::Begin::paused, steps_);
}

void Screenshot::look() {
  const RunController& run = *window_->run();
  if (taken_) {
    if (!run.busy()) leave(status_);
    return;
  }
  const bool there = run.state() == SessionState::paused && run.step_now() >= steps_;
  const bool ended = !run.busy() && run.state() == SessionState::finished;
  const InspectorDock& inspector = *window_->inspector();
  const SlowMotionDock& slow = *window_->slow_motion();
  const bool looked = (inspector.isHidden() || inspector.is_of_step(run.step_now())) &&
                      (ended || slow.isHidden() || slow.shown());
  if ((there || ended) && looked && !settle_.isActive()) settle();
}

void Screenshot::settle() {
  if (show_view) show_view();
  settling_.start();
  settle_.start(settle_ms);
}

// Both panels take a layer that there is in its place.
QString Screenshot::missing_layer() const {
  if (layer == 0) return {};
  const SlowMotionDock& slow = *window_->slow_motion();
  const InspectorDock& inspector = *window_->inspector();
  int shown = layer;
  if (!inspector.isHidden()) shown = inspector.layer();
  if (!slow.isHidden() && slow.shown()) shown = slow.shown()->request.point;
  if (shown == layer) return {};
  return tr("--view: there is no layer %1; the deepest network of this run has the layers 1 to %2")
      .arg(layer)
      .arg(shown);
}

void Screenshot::paint() {
  if (const QString missing = missing_layer(); !missing.isEmpty()) return fail(missing, 2);
  // The library reads the curves of the rows that have been painted.
  window_->grab();
  if (!window_->library()->is_settled() && settling_.elapsed() < most_waited_ms)
    return settle_.start(look_again_ms);
  window_->scope()->refresh();
  QCoreApplication::processEvents();
  try {
    if (file_.endsWith(QLatin1String(".gif"), Qt::CaseInsensitive))
      write_animation(*window_->scope(), file_);
    else
      write_picture(picture_of(*window_), file_);
  } catch (const Error& error) {
    return fail(QString::fromUtf8(error.what()), error.exit_status());
  }
  leave(0);
}

void Screenshot::fail(const QString& sentence, int status) {
  std::fprintf(stderr, "grapevine: %s\n", qPrintable(sentence));
  leave(status);
}

// The run is stored before the program ends.
void Screenshot::leave(int status) {
  if (!taken_) status_ = status;
  taken_ = true;
  if (window_->run()->active()) return window_->run()->stop();
  if (window_->run()->busy()) return;
  QCoreApplication::exit(status_);
}

}  // namespace grapevine
