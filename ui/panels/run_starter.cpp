// From the form's experiment to a run.
#include "ui/panels/run_starter.h"

#include "ui/panels/experiment_form.h"
#include "ui/panels/run_controller.h"

namespace grapevine {

RunStarter::RunStarter(ExperimentForm* form, RunController* run, QObject* parent)
    : QObject(parent), form_(form), run_(run) {}

std::optional<ExperimentPlan> RunStarter::plan() {
  auto plan = form_->plan();
  const QStringList problems = form_->problems();
  if (plan && problems.isEmpty()) return plan;
  Q_EMIT refused(tr("The experiment can't start. %1").arg(problems.join(QLatin1Char(' '))));
  return std::nullopt;
}

void RunStarter::play_or_pause() {
  if (!run_->active()) return start();
  if (run_->state() == SessionState::running)
    run_->pause();
  else
    run_->play();
}

void RunStarter::start() {
  if (const auto its = plan()) run_->start(*its, RunController::Begin::running);
}

void RunStarter::step(std::int64_t count) {
  if (run_->active()) return run_->step(count);
  if (const auto its = plan()) run_->start(*its, RunController::Begin::paused, count);
}

}  // namespace grapevine
