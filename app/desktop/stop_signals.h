// SIGINT, SIGTERM and SIGHUP for the window: a handler may do next to nothing, so it writes a byte into a
// pipe that the event loop reads. Main thread; one object at a time.
#pragma once

#include <QObject>
#include <QSocketNotifier>
#include <csignal>
#include <functional>
#include <memory>

namespace grapevine {

class StopSignals : public QObject {
 public:
  /// `stop` is called in the event loop at the first signal. A later one ends the program at once.
  explicit StopSignals(std::function<void()> stop, QObject* parent = nullptr);
  ~StopSignals() override;

 private:
  std::function<void()> stop_;
  std::unique_ptr<QSocketNotifier> notifier_;
  struct sigaction before_[3];
};

}  // namespace grapevine
