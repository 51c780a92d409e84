// JSON as people write it: read with one clear message for what is broken. Pure functions; any thread may
// call.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace grapevine {

/// The text of a file; `noun` ("experiment") and `hint` (what the file should be) go into messages. Throws
/// InputError for a folder, an unreadable or an empty file.
std::string read_document(const std::string& path, const std::string& noun, const std::string& hint);
/// Whether brackets are nested deeper than what reads JSON level by level has stack for.
bool is_too_deep(std::string_view json);
/// JSON with comments. Throws InputError with the place of a mistake, for a key that occurs twice and for
/// what is_too_deep().
nlohmann::json parse_document(std::string_view document, std::string_view source);

}  // namespace grapevine
