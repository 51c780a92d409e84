// How far a computation without a run is: a live line on a terminal, or lines for a program that asked for
// them; and where it hears Stop. Main thread only.
#pragma once

#include <chrono>
#include <string>

#include "app/cli/console.h"
#include "app/usage/usage.h"

namespace grapevine::cli {

class WorkProgress {
 public:
  /// `lines`: "progress: 12.5 %" on standard error.
  WorkProgress(const Options& options, bool lines);

  /// `part` of `parts` are done, and of the next one `done` of `of`. Ten times a second at most. Throws
  /// WorkStopped where a stop was asked for.
  void tell(const std::string& what, int part, int parts, int done, int of);
  /// The live line goes.
  void end() { console_.live({}); }
  Console& console() { return console_; }

 private:
  Console console_;
  bool lines_;
  std::chrono::steady_clock::time_point last_;
};

void add_progress(Usage& usage, bool& lines);

}  // namespace grapevine::cli
