// Reading whole files, gzip or plain, with errors that say where. Any thread may call.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace grapevine {

/// The file's bytes, unpacked when it is gzip (recognized by its magic, not its name). Throws InputError for
/// a file that can't be read, whose gzip stream is damaged or cut short, or that holds more than `most` bytes
/// when unpacked (0 = what memory_for_data() allows): nothing that a small file announces fills the memory.
std::vector<std::uint8_t> read_file(const std::string& file, std::uint64_t most = 0);
/// Asks `enough` after every piece of at most 4 MB, with all that was read so far: true ends the reading
/// there.
std::vector<std::uint8_t> read_file(const std::string& file, std::uint64_t most,
                                    const std::function<bool(const std::vector<std::uint8_t>&)>& enough);
/// Its first bytes only, unpacked; as many as there are.
std::vector<std::uint8_t> read_beginning(const std::string& file, std::size_t count);
/// Of `names` in `folder`, the first that exists; "" when none does.
std::string first_existing(const std::string& folder, const std::vector<std::string>& names);

}  // namespace grapevine
