// Every command of the window in one place: text, help, key. Menus, the tool bar and the cheat sheet are made
// from them. The window's thread only.
#pragma once

#include <QKeySequence>
#include <QObject>
#include <QString>
#include <vector>

#include "engine/plans/plan.h"

class QAction;
class QPalette;
class QWidget;

namespace grapevine {

class RunController;

struct MainActions {
  explicit MainActions(QWidget* window);

  // The run.
  QAction *play, *step, *steps, *stop, *reset, *start_new, *calibrate, *queue, *queue_seeds, *sweep,
      *queue_page, *undo_change, *live_settings, *fork;
  // The experiment.
  QAction *open_experiment, *save_experiment, *copy_command, *copy_link, *paste_link, *find_setting,
      *first_experiment;
  // The figures.
  QAction *stage, *follow, *fit, *next_axis, *next_measure, *smoother, *rougher, *log_loss, *linked, *dashes,
      *pan_left, *pan_right, *zoom_in, *zoom_out, *export_figure, *export_page, *animate, *copy_figures,
      *show_table, *back_to_live, *inspector, *slow_motion, *note;
  // Lessons.
  QAction *start_page, *open_lesson, *next_step, *previous_step, *present, *leave_lesson;
  // The library.
  QAction *open_database, *find_run, *library_page, *paper_page;
  // The window.
  QAction *dark, *reduce_motion, *full_screen, *default_layout, *help, *cheat_sheet, *about, *quit;

  struct Group {
    QString title;
    std::vector<QAction*> actions;
    std::vector<QAction*> parts;  ///< those that begin a part of the menu, but the first
  };
  /// In the order of menus and of the cheat sheet.
  std::vector<Group> groups;

  /// What can be done with the run as it is.
  void show_run(const RunController& run);
  void show_icons(const QPalette& palette, bool is_dark, bool running);

 private:
  class Maker;
  // Called in the order of the menus.
  void make_run(Maker& make);
  void make_experiment(Maker& make);
  void make_figures(Maker& make);
  void make_pictures(
      Maker& make);  ///< what leaves the figures, and what is looked at from them: the same menu
  void make_lessons(Maker& make);
  void make_library(Maker& make);
  void make_window(Maker& make);
};

}  // namespace grapevine
