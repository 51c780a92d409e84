// A name that the same content always gets. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace grapevine {

/// A SHA-256's first 128 bits, written as a UUID of version 8 (RFC 9562: whatever the maker says).
std::string uuid_of_content(std::string_view content);

}  // namespace grapevine
