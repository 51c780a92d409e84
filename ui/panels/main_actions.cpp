// The window's commands.
#include "ui/panels/main_actions.h"

#include <QAction>
#include <QCoreApplication>
#include <QWidget>

#include "engine/plans/plan.h"
#include "ui/panels/glyphs.h"

namespace grapevine {
namespace {

class Maker {
 public:
  Maker(QWidget* window, std::vector<MainActions::Group>& groups) : window_(window), groups_(groups) {}

  void group(const char* title) { groups_.push_back({say(title), {}}); }

  QAction* add(const char* text, const char* help, const QList<QKeySequence>& keys, bool checkable = false) {
    auto* action = new QAction(say(text), window_);
    QString tip = say(help);
    if (!keys.isEmpty()) tip += QStringLiteral(" (%1)").arg(keys.front().toString(QKeySequence::NativeText));
    action->setToolTip(tip);
    action->setStatusTip(say(help));
    action->setShortcuts(keys);
    action->setCheckable(checkable);
    window_->addAction(action);  // the key works wherever the focus is
    groups_.back().actions.push_back(action);
    return action;
  }

 private:
  static QString say(const char* text) { return QCoreApplication::translate("grapevine::MainActions", text); }
  QWidget* window_;
  std::vector<MainActions::Group>& groups_;
};

QList<QKeySequence> key(const char* keys) {
  return {QKeySequence(QString::fromLatin1(keys))};
}

#define SAY(text) QT_TRANSLATE_NOOP("grapevine::MainActions", text)

}  // namespace

MainActions::MainActions(QWidget* window) {
  Maker make(window, groups);

  make.group(SAY("Run"));
  play = make.add(SAY("Play"), SAY("Start, go on or pause"), key("Space"));
  step = make.add(SAY("One step"), SAY("One training step, then pause"), key("."));
  steps = make.add(SAY("Several steps"), SAY("As many steps as the box says, then pause"), key("Ctrl+."));
  stop = make.add(SAY("Stop"), SAY("End the run and store it; it can be resumed"), key("Ctrl+T"));
  reset = make.add(SAY("Reset"), SAY("A new run with the same settings and the same seed"), key("Ctrl+R"));
  start_new =
      make.add(SAY("Start a new run"), SAY("Store the present run and start one with the form's settings"),
               {QKeySequence(Qt::CTRL | Qt::Key_Return), QKeySequence(Qt::CTRL | Qt::Key_Enter)});
  calibrate =
      make.add(SAY("Calibrate now"), SAY("One calibration of every racer whose rule has one"), key("C"));

  make.group(SAY("Experiment"));
  open_experiment = make.add(SAY("Open experiment…"), SAY("Read an experiment from a file"), key("Ctrl+O"));
  save_experiment = make.add(SAY("Save experiment…"), SAY("Write the experiment to a file"), key("Ctrl+S"));
  copy_command = make.add(SAY("Copy as command"), SAY("Copy the grapevine-cli line that does the same"),
                          key("Ctrl+Shift+C"));
  find_setting = make.add(SAY("Find a setting"), SAY("Search the experiment's settings"), key("Ctrl+K"));
  first_experiment =
      make.add(SAY("First experiment"), SAY("Fill the form with the experiment to begin with"), {});

  make.group(SAY("Figures"));
  stage = make.add(SAY("Stage"),
                   SAY("Where each layer's feedback points, over a row of figures; off: all figures"),
                   key("V"), true);
  follow = make.add(SAY("Follow"), SAY("Keep the newest data in view"), key("F"), true);
  fit = make.add(SAY("Fit"), SAY("All data in view"), key("A"));
  zoom_in = make.add(SAY("Zoom in"), SAY("Closer, around the middle"),
                     {QKeySequence(Qt::Key_Plus), QKeySequence(Qt::Key_Equal)});
  zoom_out = make.add(SAY("Zoom out"), SAY("Further away, around the middle"), key("-"));
  pan_left = make.add(SAY("Pan left"), SAY("Towards the beginning"), key("Alt+Left"));
  pan_right = make.add(SAY("Pan right"), SAY("Towards the end"), key("Alt+Right"));
  next_axis =
      make.add(SAY("Next time axis"), SAY("Steps, epochs or seconds along the horizontal axis"), key("X"));
  next_measure = make.add(SAY("Next measure"), SAY("The next per-layer measure"), key("M"));
  smoother = make.add(SAY("Smoother"), SAY("More smoothing"), key("]"));
  rougher = make.add(SAY("Less smooth"), SAY("Less smoothing"), key("["));
  log_loss = make.add(SAY("Logarithmic loss"), SAY("The loss on a logarithmic scale"), key("L"), true);
  linked = make.add(SAY("Link the time axes"), SAY("All figures share one horizontal range"), key("K"), true);
  export_figure = make.add(SAY("Export a figure…"), SAY("Write a figure as PNG, SVG or PDF"), key("Ctrl+E"));
  copy_figures = make.add(SAY("Copy the figures"), SAY("A picture of the figures to the clipboard"),
                          key("Ctrl+Shift+X"));
  show_table = make.add(SAY("Figure as a table…"), SAY("The numbers behind a figure"), key("Ctrl+Shift+T"));
  back_to_live =
      make.add(SAY("Back to the live run"), SAY("Show the run that is going on again"), key("Ctrl+B"));

  make.group(SAY("Library"));
  find_run = make.add(SAY("Find a run"), SAY("Filter the run library"), {QKeySequence::Find});
  open_database =
      make.add(SAY("Open database…"), SAY("Show and store runs in another file"), key("Ctrl+Shift+O"));

  make.group(SAY("Window"));
  dark = make.add(SAY("Dark colours"), SAY("Dark or light"), key("Ctrl+D"), true);
  full_screen = make.add(SAY("Full screen"), SAY("The window over the whole screen"), key("F11"), true);
  default_layout = make.add(SAY("Default layout"), SAY("Panels back to their places"), {});
  cheat_sheet = make.add(SAY("Keys and gestures"), SAY("All keys on one page"),
                         {QKeySequence(QStringLiteral("?")), QKeySequence(Qt::Key_F1)});
  about = make.add(SAY("About Grapevine"), SAY("Version and licence"), {});
  quit = make.add(SAY("Quit"), SAY("Close Grapevine"), {QKeySequence(QStringLiteral("Ctrl+Q"))});
  quit->setMenuRole(QAction::QuitRole);
  about->setMenuRole(QAction::AboutRole);
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
