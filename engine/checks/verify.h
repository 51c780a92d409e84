// Runs a worked example through the rule that it names and compares every quantity. Any thread may call.
#pragma once

#include <string>

#include "engine/checks/vector_file.h"
#include "engine/door/engine_api.h"

namespace grapevine {

/// The step in float64 on a device. Nothing is thrown: what could not be read or run is in `trouble`.
VerifyLine verify(const std::string& file, const std::string& text, const std::string& device);
/// The same for an example in memory; `rule` may replace the one that the example's rule key names (mutation
/// checks).
VerifyLine verify(const WorkedStep& step, const std::string& device, class Rule* rule = nullptr);

}  // namespace grapevine
