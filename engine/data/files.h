// Reading whole files, gzip or plain, with errors that say where. Any thread may call.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace grapevine {

/// The file's bytes, unpacked when it is gzip (told by its magic, not its name). Throws InputError for a file
/// that can't be read, or whose gzip stream is damaged or cut short.
std::vector<std::uint8_t> read_file(const std::string& file);
/// Of `names` in `folder`, the first that exists; "" when none does.
std::string first_existing(const std::string& folder, const std::vector<std::string>& names);

}  // namespace grapevine
