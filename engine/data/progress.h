// How long work on data sets says how far it is, and is told to stop. Plain C++.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace grapevine {

struct WorkProgress {
  std::string what;                  ///< "downloading", "checking", "unpacking"
  std::string file;                  ///< its name
  std::int64_t done = 0, total = 0;  ///< bytes; total 0 = not known
  double rate = 0;                   ///< bytes a second of late; 0 = not known
};

/// Called on the working thread: `progress` often, `stop` every 50 ms at least. Either may be empty.
struct WorkHooks {
  std::function<void(const WorkProgress&)> progress;
  std::function<bool()> stop;

  bool stopped() const { return stop && stop(); }
  void tell(const WorkProgress& now) const {
    if (progress) progress(now);
  }
};

/// Thrown through the work when it is told to stop; caught where the work was begun, never shown.
struct WorkStopped {};

}  // namespace grapevine
