// Names of runs and groups. Any thread may call.
#pragma once

#include <string>

namespace grapevine {

/// A random (version 4) uuid.
std::string make_uuid();

}  // namespace grapevine
