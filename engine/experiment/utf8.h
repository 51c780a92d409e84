// Text as bytes: whether they are UTF-8, and what else they are. Pure functions; any thread may call.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace grapevine {

/// How many bytes from the beginning are whole UTF-8 characters (RFC 3629: no overlong forms, no surrogates,
/// at most U+10FFFF): all of them, or the offset of the first byte that begins none.
std::size_t valid_utf8(std::string_view text);
/// The encoding that a text has in UTF-8's place, by its byte-order mark, its zero bytes or bytes that are no
/// UTF-8: "UTF-16", "UTF-32", "Latin-1 or Windows-1252"; "" for UTF-8, and for what is not text.
std::string other_encoding(std::string_view bytes);
/// The same text in UTF-8 without a byte-order mark, from UTF-16 or UTF-32 that has one; other bytes stay.
/// What is not a character becomes U+FFFD.
std::string in_utf8(std::string_view bytes);
/// Of a title: control characters and line breaks are blanks, blanks at its ends go, several are one. ""
/// where nothing would be seen.
std::string in_one_line(std::string_view text);

}  // namespace grapevine
