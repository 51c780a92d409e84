// The end of the program from within: Qt calls exit() where the connection to the display breaks (a dead
// ssh -X, a server that crashed). The libraries' own clean-ups would then be done under the threads that
// train and store. Main thread; one object at a time.
#pragma once

#include <chrono>
#include <functional>

namespace grapevine {

class LastExit {
 public:
  /// While this lives exit() calls `store`, in a thread of its own, and waits for it at most so long; then
  /// the program ends with exit status 1, and nothing else is cleaned up. `store` must not need the event
  /// loop.
  LastExit(std::function<void()> store, std::chrono::milliseconds patience);
  ~LastExit();
  LastExit(const LastExit&) = delete;
  LastExit& operator=(const LastExit&) = delete;

  /// To be called again when a library may have been opened or put to use: what was noted last is done
  /// first.
  static void come_first();
};

}  // namespace grapevine
