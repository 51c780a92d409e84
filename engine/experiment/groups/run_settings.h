// The settings of a run as a whole. Plain C++, a value.
#pragma once

#include <cstdint>
#include <string>

namespace grapevine {

class Binder;
class Experiment;

struct RunSettings {
  std::string name;
  std::int64_t seed = 0;
  std::string device = "auto";
  std::int64_t threads = 0;  ///< 0 = all cores
  bool gpu_graphs = false;
  double feedback_memory = 0.5;  ///< share of the machine's memory

  static constexpr const char* group = "";
  void bind(Binder& to);
  static RunSettings of(const Experiment& experiment);
};

}  // namespace grapevine
