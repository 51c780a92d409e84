// Qt's mouse and key events as the scope's own. The window's thread only.
#pragma once

#include <QObject>
#include <functional>

class QKeyEvent;
class QMouseEvent;
class QWheelEvent;
class QWidget;

namespace grapevine {

class ScopeController;

/// Filters a canvas's events; `changed` is called after each that the controller has handled.
class ScopeInput : public QObject {
 public:
  ScopeInput(ScopeController& controller, QWidget& canvas, std::function<void()> changed);
  bool eventFilter(QObject* object, QEvent* event) override;
  /// What is drawn is so many times larger than the controller knows.
  double magnification = 1;

 private:
  void mouse(const QMouseEvent& event);
  void wheel(const QWheelEvent& event);
  bool key(const QKeyEvent& event);
  void show_cursor();

  ScopeController& controller_;
  QWidget& canvas_;
  std::function<void()> changed_;
};

}  // namespace grapevine
