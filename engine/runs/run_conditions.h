// The settings that decide whether two runs' numbers may be compared. Pure; any thread.
#pragma once

#include <cstdint>
#include <string>

namespace grapevine {

struct RunConditions {
  /// Every setting but the rule's, its learning rate, seed, name and where it was computed; what the stored
  /// experiment is too old to have has its default. Runs with equal texts are comparable. "" = no settings.
  std::string settings;
  /// The same without the calibration's, which a rule without feedback has none of.
  std::string but_calibration;
  std::int64_t tests = 0;  ///< samples in the test set; 0 = not known

  /// Is a run of `rule` under these conditions a fit reference for one under `other`?
  bool allow(const std::string& rule, const RunConditions& other) const;
};

/// `experiment`: the JSON text stored with a run.
RunConditions conditions_of(const std::string& experiment);

}  // namespace grapevine
