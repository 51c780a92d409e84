// Long work that hears Stop: while an Interruptible exists, every layer's map, every statement of the
// database and every slice of a file asks first whether to continue; what has no half results (a training
// step, a calibration's change of weights, a user's change of the library) runs without one. As LibTorch's
// own guards it holds for its thread.
#pragma once

#include <functional>

namespace grapevine {

class Interruptible {
 public:
  /// `stop` empty: nothing interrupts what follows, whatever holds outside.
  explicit Interruptible(std::function<bool()> stop = {});
  ~Interruptible();
  Interruptible(const Interruptible&) = delete;
  Interruptible& operator=(const Interruptible&) = delete;

 private:
  std::function<bool()> stop_;
  const std::function<bool()>* outside_;
};

/// For what may not throw: another library's callback.
bool interruption_requested();
/// Throws WorkStopped (progress.h) where a stop was requested.
void interruption_point();

}  // namespace grapevine
