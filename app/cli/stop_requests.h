// Ctrl-C and similar signals while a run is in progress, or a database is worked on: the first asks for a
// clean stop, a second one leaves at once. One object at a time, main thread; the handlers only set flags.
#pragma once

#include <csignal>
#include <functional>
#include <string>

#include "engine/files/stop_request.h"

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

using grapevine::stopped_status;

/// From here on a stop that no StopRequests hears ends the program at once, with its status and a word, and
/// what is unfinished goes. Before end_without_remains(), which leaves these signals alone then.
void end_as_stopped();

struct Options;
/// `work` as the command it is: a stop ends it between two slices (session/interruption.h), with `left`, what
/// is there then, as its message.
int stoppable(const Options& options, const std::string& left, const std::function<int()>& work);
/// The same where a thread is at something that hears nothing, as the start of LibTorch: the program ends
/// here, with its status and what it leaves behind as after any stop.
[[noreturn]] void leave_stopped(const Options& options, const std::string& left);

}  // namespace grapevine::cli
