// The window's commands.
#include "ui/panels/main_actions.h"

#include <QAction>
#include <QCoreApplication>
#include <QWidget>
#include <utility>

#include "engine/plans/plan.h"
#include "ui/panels/glyphs.h"
#include "ui/panels/run_controller.h"
#include "ui/scope/key_table.h"

namespace grapevine {

class MainActions::Maker {
 public:
  Maker(QWidget* window, std::vector<MainActions::Group>& groups) : window_(window), groups_(groups) {}

  void group(const char* title) { groups_.push_back({say(title), {}, {}}); }
  /// The next command begins a part of its menu.
  void part() { begins_part_ = true; }

  /// `command` names the row of the table of keys; a command without one has no key.
  QAction* add(const char* command, const char* text, const char* help, bool checkable = false) {
    auto* action = new QAction(say(text), window_);
    action->setObjectName(QString::fromLatin1(command));
    const QList<QKeySequence> keys = keys_of(command);
    QString tip = say(help);
    if (!keys.isEmpty()) tip += QStringLiteral(" (%1)").arg(key_text({keys.front()}));
    action->setToolTip(tip);
    action->setStatusTip(say(help));
    action->setShortcuts(keys);
    action->setCheckable(checkable);
    window_->addAction(action);  // the key works wherever the focus is
    groups_.back().actions.push_back(action);
    if (std::exchange(begins_part_, false)) groups_.back().parts.push_back(action);
    return action;
  }

  static QString say(const char* text) { return QCoreApplication::translate("grapevine::MainActions", text); }

