// The window's parts and their places.
#include "ui/panels/main_window.h"

#include <QAction>
#include <QApplication>
#include <QCloseEvent>
#include <QMenu>
#include <QMenuBar>
#include <QScreen>
#include <QVBoxLayout>
#include <algorithm>
#include <utility>

#include "engine/runs/store_notices.h"
#include "ui/panels/closing.h"
#include "ui/panels/docks_aside.h"
#include "ui/panels/events_dock.h"
#include "ui/panels/experiment_form.h"
#include "ui/panels/file_drop.h"
#include "ui/panels/groups_panel.h"
#include "ui/panels/inspector/inspector_dock.h"
#include "ui/panels/inspector/stored_inspections.h"
#include "ui/panels/layout_menu.h"
#include "ui/panels/lesson_dock.h"
#include "ui/panels/lesson_guide.h"
#include "ui/panels/library_store.h"
#include "ui/panels/live_dock.h"
#include "ui/panels/main_actions.h"
#include "ui/panels/main_toolbar.h"
#include "ui/panels/message_bar.h"
#include "ui/panels/paper_page.h"
#include "ui/panels/preset_menu.h"
#include "ui/panels/queue_page.h"
#include "ui/panels/queue_store.h"
#include "ui/panels/run_controller.h"
#include "ui/panels/run_library_dock.h"
#include "ui/panels/run_library_model.h"
#include "ui/panels/run_starter.h"
#include "ui/panels/shown_runs.h"
#include "ui/panels/slow_motion/slow_motion_dock.h"
#include "ui/panels/start_page.h"
#include "ui/panels/status_strip.h"
#include "ui/panels/stored_bar.h"
#include "ui/panels/stored_runs_opener.h"
#include "ui/panels/study_view.h"
#include "ui/panels/tunings.h"
#include "ui/panels/window_memory.h"
#include "ui/panels/window_theme.h"
#include "ui/scope/figure_keys.h"
#include "ui/scope/key_table.h"
#include "ui/scope/scope_memory.h"
#include "ui/scope/scope_widget.h"

