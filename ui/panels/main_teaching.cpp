// The window's wiring for teaching: the start page, the menu of lessons, links, help.
#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QDockWidget>
#include <QFileDialog>
#include <QLayout>
#include <QMenu>
#include <QMenuBar>
#include <algorithm>
#include <utility>

#include "engine/error.h"
#include "engine/lessons/lesson_files.h"
#include "engine/plans/link.h"
#include "engine/plans/view.h"
#include "ui/panels/docks_aside.h"
#include "ui/panels/events_dock.h"
#include "ui/panels/experiment_form.h"
#include "ui/panels/help_topic.h"
#include "ui/panels/help_window.h"
#include "ui/panels/inspector/inspector_dock.h"
#include "ui/panels/lesson_dock.h"
#include "ui/panels/lesson_guide.h"
#include "ui/panels/library_store.h"
#include "ui/panels/live_dock.h"
#include "ui/panels/main_actions.h"
#include "ui/panels/main_toolbar.h"
#include "ui/panels/main_window.h"
#include "ui/panels/message_bar.h"
#include "ui/panels/paper_page.h"
#include "ui/panels/queue_page.h"
#include "ui/panels/run_controller.h"
#include "ui/panels/run_library_dock.h"
#include "ui/panels/setting_editor.h"
#include "ui/panels/slow_motion/slow_motion_dock.h"
#include "ui/panels/start_page.h"
#include "ui/panels/status_strip.h"
#include "ui/panels/stored_bar.h"
#include "ui/panels/window_memory.h"
#include "ui/scope/scope_widget.h"

