// The window's wiring: who tells whom.
#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QFileDialog>
#include <QFileInfo>
#include <utility>

#include "engine/plans/plan.h"
#include "engine/runs/store_notices.h"
#include "ui/panels/cheat_sheet.h"
#include "ui/panels/closing.h"
#include "ui/panels/counted.h"
#include "ui/panels/events_dock.h"
#include "ui/panels/experiment_form.h"
#include "ui/panels/figure_export_dialog.h"
#include "ui/panels/figure_table.h"
#include "ui/panels/library_store.h"
#include "ui/panels/main_actions.h"
#include "ui/panels/main_toolbar.h"
#include "ui/panels/main_window.h"
#include "ui/panels/message_bar.h"
#include "ui/panels/page_export_dialog.h"
#include "ui/panels/queue_store.h"
#include "ui/panels/run_controller.h"
#include "ui/panels/run_library_dock.h"
#include "ui/panels/run_library_model.h"
#include "ui/panels/run_starter.h"
#include "ui/panels/shown_runs.h"
#include "ui/panels/status_strip.h"
#include "ui/panels/stored_runs_opener.h"
#include "ui/panels/window_memory.h"
#include "ui/scope/figure_keys.h"
#include "ui/scope/scope_widget.h"

namespace grapevine {

void MainWindow::wire_run() {
  connect(actions_->play, &QAction::triggered, starter_, &RunStarter::play_or_pause);
  connect(actions_->step, &QAction::triggered, starter_, [this] { starter_->step(1); });
  connect(actions_->steps, &QAction::triggered, starter_, [this] { starter_->step(toolbar_->step_count()); });
  connect(actions_->stop, &QAction::triggered, run_, &RunController::stop);
  connect(actions_->reset, &QAction::triggered, run_, &RunController::reset);
  connect(actions_->start_new, &QAction::triggered, starter_, &RunStarter::start);
  connect(starter_, &RunStarter::refused, this,
          [this](const QString& sentence) { messages_->show_message(MessageBar::Kind::error, sentence); });
  connect(closing_, &Closing::waiting, this, [this](const QString& words) {
    status_->say(words);
    show_state();
  });
  closing_->wait_for({[this] { return store_->writing(); }, [this] { store_->stop(); },
                      tr("Stopping the export, then closing; the file stays as it was")});
  closing_->wait_for({[this] { return store_->importing(); }, [this] { store_->stop(); },
                      tr("Stopping the import, then closing; runs that were taken in whole stay")});
  connect(store_, &LibraryStore::idled, closing_, &Closing::look);
  closing_->wait_for({[this] { return queue_->at_work(); }, [this] { queue_->end(); },
                      tr("Stopping the queue and storing what it trains, then closing")});
  connect(queue_, &QueueStore::at_work_changed, closing_, &Closing::look);
  connect(actions_->calibrate, &QAction::triggered, run_, &RunController::calibrate);
  connect(experiment_->form(), &ExperimentForm::live_edited, run_, &RunController::set_live);
  connect(experiment_->form(), &ExperimentForm::edited, this, &MainWindow::show_state);

  connect(run_, &RunController::run_changed, this, [this] {
    shown_->set_live(run_->runs(), run_->labels());
    scope_->change()->set_follow(true);
    library_->set_held(run_->ids());
    store_->refresh();
    // A reset or resumed run: the form says what is in progress.
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
  connect(&status_clock_, &QTimer::timeout, this, &MainWindow::show_progress);
}

void MainWindow::wire_library() {
  listen_to_store_notices([this](const std::string& sentence) {  // on whatever thread opens a database
    QMetaObject::invokeMethod(
        this,
        [this, text = QString::fromStdString(sentence)] {
          messages_->show_message(MessageBar::Kind::warning, text);
        },
        Qt::QueuedConnection);
  });
  connect(store_, &LibraryStore::exported, this, [this](const QString& file) {
    status_->say(tr("Wrote %1").arg(QFileInfo(file).fileName()), 4000);
  });
  connect(store_, &LibraryStore::import_begun, this, [this] { status_->say(tr("Importing\u2026")); });
  connect(store_, &LibraryStore::imported, this, [this](const QString& sentence, const QStringList& notes) {
    status_->say({});
    if (!sentence.isEmpty())
      messages_->show_message(notes.isEmpty() ? MessageBar::Kind::information : MessageBar::Kind::warning,
                              (QStringList{sentence} + notes).join(QLatin1Char(' ')));
  });
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
  connect(library_, &RunLibraryDock::open_asked, opener_, &StoredRunsOpener::open);
  connect(library_, &RunLibraryDock::resume_asked, run_, &RunController::resume);
  connect(library_, &RunLibraryDock::further_asked, run_, &RunController::train_further);
  connect(library_, &RunLibraryDock::settings_asked, opener_, &StoredRunsOpener::to_form);
  connect(library_, &RunLibraryDock::command_asked, opener_, &StoredRunsOpener::to_clipboard);
  connect(opener_, &StoredRunsOpener::opened, scope_, &ScopeWidget::fit);
  connect(opener_, &StoredRunsOpener::settings_read, experiment_->form(), &ExperimentForm::set_plan);
  connect(opener_, &StoredRunsOpener::note, this, [this](const QString& text) { status_->say(text, 4000); });
  connect(opener_, &StoredRunsOpener::trouble, this,
          [this](const QString& sentence) { messages_->show_message(MessageBar::Kind::error, sentence); });
  connect(library_, &RunLibraryDock::refused, this,
          [this](const QString& sentence) { messages_->show_message(MessageBar::Kind::warning, sentence); });
  const auto deleted = [](const std::vector<std::int64_t>& ids) {
    const int count = static_cast<int>(ids.size());
    return counted(count, tr("Run deleted."), tr("%n runs deleted.", nullptr, count));
  };
  connect(library_, &RunLibraryDock::removed, this, [this, deleted](const std::vector<std::int64_t>& ids) {
    for (const std::int64_t id : ids) shown_->forget(id);
    messages_->show_message(MessageBar::Kind::information, deleted(ids), tr("Undo"),
                            [this] { library_->undo_remove(); });
  });
  connect(library_, &RunLibraryDock::restored, this,
          [this, deleted](const std::vector<std::int64_t>& ids) { messages_->withdraw(deleted(ids)); });
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
          [this](bool stage) { scope_->change()->view = stage ? ScopeView::stage : ScopeView::figures; });
  connect(scope_, &ScopeWidget::view_changed, this,
          [this] { actions_->stage->setChecked(scope_->model().view == ScopeView::stage); });
  actions_->stage->setChecked(scope_->model().view == ScopeView::stage);
  connect(actions_->follow, &QAction::triggered, scope_,
          [this](bool follow) { scope_->change()->set_follow(follow); });
  connect(scope_, &ScopeWidget::follow_changed, actions_->follow, &QAction::setChecked);
  actions_->follow->setChecked(scope_->model().follow());
  connect(actions_->fit, &QAction::triggered, scope_, &ScopeWidget::fit);
  connect(actions_->zoom_in, &QAction::triggered, this, [this] { scope_->zoom(1.5); });
  connect(actions_->zoom_out, &QAction::triggered, this, [this] { scope_->zoom(1 / 1.5); });
  connect(actions_->pan_left, &QAction::triggered, this, [this] { scope_->pan(-0.2); });
  connect(actions_->pan_right, &QAction::triggered, this, [this] { scope_->pan(0.2); });
  connect(actions_->next_axis, &QAction::triggered, toolbar_, &MainToolbar::next_axis);
  connect(actions_->next_measure, &QAction::triggered, toolbar_, &MainToolbar::next_measure);
  connect(actions_->smoother, &QAction::triggered, this, [this] { toolbar_->change_smoothing(5); });
  connect(actions_->rougher, &QAction::triggered, this, [this] { toolbar_->change_smoothing(-5); });
  actions_->log_loss->setChecked(scope_->model().figure(figure_keys::loss).log);
  actions_->linked->setChecked(scope_->model().linked());
  connect(actions_->log_loss, &QAction::triggered, scope_,
          [this](bool log) { scope_->change()->figure(figure_keys::loss).log = log; });
  connect(actions_->linked, &QAction::triggered, scope_,
          [this](bool linked) { scope_->change()->set_linked(linked); });
  connect(actions_->dashes, &QAction::triggered, scope_,
          [this](bool dashes) { scope_->change()->dashes_everywhere = dashes; });
  const auto say_what_came = [this](const SavedFigure& saved) {
    if (!saved.trouble.isEmpty())
      messages_->show_message(MessageBar::Kind::error, saved.trouble);
    else if (!saved.file.isEmpty())
      status_->say(tr("Wrote %1").arg(QFileInfo(saved.file).fileName()), 4000);
  };
  connect(actions_->export_figure, &QAction::triggered, this,
          [this, say_what_came] { say_what_came(ask_and_export(*scope_, this)); });
  connect(actions_->export_page, &QAction::triggered, this,
          [this, say_what_came] { say_what_came(ask_and_export_page(*scope_, this)); });
  connect(scope_, &ScopeWidget::animation_requested, this, [this] { scope_->animate(this); });
  connect(actions_->animate, &QAction::triggered, this, [this] { scope_->animate(this); });
  connect(actions_->reduce_motion, &QAction::toggled, scope_, &ScopeWidget::set_reduce_motion);
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
  connect(events_, &EventsDock::chosen, this, [this](qint64 step) { scope_->change()->jump_to_step(step); });
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
  connect(experiment_, &ExperimentDock::file_opened, this, &MainWindow::show_form);
  connect(actions_->first_experiment, &QAction::triggered, this, [this] {
    experiment_->form()->set_plan(first_experiment());
    show_form();
  });
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
  connect(actions_->about, &QAction::triggered, this, &MainWindow::show_about);
  connect(actions_->quit, &QAction::triggered, this, &QWidget::close);
}

}  // namespace grapevine