namespace grapevine {

MainWindow::MainWindow(WindowParts parts, QWidget* parent)
    : QMainWindow(parent),
      parts_(std::move(parts)),
      memory_(std::make_unique<WindowMemory>(parts_.config_folder)),
      actions_(std::make_unique<MainActions>(this)),
      run_(new RunController(parts_.make_stepper, this)),
      store_(new LibraryStore(this)),
      shown_(new ShownRuns(this)),
      opener_(new StoredRunsOpener(store_, run_, shown_, this)),
      closing_(new Closing(this, run_, parts_.ask_before_closing)) {
  setWindowTitle(tr("Grapevine"));
  setDockOptions(AnimatedDocks | AllowNestedDocks | AllowTabbedDocks);
  // Before the theme changes the palette: what the desktop has.
  dark_ = parts_.dark.value_or(memory_->dark().value_or(is_dark(QApplication::palette())));
  build_centre();
  build_docks();
  build_teaching();
  toolbar_ = new MainToolbar(*actions_, scope_, this);
  addToolBar(toolbar_);
  status_ = new StatusStrip(this);
  setStatusBar(status_);
  build_menus();
  wire_run();
  wire_library();
  wire_figures();
  wire_window();
  wire_interventions();
  wire_notes();
  wire_inspector();
  wire_slow_motion();
  wire_teaching();
  new FileDrop(this, store_);
  set_dark(dark_);
  resize(parts_.size.value_or(QSize(1600, 1000).boundedTo(screen()->availableSize() - QSize(20, 60))));
  default_layout();
  restore();
  show_runs();
  show_state();
  const QString remembered = memory_->database();
  open_database(!parts_.database.isEmpty() ? parts_.database
                : !remembered.isEmpty()    ? remembered
                                           : parts_.usual_database);
  show_again();
  scope_->setFocus();  // not a message's button, which would take Space from Play
  qApp->installEventFilter(this);
}

MainWindow::~MainWindow() {
  listen_to_store_notices({});
  // The figures let go of the runs before the runs go.
  scope_->show_runs({}, {});
  disconnect(shown_, nullptr, this, nullptr);
  disconnect(inspector_, nullptr, this, nullptr);
  delete stored_inspections_;  // its thread wakes it
  disconnect(slow_motion_, nullptr, this, nullptr);
  disconnect(run_, nullptr, this, nullptr);
  delete run_;
}

void MainWindow::build_centre() {
  auto* centre = new QWidget(this);
  auto* column = new QVBoxLayout(centre);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  messages_ = new MessageBar(centre);
  column->addWidget(messages_);
  stored_bar_ = new StoredBar(actions_->back_to_live, centre);
  column->addWidget(stored_bar_);
  scope_ = new ScopeWidget(parts_.use_opengl, centre);
  scope_->setAccessibleName(tr("Figures"));
  column->addWidget(scope_, 1);
  setCentralWidget(centre);
}

void MainWindow::build_docks() {
  experiment_ = new ExperimentDock(parts_.estimate, this);
  starter_ = new RunStarter(experiment_->form(), run_, this);
  library_ = new RunLibraryDock(store_, this);
  queue_ = new QueueStore(parts_.terminal_program, this);
  store_->set_program(parts_.terminal_program);
  queue_page_ = new QueuePage(queue_, store_, centralWidget());
  tunings_ = new Tunings(queue_, parts_.config_folder, this);
  queue_page_->set_tunings(tunings_);
  queue_page_->hide();
  paper_page_ = new PaperPage(store_, centralWidget());
  paper_page_->study()->set_program(parts_.terminal_program);
  paper_page_->hide();
  events_ = new EventsDock(this);
  setCorner(Qt::BottomLeftCorner, Qt::LeftDockWidgetArea);
  addDockWidget(Qt::LeftDockWidgetArea, experiment_);
  addDockWidget(Qt::BottomDockWidgetArea, library_);
  addDockWidget(Qt::BottomDockWidgetArea, events_);
  live_ = new LiveDock(this);
  addDockWidget(Qt::RightDockWidgetArea, live_);
  live_->hide();
  inspector_ = new InspectorDock(this);
  addDockWidget(Qt::RightDockWidgetArea, inspector_);
  inspector_->hide();
  stored_inspections_ = new StoredInspections(parts_.make_stepper, this);
  slow_motion_ = new SlowMotionDock(this);
  addDockWidget(Qt::RightDockWidgetArea, slow_motion_);
  slow_motion_->hide();
}

void MainWindow::default_layout() {
  for (QDockWidget* dock : {static_cast<QDockWidget*>(experiment_), static_cast<QDockWidget*>(library_),
                            static_cast<QDockWidget*>(events_)}) {
    dock->setFloating(false);
    dock->show();
  }
  addDockWidget(Qt::LeftDockWidgetArea, experiment_);
  addDockWidget(Qt::BottomDockWidgetArea, library_);
  addDockWidget(Qt::BottomDockWidgetArea, events_);
  splitDockWidget(library_, events_, Qt::Horizontal);
  // The figures are what one looks at: a small window gives its panels less.
  resizeDocks({experiment_}, {std::clamp(width() / 4, 290, 340)}, Qt::Horizontal);
  resizeDocks({library_, events_}, {width() * 9 / 20, width() * 6 / 20}, Qt::Horizontal);
  resizeDocks({library_}, {std::clamp(height() * 2 / 5 - 140, 130, 270)}, Qt::Vertical);
}

void MainWindow::build_menus() {
  for (const MainActions::Group& group : actions_->groups) {
    QMenu* menu = menuBar()->addMenu(QLatin1Char('&') + group.title);
    menu->setToolTipsVisible(true);
    for (QAction* action : group.actions) {
      if (std::find(group.parts.begin(), group.parts.end(), action) != group.parts.end())
        menu->addSeparator();
      menu->addAction(action);
    }
    if (group.actions.front() == actions_->open_experiment) {
      auto* presets = new PresetMenu(menu);
      menu->insertMenu(actions_->open_experiment, presets);
      connect(presets, &PresetMenu::chosen, this, [this](const QString& name) {
        if (experiment_->open_preset(name)) show_form();
      });
    }
    if (group.actions.front() == actions_->stage) {
      menu->insertMenu(actions_->follow, scope_->make_figures_menu(menu));
      menu->insertMenu(actions_->follow, scope_->make_layers_menu(menu));
      menu->insertMenu(actions_->follow, new LayoutMenu(scope_, memory_.get(), menu));
    }
    if (group.actions.front() == actions_->start_page) add_lessons_to(menu);
    if (group.actions.front() == actions_->find_run) {
      menu->addSeparator();
      for (QAction* action : library_->commands()) menu->addAction(action);
    }
    if (group.actions.front() == actions_->dark) {
      menu->addSeparator();
      int number = 1;
      for (QDockWidget* dock : findChildren<QDockWidget*>()) {
        QAction* toggle = dock->toggleViewAction();
        toggle->setShortcuts(keys_of("panel_" + std::to_string(number++)));
        menu->addAction(toggle);
      }
    }
  }
}

void MainWindow::restore() {
  if (const QByteArray geometry = memory_->geometry(); !geometry.isEmpty()) restoreGeometry(geometry);
  if (parts_.size) {  // asked for now, whatever was remembered
    setWindowState(windowState() & ~(Qt::WindowMaximized | Qt::WindowFullScreen));
    resize(*parts_.size);
  }
  if (const QByteArray docks = memory_->docks(); !docks.isEmpty()) restoreState(docks);
  lesson_->hide();  // none is open yet
  inspector_->hide();
  slow_motion_->hide();
  const auto kept = [this](const char* name) { return memory_->choice(QLatin1String(name)); };
  experiment_->set_flops_per_second(kept("flops_per_second").toDouble());
  library_->set_layout_text(kept("library_columns"));
  library_->groups()->set_layout_text(kept("library_groups"));
  queue_page_->set_layout_text(kept("queue"));
  if (!apply_scope_layout(*scope_->change(), kept("figures").toStdString())) {
    // As version 0.1.0 kept them.
    if (const QString axis = kept("axis"); !axis.isEmpty())
      scope_->change()->set_time_axis(static_cast<TimeAxis>(axis.toInt()));
    if (const QString measure = kept("measure"); !measure.isEmpty())
      scope_->change()->set_layer_measure(measure.toStdString());
    if (const QString smoothing = kept("smoothing"); !smoothing.isEmpty())
      scope_->change()->set_smoothing(smoothing.toDouble());
  }
  actions_->reduce_motion->setChecked(kept("reduce_motion") == QLatin1String("1"));
  actions_->linked->setChecked(scope_->model().linked());
  actions_->dashes->setChecked(scope_->model().dashes_everywhere);
  actions_->log_loss->setChecked(scope_->model().figure(figure_keys::loss).log);
  if (const auto plan = parts_.plan ? parts_.plan : memory_->experiment())
    experiment_->form()->set_plan(*plan);
}

void MainWindow::remember() {
  memory_->set_layout(saveGeometry(), aside_->layout());
  memory_->set_choice(QStringLiteral("figures"),
                      QString::fromStdString(scope_layout(scope_->model(), WithTime::yes)));
  memory_->set_choice(QStringLiteral("reduce_motion"),
                      actions_->reduce_motion->isChecked() ? QStringLiteral("1") : QString());
  memory_->set_choice(QStringLiteral("flops_per_second"), QString::number(experiment_->flops_per_second()));
  memory_->set_choice(QStringLiteral("library_columns"), library_->layout_text());
  memory_->set_choice(QStringLiteral("library_groups"), library_->groups()->layout_text());
  memory_->set_choice(QStringLiteral("queue"), queue_page_->layout_text());
  memory_->set_shown({store_->database(), shown_->kept()});
  if (const auto plan = experiment_->form()->plan()) memory_->set_experiment(*plan);
}

// Runs are known by number and uuid: another file of the same name, or a deleted run, shows nothing.
void MainWindow::show_again() {
  const WindowMemory::Shown kept = memory_->shown();
  if (kept.runs.empty() || kept.database != store_->database()) return;
  const auto look = [this, kept](const std::vector<RunSummary>& listed) {
    std::vector<std::int64_t> front;
    for (const KeptRun& run : kept.runs) {
      const bool there = std::any_of(listed.begin(), listed.end(), [&](const RunSummary& each) {
        return each.id == run.id && each.uuid == run.uuid;
      });
      if (there && run.overlaid) library_->model()->set_ticked(run.id, true);
      if (there && !run.overlaid) front.push_back(run.id);
    }
    if (front.empty()) return;
    store_->load(std::move(front), false, [this](std::vector<RunData> runs) {
      if (run_->has_run() || run_->busy()) return;  // one was started meanwhile
      shown_->open_stored(std::move(runs));
      if (scope_->model().follow()) scope_->fit();
    });
  };
  connect(store_, &LibraryStore::listed, this, look,
          static_cast<Qt::ConnectionType>(Qt::AutoConnection | Qt::SingleShotConnection));
}

void MainWindow::set_dark(bool dark) {
  dark_ = dark;
  apply_theme(*qApp, dark);
  scope_->set_dark(dark);
  messages_->set_dark(dark);
  actions_->dark->setChecked(dark);
  actions_->show_icons(palette(), dark, run_->state() == SessionState::running);
  experiment_->form()->refresh_colours();
  show_inspected_racers();
}

// A focused button, list or box keeps Space for itself: who walks the window by keyboard needs it there. A
// number has no spaces: there it plays and pauses instead of writing over the number.
bool MainWindow::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::ShortcutOverride && watched->isWidgetType()) {
    const auto* key = static_cast<QKeyEvent*>(event);
    if (watched != this && static_cast<QWidget*>(watched)->window() == this &&
        is_window_letter(QKeySequence(key->keyCombination()))) {
      event->ignore();
      return true;
    }
    const bool is_space = key->key() == Qt::Key_Space && key->modifiers() == Qt::NoModifier;
    const bool is_number = watched->inherits("QAbstractSpinBox") ||
                           (watched->parent() && watched->parent()->inherits("QAbstractSpinBox"));
    if (is_space && is_number) {
      event->ignore();
      return true;
    }
    const bool takes_space = watched->inherits("QAbstractButton") || watched->inherits("QComboBox") ||
                             watched->inherits("QAbstractItemView");
    if (is_space && takes_space) {
      event->accept();
      return true;
    }
  }
  return QMainWindow::eventFilter(watched, event);
}

}  // namespace grapevine
