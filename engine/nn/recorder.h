// A step's orders to a device, recorded once and given again in one go: where kernels are so short that
// handing them over one by one takes longer than they do. Worker thread only.
#pragma once

#include <c10/core/Device.h>

#include <functional>
#include <memory>

namespace grapevine {

class Recorder {
 public:
  virtual ~Recorder() = default;
  /// Calls work(), whose orders are written down and not carried out, in place of those recorded before.
  /// work() may neither read the device nor wait for it. Memory it takes stays the recording's own until the
  /// next one. Throws what work() throws, and c10::Error where the device can't record it; nothing may be
  /// replayed then.
  virtual void record(const std::function<void()>& work) = 0;
  /// The recorded orders again: the same operations on the same memory, whose content may have changed.
  virtual void replay() = 0;
};

/// CUDA graphs; nullptr for other devices, and in a build without CUDA's headers.
std::unique_ptr<Recorder> make_recorder(c10::Device device);

}  // namespace grapevine
