// The panel of a lesson: the present step to read, what the program waits for, the question and its answers,
// and the button to the next step. The window's thread only.
#pragma once

#include <QDockWidget>
#include <QFont>

class QLabel;
class QLineEdit;
class QPushButton;
class QTextBrowser;
class QVBoxLayout;

namespace grapevine {

class LessonGuide;
class RunController;

class LessonDock : public QDockWidget {
  Q_OBJECT

 public:
  LessonDock(LessonGuide* guide, RunController* run, QWidget* parent = nullptr);

  /// Type and room for the last row of a lecture hall, and no title bar there.
  void set_magnification(double factor);
  /// A page further in the text, and from its end to the next step; and the same back.
  void turn_on();
  void turn_back();
  /// What the page says, without its mark-up.
  QString text() const;

 protected:
  void changeEvent(QEvent* event) override;

 Q_SIGNALS:
  void run_asked();
  void leave_asked();
  /// At a lesson's end: what it leaves.
  void save_runs_asked();
  void save_figures_asked();

 private:
  void show_nothing();
  void show_step();
  void refresh();
  void show_answers();
  QWidget* make_keep();
  void set_type(QWidget* part);
  void give_buttons_room();

  LessonGuide* guide_;
  RunController* run_;
  QLabel* title_;
  QLabel* place_;
  QTextBrowser* page_;
  QWidget* answers_ = nullptr;
  QWidget* keep_ = nullptr;  ///< what can be kept at its end
  QVBoxLayout* column_;
  QPushButton *start_ = nullptr, *hint_ = nullptr, *back_ = nullptr, *next_ = nullptr;
  bool with_hints_ = false;
  QFont type_;
};

}  // namespace grapevine
