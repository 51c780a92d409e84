// What is probably wrong where JSON can't be read further. Pure; any thread may call.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace grapevine {

/// Advice for the author of the document: "put a comma here", "strings go in double quotes". `byte` counts
/// from 1 and is the last one that the parser read; `parser` are its own words.
std::string json_mistake(std::string_view document, std::size_t byte, std::string_view parser);

}  // namespace grapevine
