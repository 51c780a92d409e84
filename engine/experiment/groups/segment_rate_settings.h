// The setting optimizer.lr_scale: rates by segment, of the network's own optimizer alone. Plain C++, a value.
#pragma once

#include <vector>

namespace grapevine {

class Binder;
class Experiment;

struct SegmentRateSettings {
  std::vector<double> lr_scale;  ///< factors on optimizer.lr, one per segment; empty = one rate everywhere

  static constexpr const char* group = "optimizer.";
  void bind(Binder& to);
  static SegmentRateSettings of(const Experiment& experiment);
};

}  // namespace grapevine
