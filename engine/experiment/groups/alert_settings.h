// The setting alerts: what the user wants to be notified of while a run is in progress. Plain C++, a value.
#pragma once

#include <string>

namespace grapevine {

class Binder;
class Experiment;

struct AlertSettings {
  std::string alerts;  ///< lines that measures may cross (alert.h)

  static constexpr const char* group = "";
  void bind(Binder& to);
  static AlertSettings of(const Experiment& experiment);
};

}  // namespace grapevine
