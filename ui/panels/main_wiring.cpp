// The window's wiring: who tells whom.
#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QCloseEvent>
#include <QDir>
#include <QEventLoop>
#include <QFileDialog>
#include <QFileInfo>
#include <QFrame>
#include <QInputDialog>
#include <QLabel>
#include <QMessageBox>
#include <QPushButton>
#include <nlohmann/json.hpp>
#include <utility>

#include "engine/error.h"
#include "engine/plans/plan.h"
#include "engine/runs/stored_experiment.h"
#include "ui/panels/cheat_sheet.h"
#include "ui/panels/counted.h"
#include "ui/panels/events_dock.h"
#include "ui/panels/experiment_form.h"
#include "ui/panels/figure_table.h"
#include "ui/panels/lesson_guide.h"
#include "ui/panels/library_store.h"
#include "ui/panels/main_actions.h"
#include "ui/panels/main_toolbar.h"
#include "ui/panels/main_window.h"
#include "ui/panels/message_bar.h"
#include "ui/panels/run_controller.h"
#include "ui/panels/run_library_dock.h"
#include "ui/panels/run_library_model.h"
#include "ui/panels/shown_runs.h"
#include "ui/panels/status_strip.h"
#include "ui/panels/window_memory.h"
#include "ui/panels/words.h"
#include "ui/scope/scope_widget.h"

