// The panel of a lesson: the present step to read, what the program waits for, the question and its answers,
// and the way on. The window's thread only.
#pragma once

#include <QDockWidget>

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

  /// Type and room for the last row of a lecture hall.
  void set_magnification(double factor);
  /// What the page says, without its mark-up.
  QString text() const;

 protected:
  void changeEvent(QEvent* event) override;

 Q_SIGNALS:
  void run_asked();
  void leave_asked();

 private:
  void show_nothing();
  void show_step();
  void refresh();
  void show_answers();

  LessonGuide* guide_;
  RunController* run_;
  QLabel* title_;
  QLabel* place_;
  QTextBrowser* page_;
  QWidget* answers_ = nullptr;
  QVBoxLayout* column_;
  QPushButton *start_ = nullptr, *hint_ = nullptr, *back_ = nullptr, *next_ = nullptr;
  bool with_hints_ = false;
  double magnification_ = 1;
};

}  // namespace grapevine