 private:
  QWidget* window_;
  std::vector<MainActions::Group>& groups_;
  bool begins_part_ = false;
};

#define SAY(text) QT_TRANSLATE_NOOP("grapevine::MainActions", text)

MainActions::MainActions(QWidget* window) {
  Maker make(window, groups);
  make_run(make);
  make_experiment(make);
  make_figures(make);
  make_pictures(make);
  make_lessons(make);
  make_library(make);
  make_window(make);
}

void MainActions::make_run(Maker& make) {
  make.group(SAY("Run"));
  play = make.add("play", SAY("Play"), SAY("Start, continue or pause"));
  step = make.add("step", SAY("One step"), SAY("One training step, then pause"));
  steps = make.add("steps", SAY("Several steps"), SAY("As many steps as the box says, then pause"));
  stop = make.add("stop", SAY("Stop"), SAY("End the run and store it; it can be resumed"));
  reset = make.add("reset", SAY("Reset"), SAY("A new run with the same settings and the same seed"));
  start_new = make.add("start_new", SAY("Start a new run"),
                       SAY("Store the present run and start one with the form's settings"));
  calibrate =
      make.add("calibrate", SAY("Calibrate now"), SAY("One calibration of every racer whose rule has one"));
  make.part();
  queue = make.add("queue", SAY("Queue"), SAY("Put the form's experiment into the queue"));
  queue_seeds = make.add("queue_seeds", SAY("Queue with 3 seeds"),
                         SAY("The form's experiment three times, with its seed and the next two"));
  sweep =
      make.add("sweep", SAY("Sweep…"), SAY("Queue the form's experiment over a grid or a list of values"));
  queue_page = make.add("queue_page", SAY("Queue page"),
                        SAY("The queue and the results of sweeps, over the whole window"), true);
  make.part();
  undo_change = make.add("undo_last_change", SAY("Undo the last change"),
                         SAY("Undo a lesion, a setting or a calibration while the run is still paused"));
  live_settings = make.add("live_settings", SAY("Live settings"),
                           SAY("Sliders for what may change while a run is in progress"), true);
  fork = make.add("fork", SAY("Fork from here…"),
                  SAY("Stop here, and race the run against the same under another rule"));
}

void MainActions::make_experiment(Maker& make) {
  make.group(SAY("Experiment"));
  open_experiment =
      make.add("open_experiment", SAY("Open experiment…"), SAY("Read an experiment from a file"));
  save_experiment =
      make.add("save_experiment", SAY("Save experiment…"), SAY("Write the experiment to a file"));
  make.part();
  copy_command =
      make.add("copy_command", SAY("Copy as command"), SAY("Copy the grapevine-cli line that does the same"));
  copy_link = make.add("copy_link", SAY("Copy link"),
                       SAY("Copy a short text that opens the same experiment elsewhere"));
  paste_link = make.add("paste_link", SAY("Open copied link"),
                        SAY("Fill the form with the experiment of a copied link"));
  make.part();
  find_setting = make.add("find_setting", SAY("Find a setting"), SAY("Search the experiment's settings"));
  first_experiment = make.add("first_experiment", SAY("First experiment"),
                              SAY("Fill the form with the experiment to begin with"));
}

void MainActions::make_figures(Maker& make) {
  make.group(SAY("Figures"));
  stage = make.add("stage", SAY("Stage"),
                   SAY("Where each layer's feedback points, over a row of figures; off: all figures"), true);
  follow = make.add("follow", SAY("Follow"), SAY("Keep the newest data in view"), true);
  fit = make.add("fit", SAY("Fit"), SAY("All data in view"));
  zoom_in = make.add("zoom_in", SAY("Zoom in"), SAY("Closer, around the middle"));
  zoom_out = make.add("zoom_out", SAY("Zoom out"), SAY("Further away, around the middle"));
  pan_left = make.add("pan_left", SAY("Pan left"), SAY("Towards the beginning"));
  pan_right = make.add("pan_right", SAY("Pan right"), SAY("Towards the end"));
  make.part();
  next_axis = make.add("next_axis", SAY("Next time axis"),
                       SAY("Steps, epochs, seconds or samples along the horizontal axis"));
  next_measure = make.add("next_measure", SAY("Next measure"), SAY("The next per-layer measure"));
  smoother = make.add("smoother", SAY("Smoother"), SAY("More smoothing"));
  rougher = make.add("rougher", SAY("Less smooth"), SAY("Less smoothing"));
  log_loss = make.add("log_loss", SAY("Logarithmic loss"), SAY("The loss on a logarithmic scale"), true);
  linked = make.add("linked", SAY("Link the time axes"), SAY("All figures share one horizontal range"), true);
  dashes = make.add("dashes", SAY("Also use dash patterns"),
                    SAY("Distinguish runs by dashes as well as by colors"), true);
}

void MainActions::make_pictures(Maker& make) {
  make.part();
  export_figure =
      make.add("export_figure", SAY("Export a figure…"),
               SAY("Write a figure as PNG, SVG or PDF, its numbers, or the stage as an animated GIF"));
  export_page = make.add(
      "export_page", SAY("Figures on a page…"),
      SAY("Write several figures side by side for a paper: in centimetres, with its font and panel letters"));
  animate = make.add("animate", SAY("Animate the stage…"),
                     SAY("Write a stretch of the run as an animated GIF of the stage"));
  copy_figures =
      make.add("copy_figures", SAY("Copy the figures"), SAY("A picture of the figures to the clipboard"));
  show_table = make.add("show_table", SAY("Figure as a table…"), SAY("The numbers behind a figure"));
  make.part();
  back_to_live = make.add("back_to_live", SAY("Back to the live run"), SAY("Show the run in progress again"));
  inspector = make.add("inspector", SAY("Layer inspector"),
                       SAY("The chosen layer's matrices, angles and bounds"), true);
  slow_motion = make.add("slow_motion", SAY("Slow motion"),
                         SAY("The next step of a paused run, phase by phase, with its arithmetic"), true);
  note = make.add("note", SAY("Note at this step…"),
                  SAY("Write something down where the crosshair is: figures mark it, the events list it"));
}

void MainActions::make_lessons(Maker& make) {
  make.group(SAY("Lessons"));
  start_page = make.add("start_page", SAY("Start page"), SAY("Lessons, presets and recent runs"));
  open_lesson = make.add("open_lesson", SAY("Open lesson…"), SAY("Read a lesson from a file"));
  next_step = make.add("next_step", SAY("Next step"), SAY("Go to the lesson's next step"));
  previous_step = make.add("previous_step", SAY("Previous step"), SAY("Go to the lesson's previous step"));
  present = make.add("present", SAY("Present"),
                     SAY("Large type, the stage and the lesson's step, nothing else"), true);
  leave_lesson =
      make.add("leave_lesson", SAY("Leave the lesson"), SAY("Close it; it opens again where you left it"));
}

void MainActions::make_library(Maker& make) {
  make.group(SAY("Library"));
  find_run = make.add("find_run", SAY("Find a run"), SAY("Filter the run library"));
  library_page = make.add("library_page", SAY("Library page"),
                          SAY("The run library over the whole window, and back"), true);
  paper_page = make.add("paper_page", SAY("Paper page"),
                        SAY("The papers' tables and figures next to the results of stored runs"), true);
  open_database =
      make.add("open_database", SAY("Open database…"), SAY("Show and store runs in another file"));
}

void MainActions::make_window(Maker& make) {
  make.group(SAY("Window"));
  dark = make.add("dark", SAY("Dark colors"), SAY("Dark or light"), true);
  reduce_motion = make.add("reduce_motion", SAY("Reduce motion"),
                           SAY("Needles jump to what was measured instead of turning"), true);
  full_screen = make.add("full_screen", SAY("Full screen"), SAY("The window over the whole screen"), true);
  default_layout = make.add("default_layout", SAY("Default layout"), SAY("Panels back to their places"));
  help = make.add("help", SAY("Help"),
                  SAY("The page of the control that has the focus, or of what the figures show"));
  make.part();
  cheat_sheet = make.add("cheat_sheet", SAY("Keys and gestures"), SAY("All keys on one page"));
  about = make.add("about", SAY("About Grapevine"), SAY("Version and licence"));
  make.part();
  quit = make.add("quit", SAY("Quit"), SAY("Close Grapevine"));
  quit->setMenuRole(QAction::QuitRole);
  about->setMenuRole(QAction::AboutRole);
}

void MainActions::show_run(const RunController& run) {
  const bool active = run.active(), going = run.busy() && active;
  const bool running = run.state() == SessionState::running && active;
  play->setText(Maker::say(running                                         ? SAY("Pause")
                           : active && run.state() == SessionState::paused ? SAY("Resume")
                                                                           : SAY("Play")));
  play->setEnabled(active || !run.busy());
  step->setEnabled(!running && (active || !run.busy()));
  steps->setEnabled(step->isEnabled());
  stop->setEnabled(going);
  reset->setEnabled(run.has_run());
  calibrate->setEnabled(going);
}

void MainActions::show_icons(const QPalette& palette, bool is_dark, bool running) {
  play->setIcon(glyph_icon(running ? Glyph::pause : Glyph::play, palette));
  step->setIcon(glyph_icon(Glyph::step, palette));
  steps->setIcon(glyph_icon(Glyph::steps, palette));
  stop->setIcon(glyph_icon(Glyph::stop, palette));
  reset->setIcon(glyph_icon(Glyph::reset, palette));
  calibrate->setIcon(glyph_icon(Glyph::calibrate, palette));
  follow->setIcon(glyph_icon(Glyph::follow, palette));
  fit->setIcon(glyph_icon(Glyph::fit, palette));
  dark->setIcon(glyph_icon(is_dark ? Glyph::sun : Glyph::moon, palette));
}

#undef SAY

}  // namespace grapevine
