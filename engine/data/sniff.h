// What a file is that is not what its name says: recognized by its first bytes. Pure; any thread may call.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace grapevine {

/// "a web page (HTML)", "a zip archive", …: as it stands after "it is"; "" when the bytes say nothing.
std::string what_it_is(const std::vector<std::uint8_t>& bytes);
/// "; it is a web page (HTML), saved in the file's place: get the file again", or "": what goes behind the
/// words that something else was expected. `bytes` are read_file()'s, so that a gzip stream in them is a
/// second one.
std::string in_its_place(const std::vector<std::uint8_t>& bytes);

}  // namespace grapevine
