// The window's wiring for looking inside: the layer inspector, and steps in slow motion.
#include <QAction>
#include <algorithm>

#include "engine/experiment/registry.h"
#include "ui/panels/inspector/inspector_dock.h"
#include "ui/panels/main_actions.h"
#include "ui/panels/main_window.h"
#include "ui/panels/message_bar.h"
#include "ui/panels/run_controller.h"
#include "ui/panels/run_starter.h"
#include "ui/panels/shown_runs.h"
#include "ui/panels/slow_motion/slow_motion_dock.h"
#include "ui/panels/status_strip.h"
#include "ui/scope/run_colour.h"
#include "ui/scope/scope_model.h"
#include "ui/scope/scope_widget.h"

namespace grapevine {
namespace {

/// Feedback points of the deepest network; 0 = not known yet.
int deepest(const std::optional<RaceInfo>& info) {
  if (!info) return 0;
  int points = info->feedback_points;
  for (const NetworkSketch& network : info->networks)
    points = std::max(points, static_cast<int>(network.features.size()) - 1);
  return points;
}

/// How much the inspector has to show of a rule.
int to_see_of(const RuleDescriptor* rule) {
  return !rule ? 0 : (rule->has_feedback ? 1 : 0) + (rule->has_estimate ? 1 : 0);
}

}  // namespace

void MainWindow::wire_inspector() {
  connect(scope_, &ScopeWidget::inspectRequested, this, &MainWindow::inspect);
  connect(scope_, &ScopeWidget::place_chosen, this, [this](int run, int layer) {
    if (inspector_->isVisible() && run < static_cast<int>(run_->runs().size()))
      inspector_->inspect(run, layer);
  });
  connect(actions_->inspector, &QAction::triggered, this, [this](bool on) {
    if (!on) return inspector_->hide();
    const auto& place = scope_->model().chosen_place;
    inspect(place ? place->racer : -1, place ? place->point : inspector_->layer());
  });
  connect(inspector_, &InspectorDock::request_changed, this, [this] {
    actions_->inspector->setChecked(!inspector_->isHidden());
    run_->inspect(inspector_->request());
  });
  connect(inspector_, &InspectorDock::left, scope_, [this] { scope_->setFocus(); });
  connect(inspector_, &InspectorDock::said, this, [this](const QString& sentence, bool wrong) {
    if (wrong) return messages_->show_message(MessageBar::Kind::error, sentence);
    status_->say(sentence, 6000);
  });
  connect(run_, &RunController::inspected, inspector_,
          [this] { inspector_->show_inspections(run_->inspection()); });
  connect(run_, &RunController::run_changed, this, [this] {
    inspector_->show_inspections(run_->inspection());  // nothing of the run before
    show_inspected_racers();
  });
  connect(run_, &RunController::prepared, this, &MainWindow::show_inspected_racers);
  connect(shown_, &ShownRuns::changed, this, &MainWindow::show_inspected_racers);
}

void MainWindow::show_inspected_racers() {
  const std::vector<HueBearer> hues = hue_bearers(run_->runs());
  std::vector<InspectedRacer> racers;
  for (std::size_t i = 0; i < run_->runs().size(); ++i) {
    const RunData& run = *run_->runs()[i];
    const RuleDescriptor* rule = find_rule(run.rule);
    racers.push_back({static_cast<int>(i), run_->labels().value(static_cast<qsizetype>(i)),
                      run_colour(run, hues[i].shade, dark_ ? dark_theme() : light_theme()),
                      rule && rule->look.route == FeedbackRoute::backward, to_see_of(rule)});
  }
  inspector_->set_unavailable(
      shown_->shows_stored() ? tr("A stored run's matrices are not in memory: resume it, then look inside.")
                             : QString());
  inspector_->set_racers(std::move(racers), deepest(run_->info()));
}

void MainWindow::inspect(int run, int layer) {
  if (run >= static_cast<int>(run_->runs().size()) && !shown_->shows_stored()) {
    status_->say(tr("This run is laid over the live one and is not in memory: there is nothing to look into"),
                 6000);
    return;
  }
  hide_start_page();
  leave_page();
  const bool opens = inspector_->isHidden();
  inspector_->inspect(run, layer);
  if (opens && !inspector_->isFloating())
    resizeDocks({inspector_}, {std::max(400, width() * 2 / 5)}, Qt::Horizontal);
  inspector_->setFocus();
}

void MainWindow::wire_slow_motion() {
  connect(actions_->slow_motion, &QAction::triggered, this, [this](bool on) {
    if (!on) return slow_motion_->hide();
    show_slowly();
  });
  connect(slow_motion_, &SlowMotionDock::request_changed, this, [this] {
    actions_->slow_motion->setChecked(!slow_motion_->isHidden());
    rehearse();
  });
  connect(slow_motion_, &SlowMotionDock::left, scope_, [this] { scope_->setFocus(); });
  connect(slow_motion_, &SlowMotionDock::part_changed, this, [this] {
    const Rehearsal* step = slow_motion_->isVisible() ? slow_motion_->shown() : nullptr;
    const int phase = slow_motion_->phase();
    if (!step || phase < 0 || phase >= static_cast<int>(step->phases.size()))
      return scope_->show_step(std::nullopt);
    scope_->show_step(StageStep{{step->request.racer, step->request.point},
                                step->phases[static_cast<std::size_t>(phase)].part});
  });
  connect(run_, &RunController::rehearsed, this, [this] { slow_motion_->show_rehearsal(run_->rehearsal()); });
  connect(run_, &RunController::state_changed, this, &MainWindow::rehearse);
  // A step can be over between two looks at the state: paused before, paused after.
  connect(run_, &RunController::news, this, [this] {
    if (run_->state() == SessionState::paused && run_->step_now() != rehearsed_after_) rehearse();
  });
  connect(scope_, &ScopeWidget::place_chosen, this, [this](int run, int layer) {
    if (!slow_motion_->isVisible() || run >= static_cast<int>(run_->runs().size())) return;
    slow_motion_->set_place(run, layer);
    rehearse();
  });
  connect(run_, &RunController::run_changed, this, [this] { slow_motion_->set_racers(run_->labels()); });
}

/// Asks for the step where the run waits; says what is missing where it doesn't.
void MainWindow::rehearse() {
  const auto request = slow_motion_->request();
  if (!request) return;
  if (run_->active() && run_->state() == SessionState::paused) {
    rehearsed_after_ = run_->step_now();
    return run_->rehearse(*request);
  }
  slow_motion_->show_nothing(
      run_->active() && run_->state() == SessionState::running
          ? tr("The run is in progress. Pause it, and its next step can be gone through slowly.")
          : QString());
}

void MainWindow::show_slowly() {
  hide_start_page();
  leave_page();
  if (!run_->active()) actions_->step->trigger();
  if (run_->state() == SessionState::running) run_->pause();
  const auto& place = scope_->model().chosen_place;
  const bool is_live = place && place->racer < static_cast<int>(run_->runs().size());
  if (is_live) slow_motion_->set_place(place->racer, place->point);
  open_slow_motion(is_live ? place->point : 0);
  slow_motion_->setFocus();
}

void MainWindow::open_slow_motion(int layer) {
  slow_motion_->set_place(-1, layer);
  const bool opens = slow_motion_->isHidden();
  slow_motion_->show();
  slow_motion_->raise();
  if (opens && !slow_motion_->isFloating())
    resizeDocks({slow_motion_}, {std::max(400, width() * 2 / 5)}, Qt::Horizontal);
  rehearse();
}

}  // namespace grapevine
