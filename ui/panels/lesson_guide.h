// The lesson that is open: which step, which runs belong to it, what they have shown. It watches the run that
// continues and keeps the student's place from one start of the program to the next. The window's thread
// only.
#pragma once

#include <QObject>
#include <QTimer>
#include <memory>
#include <optional>

#include "engine/lessons/course.h"

namespace grapevine {

class LibraryStore;
class RunController;
class WindowMemory;

class LessonGuide : public QObject {
  Q_OBJECT

 public:
  LessonGuide(RunController* run, LibraryStore* store, WindowMemory* memory, QObject* parent = nullptr);

  /// A lesson by its name or file, where it was left. A mistake goes to trouble(); false then.
  bool open(const QString& name_or_file);
  void leave();
  /// nullptr when no lesson is open.
  const Course* course() const { return course_.get(); }
  const LessonRuns& runs() const { return runs_; }
  /// How far a student is in a lesson that comes with the program: 0 = not begun, −1 = all steps done.
  int steps_done_of(const LessonPlan& lesson) const;

  /// The experiment of the present step; nothing where it has none.
  std::optional<ExperimentPlan> plan() const;
  /// Its runs, if there are any: of this session, or stored ones.
  const std::vector<RunView>& step_runs() const;
  bool runs_are_live() const;

  void next();
  void back();
  void answer(std::size_t choice);
  void answer(double number);

 Q_SIGNALS:
  void opened();        ///< another lesson, or none
  void step_entered();  ///< also after opened()
  void changed();       ///< something was seen or answered
  void trouble(const QString& sentence);

 private:
  void take_up_runs();
  void follow_run();
  void look();
  void keep();

  RunController* run_;
  LibraryStore* store_;
  WindowMemory* memory_;
  std::unique_ptr<Course> course_;
  QString key_;  ///< of the memory
  LessonRuns runs_;
  QTimer pause_;  ///< between two looks at a run in progress
};

}  // namespace grapevine
