// Where in a JSON document each value begins, so that a mistake in a lesson is named by its line. Pure; any
// thread may call.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace grapevine {

/// JSON pointer ("/steps/2/until") → line, from 1. Of what is not valid JSON as far as it can be read;
/// comments are allowed. Throws InputError ("line 3: …") for a key that appears twice in an object.
using LineMap = std::map<std::string, int>;
LineMap lines_of(std::string_view document);

}  // namespace grapevine
