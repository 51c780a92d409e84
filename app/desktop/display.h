// Whether a window can open here, found out before Qt ends the program over it. Main thread, at the start.
#pragma once

#include <memory>
#include <string>

namespace grapevine {

struct Display {
  /// "" where a display answers, or Qt was set to run without one; else one sentence: what is missing.
  std::string trouble;
  /// A connection to an X server, to be held until Qt has its own: a server may reset itself when its last
  /// client leaves, and refuse the next one.
  std::shared_ptr<void> connection;
};
Display find_display();

}  // namespace grapevine
