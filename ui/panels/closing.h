// The end of the program while a run is in progress: asked for, stopped, stored, and only then closed. The
// window's thread only.
#pragma once

#include <QObject>

class QWidget;

namespace grapevine {

class RunController;

class Closing : public QObject {
  Q_OBJECT

 public:
  /// Both stay the caller's. `ask`: the user is asked before a run is stopped.
  Closing(QWidget* window, RunController* run, bool ask);

  /// Whether the window may close at once; else it is closed when it may.
  bool may_close();
  /// As the Stop button does, and closes when all is stored; asks nothing.
  void stop_and_close();
  /// Returns when all is stored, and closes nothing.
  void store_now();
  /// When the run's state changed.
  void look();

 Q_SIGNALS:
  /// The run is being stored; the window closes afterwards.
  void storing();

 private:
  void ask_user();
  void close_when_stored();

  QWidget* window_;
  RunController* run_;
  bool ask_;
  bool closing_ = false;
};

}  // namespace grapevine
