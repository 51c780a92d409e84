// How an SQLite file is told from others. Any thread.
#pragma once

#include <string>
#include <string_view>

namespace grapevine {

/// The first letters of every one, a zero after them. https://www.sqlite.org/fileformat.html, 1.3.1.
inline constexpr std::string_view sqlite_beginning = "SQLite format 3";

/// By its first bytes; never for what can't be read.
bool begins_as_database(const std::string& path);

}  // namespace grapevine
