// How long work on data sets reports its progress, and is asked to stop. Plain C++.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace grapevine {

struct WorkProgress {
  std::string what;                  ///< "downloading", "checking", "unpacking", "decoding", "encoding"
  std::string file;                  ///< its name, or a folder's
  std::int64_t done = 0, total = 0;  ///< bytes, or what `of` says; total 0 = not known
  double rate = 0;                   ///< bytes per second, recently; 0 = not known
  std::string of = {};               ///< what is counted, "images"; "" = bytes
};

/// "decoding train: 31,000 of 100,000 images"; "encoding wiki.train.tokens: 12 of 540 MB".
std::string words_of(const WorkProgress& now);

/// Called on the working thread: `progress` often, `stop` every 50 ms at least. Either may be empty.
struct WorkHooks {
  std::function<void(const WorkProgress&)> progress;
  std::function<bool()> stop;

  bool stopped() const { return stop && stop(); }
  void tell(const WorkProgress& now) const {
    if (progress) progress(now);
  }
};

/// Thrown through the work when it is asked to stop; caught where the work was begun, never shown.
struct WorkStopped {};

}  // namespace grapevine
