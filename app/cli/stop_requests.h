// Ctrl-C and similar signals while a run is in progress: the first asks for a clean stop, a second one leaves
// at once. One object at a time, main thread; the handlers only set flags.
#pragma once

#include <csignal>

namespace grapevine::cli {

class StopRequests {
 public:
  /// Takes SIGINT, SIGTERM and SIGHUP (unless nohup took it), and lets writing to a closed pipe return an
  /// error.
  StopRequests();
  ~StopRequests();
  StopRequests(const StopRequests&) = delete;
  StopRequests& operator=(const StopRequests&) = delete;

  bool stop_asked() const;

 private:
  struct sigaction before_[4];
};

/// Exit status of a run that was stopped.
inline constexpr int stopped_status = 130;

}  // namespace grapevine::cli
