// The identities that any implementation must satisfy (learning-rules §8), checked now on a device: so that a
// machine without the test suite can be trusted too. Worker thread only.
#pragma once

#include <string>
#include <vector>

#include "engine/door/engine_api.h"

namespace grapevine {

std::vector<CheckLine> self_test(const std::string& device);

}  // namespace grapevine
