// Where in a JSON document each value begins, so that a mistake in a lesson is named by its line. Pure; any
// thread may call.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace grapevine {

/// JSON pointer ("/steps/2/until") → line, from 1. The document must be valid JSON, comments allowed.
using LineMap = std::map<std::string, int>;
LineMap lines_of(std::string_view document);

}  // namespace grapevine
