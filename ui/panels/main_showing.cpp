// What the window shows of its runs, which database they lie in, and how it closes.
#include <QAction>
#include <QCloseEvent>
#include <QMessageBox>

#include "ui/panels/closing.h"
#include "ui/panels/events_dock.h"
#include "ui/panels/experiment_form.h"
#include "ui/panels/lesson_guide.h"
#include "ui/panels/library_store.h"
#include "ui/panels/main_actions.h"
#include "ui/panels/main_window.h"
#include "ui/panels/queue_store.h"
#include "ui/panels/run_controller.h"
#include "ui/panels/run_starter.h"
#include "ui/panels/shown_runs.h"
#include "ui/panels/status_strip.h"
#include "ui/panels/stored_bar.h"
#include "ui/panels/stored_runs_opener.h"
#include "ui/panels/window_memory.h"
#include "ui/scope/scope_widget.h"

namespace grapevine {

void MainWindow::open_database(const QString& file) {
  run_->set_database(file);
  store_->set_database(file);
  queue_->set_database(file);
  store_->mark_interrupted();
  if (parts_.database.isEmpty() || file != parts_.database) memory_->set_database(file);
}

void MainWindow::play_or_pause() {
  starter_->play_or_pause();
}

void MainWindow::start_from_form() {
  starter_->start();
}

void MainWindow::show_runs() {
  scope_->show_runs(shown_->runs(), shown_->labels(), shown_->means());
  if (guide_ && guide_->course() && !guide_->step_runs().empty())
    scope_->change()->highlighted = guide_->course()->step().show.spotlight;
  events_->set_runs(shown_->runs(), shown_->labels());
  stored_bar_->show_runs(*shown_);
  show_state();
}

void MainWindow::show_state() {
  actions_->show_run(*run_);
  actions_->show_icons(palette(), dark_, run_->active() && run_->state() == SessionState::running);
  experiment_->form()->set_running(run_->active());
  if (run_->busy())
    status_clock_.start();
  else
    status_clock_.stop();
  status_->set_elsewhere(shown_->shows_stored());
  status_->show_run(*run_);
  setWindowTitle(shown_->shows_stored() ? tr("Run %1 – Grapevine").arg(shown_->in_front().front()->id)
                 : run_->has_run()      ? tr("%1 – Grapevine").arg(run_->state_text())
                                        : tr("Grapevine"));
  closing_->look();
}

void MainWindow::show_progress() {
  status_->show_run(*run_);
  constexpr std::int64_t warm = 20;  // the first steps allocate what later ones have
  if (run_->step_now() > warm && run_->pace() > 0) experiment_->learn_speed(run_->plan(), run_->pace());
}

void MainWindow::open_stored(qint64 id) {
  opener_->open(id);
}

void MainWindow::closeEvent(QCloseEvent* event) {
  const bool may = closing_->may_close();
  if (may) remember();
  event->setAccepted(may);
}

void MainWindow::stop_and_close() {
  closing_->stop_and_close();
}

void MainWindow::store_before_the_session_ends() {
  remember();
  closing_->store_now();
}

void MainWindow::show_about() {
  QMessageBox::about(this, tr("About Grapevine"),
                     tr("<b>Grapevine %1</b><p>A desktop laboratory for feedback-alignment learning.</p>"
                        "<p>MIT licence.</p>")
                         .arg(QStringLiteral(GRAPEVINE_VERSION)));
}

}  // namespace grapevine