namespace grapevine {

void MainWindow::build_teaching() {
  aside_ = std::make_unique<DocksAside>(this);
  guide_ = new LessonGuide(run_, store_, memory_.get(), this);
  lesson_ = new LessonDock(guide_, run_, this);
  addDockWidget(Qt::RightDockWidgetArea, lesson_);
  lesson_->hide();
  start_ = new StartPage(guide_, store_, centralWidget());
  start_->hide();
  centralWidget()->layout()->addWidget(start_);
  add_lecture_keys();
}

void MainWindow::add_lessons_to(QMenu* menu) {
  QAction* first = menu->actions().isEmpty() ? nullptr : menu->actions().front();
  try {
    for (const LessonPlan& lesson : lessons()) {
      auto* action = new QAction(
          QStringLiteral("%1 %2").arg(lesson.order).arg(QString::fromStdString(lesson.title)), menu);
      action->setToolTip(QString::fromStdString(lesson.summary));
      const QString name = QString::fromStdString(lesson.name);
      connect(action, &QAction::triggered, this, [this, name] { open_lesson(name); });
      menu->insertAction(first, action);
    }
  } catch (const Error& error) {
    auto* why = new QAction(tr("The lessons can't be read"), menu);
    why->setToolTip(QString::fromUtf8(error.what()));
    why->setEnabled(false);
    menu->insertAction(first, why);
  }
  menu->insertSeparator(first);
}

void MainWindow::wire_teaching() {
  connect(actions_->start_page, &QAction::triggered, this, &MainWindow::show_start_page);
  connect(actions_->open_lesson, &QAction::triggered, this, [this] {
    const QString file =
        QFileDialog::getOpenFileName(this, tr("Open a lesson"), {}, tr("Lessons (*.json);;All files (*)"));
    if (!file.isEmpty()) open_lesson(file);
  });
  connect(actions_->leave_lesson, &QAction::triggered, guide_, &LessonGuide::leave);
  connect(actions_->next_step, &QAction::triggered, guide_, &LessonGuide::next);
  connect(actions_->previous_step, &QAction::triggered, guide_, &LessonGuide::back);
  connect(actions_->present, &QAction::triggered, this, &MainWindow::set_presenting);
  connect(actions_->copy_link, &QAction::triggered, this, &MainWindow::copy_link);
  connect(actions_->paste_link, &QAction::triggered, this,
          [this] { open_link(QApplication::clipboard()->text()); });
  wire_help();
  wire_lesson();
  wire_start_page();
}

void MainWindow::wire_start_page() {
  connect(store_, &LibraryStore::listed, start_, &StartPage::show_recent);
  connect(run_, &RunController::state_changed, this, [this] {
    if (run_->busy()) hide_start_page();
  });
  connect(start_, &StartPage::first_race_asked, this, [this] {
    experiment_->form()->set_plan(first_experiment());
    start_from_form();
  });
  connect(start_, &StartPage::lesson_chosen, this, [this](const QString& name) {
    // Who clicks a card wants to see something move; a lesson that was left is taken up where it stood.
    if (open_lesson(name) && guide_->course()->position() == 0 && guide_->course()->runs.empty())
      run_lesson_step();
  });
  connect(start_, &StartPage::preset_chosen, this, [this](const QString& name) {
    if (!experiment_->open_preset(name)) return;
    hide_start_page();
    start_from_form();
  });
  connect(start_, &StartPage::run_chosen, this, [this](qint64 id) {
    hide_start_page();
    open_stored(id);
  });
  connect(start_, &StartPage::resume_asked, run_, &RunController::resume);
  connect(start_, &StartPage::new_experiment_asked, this, &MainWindow::hide_start_page);
  connect(start_, &StartPage::file_asked, this, [this] {
    hide_start_page();
    experiment_->open();
  });
}

void MainWindow::show_start_page() {
  if (start_->isVisible() || run_->busy()) return;
  leave_page();
  if (presenting_) set_presenting(false);
  start_->refresh_lessons();
  aside_->put_away({}, false);
  toolbar_->hide();
  scope_->hide();
  start_->show();
}

void MainWindow::show_view(const ViewChoice& choice) {
  const auto figures = [this](ScopeView view) { scope_->change()->view = view; };
  switch (choice.view) {
    case View::stage:
      return figures(ScopeView::stage);
    case View::scope:
      return figures(ScopeView::figures);
    case View::start:
      return show_start_page();
    case View::library:
      return show_library_page();
    case View::queue:
      return show_queue_page();
    case View::paper:
      return show_paper_page();
    case View::inspector:
      figures(ScopeView::stage);
      return inspect(-1, choice.layer);
    case View::slow_motion:
      figures(ScopeView::stage);
      return open_slow_motion(choice.layer);
    case View::lesson:
      open_lesson(QString::fromStdString(choice.lesson));
      return;
  }
}

void MainWindow::show_stage_only() {
  hide_start_page();
  scope_->change()->view = ScopeView::stage;
  scope_->change()->stage_alone = true;
  aside_->put_away({}, true);
  // As large as the window has room for: three layers take about so much at the usual size.
  const double room = std::min(height() / 640.0, width() / 1150.0);
  scope_->set_magnification(std::clamp(room, 1.0, 2.0));
}

void MainWindow::hide_start_page() {
  if (start_->isHidden()) return;
  start_->hide();
  scope_->show();
  toolbar_->show();
  aside_->bring_back();
  lesson_->setVisible(guide_->course() != nullptr);
}

void MainWindow::copy_link() {
  const auto plan = experiment_->form()->plan();
  if (!plan) return status_->say(tr("The form has no experiment to link to yet"), 4000);
  ViewChoice view{scope_->model().view == ScopeView::stage ? View::stage : View::scope, 0, {}};
  if (guide_->course()) view = {View::lesson, 0, guide_->course()->lesson().name};
  QApplication::clipboard()->setText(QString::fromStdString(link_to(*plan, view_text(view))));
  const std::string left_out = key_that_may_not_travel(*plan);
  status_->say(left_out.empty() ? tr("The link is on the clipboard")
                                : tr("The link is on the clipboard, without %1: that is this machine's")
                                      .arg(QString::fromStdString(left_out)),
               6000);
}

/// Fills the form; starts nothing.
void MainWindow::open_link(const QString& text) {
  try {
    const Link link = read_link(text.toStdString());
    hide_start_page();
    if (!link.view.empty()) show_view(read_view(link.view));
    if (run_->busy())
      return messages_->show_message(MessageBar::Kind::information,
                                     tr("A run is in progress: stop it first, then open the link again."));
    experiment_->form()->set_plan(link.plan);
    status_->say(tr("The form shows the link's experiment; Play starts it"), 8000);
  } catch (const Error& error) {
    messages_->show_message(MessageBar::Kind::error, QString::fromUtf8(error.what()));
  }
}

/// Each part's page of the book; what is in it has the same, unless it has one of its own.
void MainWindow::wire_help() {
  const std::pair<QWidget*, const char*> topics[] = {
      {toolbar_, "window#The run"},
      {experiment_, "window#The experiment"},
      {scope_, "window#The figures"},
      {library_, "window#The run library"},
      {events_, "window#Events"},
      {live_, "window#Live settings"},
      {queue_page_, "window#The queue"},
      {paper_page_, "window#The papers' tables"},
      {start_, "window#The start page"},
      {status_, "window#The status line"},
      {messages_, "window#Messages"},
      {stored_bar_, "window#The figures"},
      {inspector_, "inspector"},
      {slow_motion_, "slow-motion"},
      {lesson_, "lessons"},
      {menuBar(), "window"},
  };
  for (const auto& [part, topic] : topics) set_help_topic(part, QLatin1String(topic));
  connect(actions_->help, &QAction::triggered, this, &MainWindow::show_help);
}

/// F1: the page of what has the focus, or of what the figures show.
void MainWindow::show_help() {
  if (!help_) help_ = new HelpWindow(this);
  QWidget* focus = QApplication::focusWidget();
  for (QWidget* widget = focus; widget; widget = widget->parentWidget())
    if (const auto* editor = qobject_cast<SettingEditor*>(widget))
      return help_->show_setting(editor->setting(), editor->key());
  if (!focus && start_->isVisible()) focus = start_;
  const QString topic = help_topic_of(focus);
  if (topic.isEmpty() || scope_->isAncestorOf(focus) || focus == toolbar_->measure_choice())
    return help_->show_measure(QString::fromStdString(scope_->model().layer_measure_key()));
  help_->show_topic(topic);
}

}  // namespace grapevine
