// The window's wiring for looking inside: the layer inspector, and steps in slow motion.
#include <QAction>
#include <algorithm>
#include <utility>

#include "engine/experiment/registry.h"
#include "ui/panels/events_dock.h"
#include "ui/panels/inspector/inspector_dock.h"
#include "ui/panels/inspector/stored_inspections.h"
#include "ui/panels/lesson_dock.h"
#include "ui/panels/library_store.h"
#include "ui/panels/main_actions.h"
#include "ui/panels/main_window.h"
#include "ui/panels/message_bar.h"
#include "ui/panels/run_controller.h"
#include "ui/panels/run_library_dock.h"
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

/// Under the numbers of the racers that were asked for, in their order.
InspectionSet in_places(const StoredAnswer& answer, const std::vector<int>& racers) {
  InspectionSet layers = answer.layers;
  for (std::size_t i = 0; i < layers.size() && i < racers.size(); ++i) layers[i].racer = racers[i];
  return layers;
}

constexpr int least_stage_width = 520;
constexpr int usual_form_width = 340;  ///< before the window is laid out

/// How much the inspector has to show of a rule.
int to_see_of(const RuleDescriptor* rule) {
  return !rule ? 0 : (rule->has_feedback ? 1 : 0) + (rule->has_estimate ? 1 : 0);
}

}  // namespace

void MainWindow::wire_inspector() {
  connect(scope_, &ScopeWidget::inspectRequested, this, &MainWindow::inspect);
  connect(scope_, &ScopeWidget::place_chosen, this, [this](int run, int layer) {
    if (inspector_->isVisible() && inspector_->has_racer(run)) inspector_->inspect(run, layer);
  });
  connect(actions_->inspector, &QAction::triggered, this, [this](bool on) {
    if (!on) return inspector_->hide();
    const auto& place = scope_->model().chosen_place;
    inspect(place ? place->racer : -1, place ? place->point : inspector_->layer());
  });
  connect(inspector_, &InspectorDock::request_changed, this, [this] {
    actions_->inspector->setChecked(!inspector_->isHidden());
    give_room_back();
    look_inside();
  });
  connect(inspector_, &InspectorDock::left, scope_, [this] { scope_->setFocus(); });
  connect(inspector_, &InspectorDock::said, this, [this](const QString& sentence, bool wrong) {
    if (wrong) return messages_->show_message(MessageBar::Kind::error, sentence);
    status_->say(sentence, 6000);
  });
  connect(run_, &RunController::inspected, this, [this] {
    if (!looks_at_stored()) inspector_->show_inspections(run_->inspection());
  });
  connect(stored_inspections_, &StoredInspections::answered, this, &MainWindow::show_stored_layers);
  connect(run_, &RunController::run_changed, this, [this] {
    inspector_->show_inspections(run_->inspection());  // nothing of the run before
    show_inspected_racers();
  });
  connect(run_, &RunController::prepared, this, &MainWindow::show_inspected_racers);
  connect(run_, &RunController::state_changed, this, &MainWindow::show_inspected_racers);
  connect(shown_, &ShownRuns::changed, this, [this] {
    if (looks_at_stored()) inspector_->show_inspections(nullptr);
    show_inspected_racers();
  });
}

// What is in progress is looked into where it is; of what is over, the last checkpoint tells.
bool MainWindow::looks_at_stored() const {
  return shown_->shows_stored() || !run_->busy();
}

void MainWindow::show_inspected_racers() {
  const bool stored = looks_at_stored();
  std::vector<RunView> runs = stored ? shown_->runs() : run_->runs();
  const std::vector<QString> names = shown_->labels();
  // Behind the single runs are groups of them, which have no matrices of their own.
  if (stored)
    runs.erase(std::find_if(runs.begin(), runs.end(), [](const RunView& run) { return run->id <= 0; }),
               runs.end());
  const std::vector<HueBearer> hues = hue_bearers(runs);
  std::vector<InspectedRacer> racers;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const RunData& run = *runs[i];
    const RuleDescriptor* rule = find_rule(run.rule);
    racers.push_back({static_cast<int>(i),
                      stored ? names[i] : run_->labels().value(static_cast<qsizetype>(i)),
                      run_colour(run, hues[i].shade, dark_ ? dark_theme() : light_theme()),
                      rule && rule->look.route == FeedbackRoute::backward, to_see_of(rule)});
  }
  const bool trains = run_->busy() && run_->state() != SessionState::paused;
  inspector_->set_unavailable(
      stored && trains && !racers.empty()
          ? tr("Stored runs can be inspected only while nothing is trained: pause the run in progress.")
          : QString());
  inspector_->set_stored(stored);
  inspector_->set_racers(std::move(racers), stored ? 0 : deepest(run_->info()));
}

