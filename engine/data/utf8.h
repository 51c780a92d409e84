// Whether bytes are UTF-8.
#pragma once

#include <cstddef>
#include <string_view>

namespace grapevine {

/// How many bytes from the beginning are whole UTF-8 characters (RFC 3629: no overlong forms, no surrogates,
/// at most U+10FFFF): all of them, or the offset of the first byte that begins none.
std::size_t valid_utf8(std::string_view text);

}  // namespace grapevine