namespace grapevine {

void MainWindow::wire_run() {
  connect(actions_->play, &QAction::triggered, this, &MainWindow::play_or_pause);
  connect(actions_->step, &QAction::triggered, this, [this] { step_from_form(1); });
  connect(actions_->steps, &QAction::triggered, this, [this] { step_from_form(toolbar_->step_count()); });
  connect(actions_->stop, &QAction::triggered, run_, &RunController::stop);
  connect(actions_->reset, &QAction::triggered, run_, &RunController::reset);
  connect(actions_->start_new, &QAction::triggered, this, &MainWindow::start_from_form);
  connect(actions_->calibrate, &QAction::triggered, run_, &RunController::calibrate);
  connect(experiment_->form(), &ExperimentForm::live_edited, run_, &RunController::set_live);
  connect(experiment_->form(), &ExperimentForm::edited, this, &MainWindow::show_state);

  connect(run_, &RunController::run_changed, this, [this] {
    shown_->set_live(run_->runs(), run_->labels());
    scope_->set_follow(true);
    library_->set_held(run_->ids());
    store_->refresh();
    // A reset or resumed run: the form says what is going on.
    const auto in_form = experiment_->form()->plan();
    if (!in_form || in_form->racers != run_->plan().racers) experiment_->form()->set_plan(run_->plan());
    memory_->set_experiment(run_->plan());
  });
  connect(run_, &RunController::news, this, [this] {
    if (shown_->shows_stored()) return;
    scope_->refresh();
    events_->refresh();
  });
  connect(run_, &RunController::state_changed, this, &MainWindow::show_state);
  connect(run_, &RunController::prepared, this, &MainWindow::show_state);
  connect(run_, &RunController::stored, this, [this] {
    library_->set_held({});
    store_->refresh();
    scope_->refresh();
  });
  connect(run_, &RunController::trouble, this,
          [this](const QString& sentence) { messages_->show_message(MessageBar::Kind::error, sentence); });
  connect(run_, &RunController::trouble_gone, messages_, &MessageBar::withdraw);
  connect(run_, &RunController::remark, this,
          [this](const QString& sentence) { status_->say(sentence, 8000); });
  // Numbers for people need no more than this, and an idle window needs none.
  status_clock_.setInterval(200);
  connect(&status_clock_, &QTimer::timeout, this, [this] {
    status_->show_figures(*run_, *scope_);
    constexpr std::int64_t warm = 20;  // the first steps allocate what later ones have
    if (run_->step_now() > warm && run_->steps_per_second() > 0)
      experiment_->learn_speed(run_->plan(), run_->steps_per_second());
  });
}

void MainWindow::wire_library() {
  connect(store_, &LibraryStore::trouble, this,
          [this](const QString& sentence) { messages_->show_message(MessageBar::Kind::error, sentence); });
  connect(store_, &LibraryStore::interrupted_found, this, [this](int count) {
    messages_->show_message(
        MessageBar::Kind::warning,
        counted(count,
                tr("A run was interrupted. Its numbers are in the library; training can continue from its "
                   "last checkpoint."),
                tr("%n runs were interrupted. Their numbers are in the library; training can continue from "
                   "the last checkpoint.",
                   nullptr, count)),
        tr("Resume"), [this] {
          const std::int64_t id = library_->newest_interrupted();
          if (id > 0) return run_->resume(id);
          messages_->show_message(MessageBar::Kind::warning,
                                  tr("None of the interrupted runs has a checkpoint to continue from."));
        });
  });
  connect(library_, &RunLibraryDock::open_asked, this, &MainWindow::open_stored);
  connect(library_, &RunLibraryDock::resume_asked, run_, &RunController::resume);
  connect(library_, &RunLibraryDock::further_asked, run_, &RunController::train_further);
  connect(library_, &RunLibraryDock::settings_asked, this,
          [this](qint64 id) { settings_of_stored(id, false); });
  connect(library_, &RunLibraryDock::command_asked, this,
          [this](qint64 id) { settings_of_stored(id, true); });
  connect(library_, &RunLibraryDock::refused, this,
          [this](const QString& sentence) { messages_->show_message(MessageBar::Kind::warning, sentence); });
  connect(library_, &RunLibraryDock::removed, this, [this](const std::vector<std::int64_t>& ids) {
    for (const std::int64_t id : ids) shown_->forget(id);
    const int count = static_cast<int>(ids.size());
    messages_->show_message(MessageBar::Kind::information,
                            counted(count, tr("Run deleted."), tr("%n runs deleted.", nullptr, count)),
                            tr("Undo"), [this] { library_->undo_remove(); });
  });
  connect(actions_->find_run, &QAction::triggered, this, [this] {
    if (!library_->lent()) {
      library_->show();
      library_->raise();
    }
    library_->find();
  });
  wire_library_page();
  wire_queue();
  connect(actions_->open_database, &QAction::triggered, this, [this] {
    const QString file =
        QFileDialog::getOpenFileName(this, tr("Open a database"), QFileInfo(store_->database()).path(),
                                     tr("Databases (*.db);;All files (*)"));
    if (!file.isEmpty()) open_database(file);
  });
}

void MainWindow::wire_figures() {
  connect(shown_, &ShownRuns::changed, this, &MainWindow::show_runs);
  connect(actions_->stage, &QAction::triggered, this,
          [this](bool stage) { scope_->set_view(stage ? ScopeView::stage : ScopeView::figures); });
  connect(scope_, &ScopeWidget::view_changed, this,
          [this] { actions_->stage->setChecked(scope_->view() == ScopeView::stage); });
  actions_->stage->setChecked(scope_->view() == ScopeView::stage);
  connect(actions_->follow, &QAction::triggered, scope_, &ScopeWidget::set_follow);
  connect(scope_, &ScopeWidget::follow_changed, actions_->follow, &QAction::setChecked);
  actions_->follow->setChecked(scope_->follow());
  connect(actions_->fit, &QAction::triggered, scope_, &ScopeWidget::fit);
  connect(actions_->zoom_in, &QAction::triggered, this, [this] { scope_->zoom(1.5); });
  connect(actions_->zoom_out, &QAction::triggered, this, [this] { scope_->zoom(1 / 1.5); });
  connect(actions_->pan_left, &QAction::triggered, this, [this] { scope_->pan(-0.2); });
  connect(actions_->pan_right, &QAction::triggered, this, [this] { scope_->pan(0.2); });
  connect(actions_->next_axis, &QAction::triggered, toolbar_, &MainToolbar::next_axis);
  connect(actions_->next_measure, &QAction::triggered, toolbar_, &MainToolbar::next_measure);
  connect(actions_->smoother, &QAction::triggered, this, [this] { toolbar_->change_smoothing(5); });
  connect(actions_->rougher, &QAction::triggered, this, [this] { toolbar_->change_smoothing(-5); });
  actions_->log_loss->setChecked(scope_->log_loss());
  actions_->linked->setChecked(scope_->linked());
  connect(actions_->log_loss, &QAction::triggered, scope_, &ScopeWidget::set_log_loss);
  connect(actions_->linked, &QAction::triggered, scope_, &ScopeWidget::set_linked);
  connect(actions_->dashes, &QAction::triggered, scope_, &ScopeWidget::set_dashes_everywhere);
  connect(actions_->export_figure, &QAction::triggered, this, &MainWindow::export_figure);
  connect(actions_->copy_figures, &QAction::triggered, this, [this] {
    QApplication::clipboard()->setImage(scope_->grab_frame());
    status_->say(tr("The figures are on the clipboard"), 4000);
  });
  connect(actions_->show_table, &QAction::triggered, this, [this] {
    auto* table = new FigureTable(scope_, this);
    table->setAttribute(Qt::WA_DeleteOnClose);
    table->open();
  });
  connect(actions_->back_to_live, &QAction::triggered, shown_, &ShownRuns::back_to_live);
  connect(scope_, &ScopeWidget::event_chosen, events_,
          [this](int racer, std::int64_t step) { events_->select(racer, step); });
  connect(scope_, &ScopeWidget::message, this, [this](const QString& text) { status_->say(text, 6000); });
  connect(events_, &EventsDock::chosen, this, [this](qint64 step) { scope_->jump_to_step(step); });
}

void MainWindow::wire_window() {
  connect(experiment_, &ExperimentDock::message, this,
          [this](const QString& sentence) { messages_->show_message(MessageBar::Kind::error, sentence); });
  connect(experiment_, &ExperimentDock::note, this,
          [this](const QString& text) { status_->say(text, 4000); });
  connect(actions_->open_experiment, &QAction::triggered, experiment_, &ExperimentDock::open);
  connect(actions_->save_experiment, &QAction::triggered, experiment_, &ExperimentDock::save);
  connect(actions_->copy_command, &QAction::triggered, experiment_, &ExperimentDock::copy_as_command);
  connect(actions_->find_setting, &QAction::triggered, this, [this] {
    experiment_->show();
    experiment_->raise();
    experiment_->form()->find_setting_box();
  });
  connect(actions_->first_experiment, &QAction::triggered, this,
          [this] { experiment_->form()->set_plan(first_experiment()); });
  connect(actions_->dark, &QAction::triggered, this, [this](bool dark) {
    set_dark(dark);
    memory_->set_dark(dark);
  });
  connect(actions_->full_screen, &QAction::triggered, this, [this](bool full) {
    setWindowState(full ? windowState() | Qt::WindowFullScreen : windowState() & ~Qt::WindowFullScreen);
  });
  connect(actions_->default_layout, &QAction::triggered, this, &MainWindow::default_layout);
  connect(actions_->cheat_sheet, &QAction::triggered, this, [this] {
    auto* sheet = new CheatSheet(*actions_, this);
    sheet->setAttribute(Qt::WA_DeleteOnClose);
    sheet->open();
  });
  connect(actions_->about, &QAction::triggered, this, [this] {
    QMessageBox::about(this, tr("About Grapevine"),
                       tr("<b>Grapevine %1</b><p>A desktop laboratory for feedback-alignment learning.</p>"
                          "<p>MIT licence.</p>")
                           .arg(QStringLiteral(GRAPEVINE_VERSION)));
  });
  connect(actions_->quit, &QAction::triggered, this, &QWidget::close);
}

void MainWindow::open_database(const QString& file) {
  run_->set_database(file);
  store_->set_database(file);
  queue_->set_database(file);
  store_->mark_interrupted();
  if (parts_.database.isEmpty() || file != parts_.database) memory_->set_database(file);
}

std::optional<ExperimentPlan> MainWindow::plan_or_message() {
  auto plan = experiment_->form()->plan();
  const QStringList problems = experiment_->form()->problems();
  if (plan && problems.isEmpty()) return plan;
  messages_->show_message(MessageBar::Kind::error,
                          tr("The experiment can't start. %1").arg(problems.join(QLatin1Char(' '))));
  return std::nullopt;
}

void MainWindow::play_or_pause() {
  if (!run_->active()) return start_from_form();
  if (run_->state() == SessionState::running)
    run_->pause();
  else
    run_->play();
}

void MainWindow::start_from_form() {
  const auto plan = plan_or_message();
  if (!plan) return;
  run_->start(*plan, RunController::Begin::running);
}

void MainWindow::step_from_form(std::int64_t count) {
  if (run_->active()) return run_->step(count);
  const auto plan = plan_or_message();
  if (!plan) return;
  run_->start(*plan, RunController::Begin::paused, count);
}

void MainWindow::show_runs() {
  scope_->show_runs(shown_->runs(), shown_->labels(), shown_->means());
  if (guide_ && guide_->course() && !guide_->step_runs().empty())
    scope_->set_highlighted_racer(guide_->course()->step().show.spotlight);
  events_->set_runs(shown_->runs(), shown_->labels());
  stored_bar_->setVisible(shown_->shows_stored());
  if (shown_->shows_stored()) {
    const RunData& first = *shown_->in_front().front();
    QString text = tr("Stored run %1 of %2: %3")
                       .arg(first.id)
                       .arg(local_time(QString::fromStdString(first.started)).left(10),
                            shown_->labels_in_front().join(QStringLiteral(", ")));
    const int over = static_cast<int>(shown_->overlaid().size());
    if (over > 0)
      text += counted(over, tr("; 1 run laid over it"), tr("; %n runs laid over it", nullptr, over));
    stored_text_->setText(text);
  }
  actions_->back_to_live->setEnabled(shown_->shows_stored());
  actions_->back_to_live->setText(shown_->has_live() ? tr("Back to the live run")
                                                     : tr("Close the stored run"));
  show_state();
}

void MainWindow::show_state() {
  const bool active = run_->active(), going = run_->busy() && active;
  const bool running = run_->state() == SessionState::running && active;
  actions_->play->setText(running                                           ? tr("Pause")
                          : active && run_->state() == SessionState::paused ? tr("Resume")
                                                                            : tr("Play"));
  actions_->play->setEnabled(active || !run_->busy());
  actions_->step->setEnabled(!running && (active || !run_->busy()));
  actions_->steps->setEnabled(actions_->step->isEnabled());
  actions_->stop->setEnabled(going);
  actions_->reset->setEnabled(run_->has_run());
  actions_->calibrate->setEnabled(going);
  actions_->show_icons(palette(), dark_, running);
  experiment_->form()->set_running(active);
  if (run_->busy())
    status_clock_.start();
  else
    status_clock_.stop();
  status_->set_elsewhere(shown_->shows_stored());
  status_->show_figures(*run_, *scope_);
  QString title = tr("Grapevine");
  if (shown_->shows_stored())
    title = tr("Run %1 – Grapevine").arg(shown_->in_front().front()->id);
  else if (run_->has_run())
    title = tr("%1 – Grapevine").arg(run_->state_text());
  setWindowTitle(title);
  if (closing_ && !run_->busy()) QMetaObject::invokeMethod(this, &QWidget::close, Qt::QueuedConnection);
}

void MainWindow::open_stored(qint64 id) {
  for (const std::int64_t live : run_->ids())
    if (live == id) return shown_->back_to_live();
  store_->load({id}, true, [this](std::vector<RunData> runs) {
    shown_->open_stored(std::move(runs));
    scope_->fit();
  });
}

void MainWindow::settings_of_stored(qint64 id, bool to_clipboard) {
  store_->load({id}, !to_clipboard, [this, to_clipboard](std::vector<RunData> runs) {
    try {
      ExperimentPlan plan;
      for (const RunData& run : runs) plan.racers.push_back(stored_experiment(run));
      plan.is_race = plan.racers.size() > 1;
      if (!to_clipboard) return experiment_->form()->set_plan(plan);
      QApplication::clipboard()->setText(QString::fromStdString(plan_to_command(plan)));
      status_->say(tr("The command is on the clipboard"), 4000);
    } catch (const std::exception& error) {
      messages_->show_message(
          MessageBar::Kind::error,
          tr("The run's settings can't be read: %1").arg(QString::fromUtf8(error.what())));
    }
  });
}

void MainWindow::export_figure() {
  QStringList titles;
  for (int i = 0; i < scope_->figure_count(); ++i) titles << scope_->figure_title(i);
  if (titles.isEmpty()) return;
  bool chosen = false;
  const QString title =
      QInputDialog::getItem(this, tr("Export a figure"), tr("Figure"), titles, 0, false, &chosen);
  if (!chosen) return;
  const QString file = QFileDialog::getSaveFileName(this, tr("Export a figure"), QStringLiteral("figure.svg"),
                                                    tr("Pictures (*.svg *.pdf *.png)"));
  if (file.isEmpty()) return;
  QString error;
  if (scope_->export_figure(static_cast<int>(titles.indexOf(title)), file, QSize(900, 420), &error))
    status_->say(tr("Wrote %1").arg(QFileInfo(file).fileName()), 4000);
  else
    messages_->show_message(MessageBar::Kind::error, error);
}

void MainWindow::closeEvent(QCloseEvent* event) {
  if (!run_->busy()) {
    remember();
    return event->accept();
  }
  event->ignore();
  if (closing_) return;
  if (run_->active() && parts_.ask_before_closing)
    ask_to_close();
  else
    close_when_stored();
}

void MainWindow::stop_and_close() {
  if (run_->busy()) return close_when_stored();
  close();
}

void MainWindow::store_before_the_session_ends() {
  remember();
  if (!run_->busy()) return;
  QEventLoop until_stored;
  connect(run_, &RunController::stored, &until_stored, &QEventLoop::quit);
  run_->stop();
  until_stored.exec(QEventLoop::ExcludeUserInputEvents);
}

void MainWindow::ask_to_close() {
  auto* box = new QMessageBox(QMessageBox::Question, tr("Close"), tr("Stop the run and close Grapevine?"),
                              QMessageBox::NoButton, this);
  box->setObjectName(QStringLiteral("close_question"));
  box->setInformativeText(tr("The run is stored as it stands and can be resumed from the run library."));
  box->setAttribute(Qt::WA_DeleteOnClose);
  QPushButton* stop = box->addButton(tr("Stop and store"), QMessageBox::AcceptRole);
  QPushButton* keep = box->addButton(tr("Continue"), QMessageBox::RejectRole);
  box->setDefaultButton(keep);
  box->setEscapeButton(keep);
  connect(box, &QMessageBox::buttonClicked, this, [this, stop](QAbstractButton* button) {
    if (button == static_cast<QAbstractButton*>(stop)) close_when_stored();
  });
  box->open();
}

void MainWindow::close_when_stored() {
  closing_ = true;
  status_->say(tr("Storing the run, then closing"));
  run_->stop();
  show_state();
}

}  // namespace grapevine
