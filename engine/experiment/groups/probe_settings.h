// The settings probe.*: what is measured, on how many samples, how often. Plain C++, a value.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace grapevine {

class Binder;
class Experiment;

struct ProbeSettings {
  std::optional<std::int64_t> every;  ///< steps, 0 = off; none: so that measuring costs under 5 %
  std::int64_t batch = 256;
  std::vector<std::string> measures;  ///< none: those that cost no more than cos_b_j

  static constexpr const char* group = "probe.";
  void bind(Binder& to);
  static ProbeSettings of(const Experiment& experiment);
};

}  // namespace grapevine
