// The window: the scope in the middle, docks around it, and the wiring between them. It owns no numbers and
// computes none: RunController has the run, ShownRuns what is shown, LibraryStore the database. The window's
// thread only.
#pragma once

#include <QList>
#include <QMainWindow>
#include <QSize>
#include <QString>
#include <QTimer>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/experiment/experiment.h"
#include "engine/plans/plan.h"
#include "engine/runs/aggregate.h"
#include "engine/session/stepper.h"
#include "ui/panels/experiment_dock.h"

class QDockWidget;
class QMenu;
class QShortcut;

namespace grapevine {

class Closing;
class DocksAside;
class EventsDock;
class HelpWindow;
class InspectorDock;
class LessonDock;
class LessonGuide;
class LibraryStore;
class LiveDock;
class MainToolbar;
class MessageBar;
class PaperPage;
class QueuePage;
class QueueStore;
class RunController;
class RunLibraryDock;
class RunStarter;
class ScopeWidget;
class ShownRuns;
class SlowMotionDock;
class StartPage;
class StatusStrip;
class StoredBar;
class StoredInspections;
class StoredRunsOpener;
class Tunings;
class WindowMemory;
struct MainActions;
struct ViewChoice;
struct WantedGroup;

/// What the program passes to the window; tests pass a fake engine.
struct WindowParts {
  StepperFactory make_stepper;
  Estimator estimate;  ///< may be empty
  QString database;    ///< the file of the runs; "" = the remembered one, else `usual_database`
  QString usual_database;
  QString terminal_program;   ///< grapevine-cli, which trains the queue; "" = there is none
  std::string config_folder;  ///< "" = remember nothing
  bool use_opengl = true;
  std::optional<bool> dark;            ///< else the remembered choice, else the desktop's
  std::optional<ExperimentPlan> plan;  ///< else the remembered one, else first_experiment()
  bool ask_before_closing = true;
  std::optional<QSize> size;  ///< else what the screen has room for, or what is remembered
};

class MainWindow : public QMainWindow {
  Q_OBJECT

 public:
  explicit MainWindow(WindowParts parts, QWidget* parent = nullptr);
  ~MainWindow() override;

  RunController* run() const { return run_; }
  ScopeWidget* scope() const { return scope_; }
  MessageBar* messages() const { return messages_; }
  ExperimentDock* experiment() const { return experiment_; }
  RunLibraryDock* library() const { return library_; }
  EventsDock* events() const { return events_; }
  LiveDock* live() const { return live_; }
  ShownRuns* shown() const { return shown_; }
  const MainActions& actions_of_window() const { return *actions_; }
  StatusStrip* status() const { return status_; }

  /// Space: starts with the form's settings when no run is in progress, else plays or pauses.
  void play_or_pause();
  void start_from_form();
  void open_database(const QString& file);
  // main_teaching.cpp
  void show_view(const ViewChoice& choice);
  void show_start_page();  ///< not while a run is in progress
  void show_stage_only();  ///< without panels, bars and other figures; presenting and back ends it
  // main_looking.cpp
  /// Opens the inspector at a layer (from 1) of a run as the figures number them; −1 = the usual racer.
  void inspect(int run, int layer);
  InspectorDock* inspector() const { return inspector_; }
  /// The next step, phase by phase; a run in progress is paused for it.
  void show_slowly();
  /// The panel alone, at a layer.
  void open_slow_motion(int layer);
  SlowMotionDock* slow_motion() const { return slow_motion_; }
  bool open_lesson(const QString& name_or_file);
  LessonGuide* guide() const { return guide_; }
  LessonDock* lesson() const { return lesson_; }
  void save_lesson_runs(const QString& file);
  void save_lesson_figures(const QString& folder);
  StartPage* start_page() const { return start_; }
  // main_library.cpp
  void show_library_page();  ///< the run library over the whole window
  void show_queue_page();
  void show_paper_page();
  QueueStore* queue() const { return queue_; }
  QueuePage* queue_page() const { return queue_page_; }
  PaperPage* paper_page() const { return paper_page_; }
  void leave_page();  ///< back to the figures and the panels
  void show_form();   ///< the form as it was filled in from elsewhere, whatever page is in front
  HelpWindow* help() const { return help_; }
  /// Large type, the stage and a lesson's text, nothing else.
  void set_presenting(bool presenting);
  bool presenting() const { return presenting_; }
  /// Fills the form with a link's experiment (plans/link.h); starts nothing.
  void open_link(const QString& text);
  void copy_link();
  void set_dark(bool dark);
  bool dark() const { return dark_; }
  /// As the Stop button does, and closes when all is stored; asks nothing. For signals.
  void stop_and_close();
  /// The same for the end of the desktop session: returns when all is stored, and closes nothing.
  void store_before_the_session_ends();