void MainWindow::look_inside() {
  const InspectionRequest request = inspector_->request();
  const bool stored = looks_at_stored();
  run_->inspect(stored ? InspectionRequest{} : request);
  StoredQuestion question;
  if (stored && request.point > 0) {
    const std::vector<RunView> runs = shown_->runs();
    for (const int racer : request.racers)
      if (static_cast<std::size_t>(racer) < runs.size())
        question.runs.push_back(runs[static_cast<std::size_t>(racer)]->id);
    if (!question.runs.empty()) question.point = request.point;
    question.database = store_->database().toStdString();
  }
  stored_inspections_->ask(std::move(question));
  show_stored_layers();
}

void MainWindow::show_stored_layers() {
  const auto answer = stored_inspections_->answer();
  if (!answer || answer->question.point == 0 || !looks_at_stored()) return;
  inspector_->show_inspections(
      std::make_shared<const InspectionSet>(in_places(*answer, inspector_->chosen())));
  inspector_->set_layers(answer->points);
}

void MainWindow::inspect(int run, int layer) {
  if (run >= 0 && !inspector_->has_racer(run)) {
    status_->say(tr("This run is overlaid on the live one and is not in memory: there is nothing to inspect"),
                 6000);
    return;
  }
  hide_start_page();
  leave_page();
  const bool opens = inspector_->isHidden();
  inspector_->inspect(run, layer);
  if (opens) place_beside(inspector_);
  inspector_->setFocus();
}

// A panel that is opened next to the stage takes two fifths of the window. Where that would leave the stage
// too narrow for its words, it is in front of the form, a tab away from it.
void MainWindow::place_beside(QDockWidget* panel) {
  if (panel->isFloating()) return;
  const int wanted = std::max(400, width() * 2 / 5);
  const bool has_form = !experiment_->isHidden() && !experiment_->isFloating() &&
                        dockWidgetArea(experiment_) == Qt::LeftDockWidgetArea;
  const int form = experiment_->isVisible() ? experiment_->width() : usual_form_width;
  const bool narrow = has_form && width() - form - wanted < least_stage_width;
  if (narrow) {
    if (form_width_ == 0) form_width_ = form;
    // The panels beneath have a width of their own, which the window must not grow for.
    const int beneath = library_->minimumSizeHint().width() + events_->minimumSizeHint().width();
    if (wanted + beneath > width()) setCorner(Qt::BottomLeftCorner, Qt::BottomDockWidgetArea);
    tabifyDockWidget(experiment_, panel);
    panel->show();
    panel->raise();
  } else if (tabifiedDockWidgets(experiment_).contains(panel)) {
    addDockWidget(Qt::RightDockWidgetArea, panel);
  }
  resizeDocks({panel}, {wanted}, Qt::Horizontal);
}

void MainWindow::give_room_back() {
  if (form_width_ == 0 || !inspector_->isHidden() || !slow_motion_->isHidden()) return;
  setCorner(Qt::BottomLeftCorner, Qt::LeftDockWidgetArea);
  resizeDocks({experiment_}, {std::exchange(form_width_, 0)}, Qt::Horizontal);
}

void MainWindow::wire_slow_motion() {
  connect(actions_->slow_motion, &QAction::triggered, this, [this](bool on) {
    if (!on) return slow_motion_->hide();
    show_slowly();
  });
  connect(slow_motion_, &SlowMotionDock::request_changed, this, [this] {
    actions_->slow_motion->setChecked(!slow_motion_->isHidden());
    give_room_back();
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
  connect(run_, &RunController::changed_by_hand, this, &MainWindow::rehearse);
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
  QString why;
  if (run_->active() && run_->state() == SessionState::running)
    why = tr("The run is in progress. Pause it, and its next step can be gone through slowly.");
  else if (run_->has_run() && !run_->active())
    why = tr(
        "This run has ended, so it has no next step. Start it again with Reset, or a new one with Play, and "
        "pause where you want to look.");
  slow_motion_->show_nothing(why);
}

void MainWindow::show_slowly() {
  hide_start_page();
  leave_page();
  if (!run_->has_run()) actions_->step->trigger();
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
  if (presenting_)
    tabifyDockWidget(lesson_, slow_motion_);  // the stage keeps its room
  else if (opens)
    place_beside(slow_motion_);
  slow_motion_->raise();
  rehearse();
}

}  // namespace grapevine
