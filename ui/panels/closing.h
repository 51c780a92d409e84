// The end of the program while a run is in progress, a file is being written or the queue is at work: asked
// for, stopped, stored, and only then closed. The window's thread only.
#pragma once

#include <QObject>
#include <QString>
#include <functional>
#include <vector>

class QWidget;

namespace grapevine {

class RunController;

/// What the window waits for besides the run; it is stopped without a question.
struct OtherWork {
  std::function<bool()> busy;
  std::function<void()> stop;
  QString words;  ///< said while it ends
};

class Closing : public QObject {
  Q_OBJECT

 public:
  /// Both stay the caller's. `ask`: the user is asked before a run is stopped.
  Closing(QWidget* window, RunController* run, bool ask);

  /// Tell look() when it ends.
  void wait_for(OtherWork work) { others_.push_back(std::move(work)); }

  /// Whether the window may close at once; else it is closed when it may.
  bool may_close();
  /// As the Stop button does, and closes when all is stored; asks nothing.
  void stop_and_close();
  /// Returns when all is stored, and closes nothing.
  void store_now();
  /// When the run's state changed, or other work ended.
  void look();

 Q_SIGNALS:
  /// For what it waits; the window closes afterwards.
  void waiting(const QString& words);

 private:
  void ask_user();
  void close_when_stored();
  bool busy() const;

  QWidget* window_;
  RunController* run_;
  bool ask_;
  bool closing_ = false;
  std::vector<OtherWork> others_;
};

}  // namespace grapevine