 protected:
  void closeEvent(QCloseEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  // main_window.cpp: the parts and their places.
  void build_centre();
  void build_docks();
  void build_menus();
  void default_layout();
  void remember();
  void restore();
  void show_again();  ///< the runs that were shown when the window was closed
  // main_wiring.cpp: which signal goes where.
  void wire_run();
  void wire_library();
  void wire_figures();
  void wire_window();
  // main_interventions.cpp: what is changed in a run in progress.
  void wire_interventions();
  void ask_to_fork(int racer);
  // main_notes.cpp: notes at steps, and lines that measures cross.
  void wire_notes();
  void ask_for_note();
  void take_note(std::size_t run, std::int64_t step, const std::string& text);
  // main_looking.cpp: what looks inside.
  void wire_inspector();
  void show_inspected_racers();
  void look_inside();            ///< asks for what the inspector shows
  bool looks_at_stored() const;  ///< it shows runs as their checkpoints have them
  void show_stored_layers();
  void place_beside(QDockWidget* panel);
  void give_room_back();  ///< to the form, once no panel covers it
  void wire_slow_motion();
  void rehearse();
  // main_teaching.cpp: the start page, lessons, links, help.
  void build_teaching();
  void add_lessons_to(QMenu* menu);
  void wire_teaching();
  void wire_start_page();
  void hide_start_page();
  void wire_help();
  void show_help();
  // main_lessons.cpp: a lesson's steps, its lecture, what it leaves.
  void wire_lesson();
  void show_lesson_step();
  void run_lesson_step();
  void add_lecture_keys();
  void magnify();
  // main_library.cpp: what the library asks of the figures, and its page.
  void wire_library_page();
  void show_groups(const std::vector<WantedGroup>& wanted, Band band);
  void set_colour(int racer, int colour);  ///< of a run shown; −1 = its rule's
  void tell_cursor(std::optional<double> time);
  void take_centre(QWidget* page);  ///< in the figures' and panels' place
  // main_queue.cpp: the queue, sweeps and the paper page.
  void wire_queue();
  void queue_from_form(int seeds);
  void say_queued(const std::vector<std::int64_t>& ids);
  void ask_sweep();
  // main_showing.cpp: what is shown of the runs.
  void show_runs();
  void show_state();
  void show_progress();  ///< of the run in progress, again and again
  void open_stored(qint64 id);
  void show_about();

  WindowParts parts_;
  std::unique_ptr<WindowMemory> memory_;
  std::unique_ptr<MainActions> actions_;
  RunController* run_;
  LibraryStore* store_;
  ShownRuns* shown_;
  StoredRunsOpener* opener_;
  Closing* closing_;
  RunStarter* starter_ = nullptr;
  ScopeWidget* scope_ = nullptr;
  MessageBar* messages_ = nullptr;
  StoredBar* stored_bar_ = nullptr;
  MainToolbar* toolbar_ = nullptr;
  StatusStrip* status_ = nullptr;
  ExperimentDock* experiment_ = nullptr;
  RunLibraryDock* library_ = nullptr;
  EventsDock* events_ = nullptr;
  QueueStore* queue_ = nullptr;
  QueuePage* queue_page_ = nullptr;
  Tunings* tunings_ = nullptr;
  PaperPage* paper_page_ = nullptr;
  InspectorDock* inspector_ = nullptr;
  StoredInspections* stored_inspections_ = nullptr;
  int form_width_ = 0;  ///< the form's before a panel covered it; 0 = none does
  SlowMotionDock* slow_motion_ = nullptr;
  std::int64_t rehearsed_after_ = -1;  ///< the step after which the step shown comes
  LessonGuide* guide_ = nullptr;
  LessonDock* lesson_ = nullptr;
  StartPage* start_ = nullptr;
  HelpWindow* help_ = nullptr;
  std::unique_ptr<DocksAside> aside_;
  bool presenting_ = false;
  QList<QShortcut*> lecture_keys_;
  QTimer status_clock_;
  bool dark_ = false;
  LiveDock* live_ = nullptr;
};

}  // namespace grapevine
