// The window's wiring for a lesson: its steps, its lecture, and what it leaves.
#include <QAction>
#include <QDir>
#include <QFileDialog>
#include <QShortcut>
#include <algorithm>

#include "engine/error.h"
#include "engine/plans/view.h"
#include "ui/panels/docks_aside.h"
#include "ui/panels/experiment_form.h"
#include "ui/panels/lesson_dock.h"
#include "ui/panels/lesson_guide.h"
#include "ui/panels/library_store.h"
#include "ui/panels/main_actions.h"
#include "ui/panels/main_window.h"
#include "ui/panels/message_bar.h"
#include "ui/panels/run_controller.h"
#include "ui/panels/shown_runs.h"
#include "ui/panels/slow_motion/slow_motion_dock.h"
#include "ui/panels/status_strip.h"
#include "ui/panels/words.h"
#include "ui/scope/key_table.h"
#include "ui/scope/scope_widget.h"

namespace grapevine {
namespace {

constexpr double lecture_type = 1.6;
constexpr QSize lecture_room(1920, 1080);  ///< a window larger than that has larger type

}  // namespace

void MainWindow::wire_lesson() {
  connect(guide_, &LessonGuide::trouble, this,
          [this](const QString& sentence) { messages_->show_message(MessageBar::Kind::error, sentence); });
  connect(guide_, &LessonGuide::opened, this, [this] {
    const bool open = guide_->course() != nullptr;
    if (open) hide_start_page();
    lesson_->setVisible(open);
    scope_->change()->lesson = open;
    if (!open) scope_->change()->highlighted = -1;
    for (QAction* action : {actions_->leave_lesson, actions_->next_step, actions_->previous_step})
      action->setEnabled(open);
    if (!open && presenting_) set_presenting(false);
  });
  connect(guide_, &LessonGuide::step_entered, this, &MainWindow::show_lesson_step);
  connect(lesson_, &LessonDock::run_asked, this, &MainWindow::run_lesson_step);
  connect(lesson_, &LessonDock::leave_asked, guide_, &LessonGuide::leave);
  connect(lesson_, &LessonDock::save_runs_asked, this, [this] {
    const QString file = QFileDialog::getSaveFileName(
        this, tr("Save the lesson's runs"),
        QString::fromStdString(guide_->course()->lesson().name) + QStringLiteral(".db"), tr("Runs (*.db)"));
    if (!file.isEmpty()) save_lesson_runs(file);
  });
  connect(lesson_, &LessonDock::save_figures_asked, this, [this] {
    const QString folder = QFileDialog::getExistingDirectory(this, tr("Save the lesson's figures into"));
    if (!folder.isEmpty()) save_lesson_figures(folder);
  });
  for (QAction* action : {actions_->leave_lesson, actions_->next_step, actions_->previous_step})
    action->setEnabled(false);
}

bool MainWindow::open_lesson(const QString& name_or_file) {
  return guide_->open(name_or_file);
}

/// Fills the form, points the figures at what the text speaks of, shows what ran before.
void MainWindow::show_lesson_step() {
  const Course* course = guide_->course();
  if (!course) return;
  const LessonShow& show = course->step().show;
  if (show.view) show_view({*show.view, 0, {}});
  if (!show.measure.empty()) scope_->change()->set_layer_measure(show.measure);
  const auto plan = guide_->plan();
  if (plan && !run_->busy() && !course->step().experiment.empty()) experiment_->form()->set_plan(*plan);
  if (guide_->runs_are_live()) {
    if (shown_->shows_stored()) shown_->back_to_live();
  } else if (!run_->busy() && !guide_->step_runs().empty()) {
    std::vector<RunData> runs;
    for (const RunView& run : guide_->step_runs()) runs.push_back(*run);
    shown_->open_stored(std::move(runs));
    scope_->fit();
  }
  scope_->change()->highlighted = guide_->step_runs().empty() ? -1 : show.spotlight;
}

void MainWindow::run_lesson_step() {
  const auto plan = guide_->plan();
  if (!plan || run_->busy()) return;
  experiment_->form()->set_plan(*plan);
  start_from_form();
  scope_->change()->highlighted = guide_->course()->step().show.spotlight;
}

/// Not the whole window's: slow motion, which a lecture may open, has arrows of its own.
void MainWindow::add_lecture_keys() {
  const auto add = [this](const char* command, auto act) {
    for (QWidget* where : {static_cast<QWidget*>(scope_), static_cast<QWidget*>(lesson_)})
      for (const QKeySequence& sequence : keys_of(command)) {
        auto* key = new QShortcut(sequence, where, nullptr, nullptr, Qt::WidgetWithChildrenShortcut);
        connect(key, &QShortcut::activated, this, act);
        key->setEnabled(false);
        lecture_keys_ << key;
      }
  };
  add("lecture_on", [this] { lesson_->turn_on(); });
  add("lecture_back", [this] { lesson_->turn_back(); });
  add("end_lecture", [this] { set_presenting(false); });
}

/// For a lecture: large type, the stage with one figure and the step's text, nothing else.
void MainWindow::set_presenting(bool presenting) {
  if (presenting == presenting_) return;
  hide_start_page();
  leave_page();
  presenting_ = presenting;
  actions_->present->setChecked(presenting);
  scope_->change()->lecture = presenting;
  for (QShortcut* key : lecture_keys_) key->setEnabled(presenting);
  if (presenting) {
    QList<QWidget*> kept{lesson_};
    if (slow_motion_->isVisible()) kept << slow_motion_;
    aside_->put_away(kept, true);
    if (kept.size() > 1) tabifyDockWidget(lesson_, slow_motion_);  // the stage keeps its room
  } else {
    scope_->change()->stage_alone = false;
    aside_->bring_back();
  }
  lesson_->setVisible(guide_->course() != nullptr);
  magnify();
  scope_->setFocus();
}

/// Everybody in a hall sees the same, however many pixels show it.
void MainWindow::magnify() {
  const double room = std::min(width() / static_cast<double>(lecture_room.width()),
                               height() / static_cast<double>(lecture_room.height()));
  const double factor = presenting_ ? lecture_type * std::max(1.0, room) : 1;
  scope_->set_magnification(factor);
  lesson_->set_magnification(factor);
  slow_motion_->set_magnification(factor);
  if (presenting_) resizeDocks({lesson_}, {width() * 3 / 8}, Qt::Horizontal);
}

void MainWindow::resizeEvent(QResizeEvent* event) {
  QMainWindow::resizeEvent(event);
  if (presenting_) magnify();
}

/// All its experiments' runs as one file.
void MainWindow::save_lesson_runs(const QString& file) {
  std::vector<std::string> uuids;
  for (const auto& [experiment, runs] : guide_->runs())
    for (const RunView& run : runs) uuids.push_back(run->uuid);
  store_->write_runs(std::move(uuids), file, [this, file](qint64 bytes) {
    status_->say(tr("The lesson's runs are in %1 (%2)").arg(file, short_bytes(static_cast<double>(bytes))),
                 8000);
  });
}

/// Into a folder of their own in this one: nothing that is there is written over.
void MainWindow::save_lesson_figures(const QString& folder) {
  const QString name = QString::fromStdString(guide_->course()->lesson().name);
  QString own = name + QStringLiteral("-figures");
  for (int i = 2; QFileInfo::exists(QDir(folder).filePath(own)); ++i)
    own = QStringLiteral("%1-figures-%2").arg(name).arg(i);
  try {
    const QString path = QDir(folder).filePath(own);
    if (!QDir().mkpath(path))
      throw InputError("can't make the folder " + path.toStdString() + ": choose one that may be written to");
    const QStringList written = scope_->save_figures(path, name);
    status_->say(tr("%n figure(s) saved in %1", nullptr, static_cast<int>(written.size())).arg(path), 8000);
  } catch (const Error& error) {
    messages_->show_message(MessageBar::Kind::error, QString::fromUtf8(error.what()));
  }
}

}  // namespace grapevine
