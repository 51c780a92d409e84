// Files of what was computed from data and would take long to compute again. A damaged one counts as missing.
//
//   "GRAPEVCF" · u32 version · u32 CRC-32 of the content · u64 its size · content      (little-endian)
//
// Functions without state; any thread, any process may call at the same time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace grapevine {

/// The content, or nothing when the file is missing, cut short, damaged or of another version.
std::optional<std::vector<std::uint8_t>> read_cache_file(const std::string& path);
/// Makes the folder, writes under a temporary name, syncs, renames. Returns why it could not be done, "" when
/// it was: what is lost is time only.
std::string write_cache_file(const std::string& path, const void* content, std::size_t size);
/// A name for some bytes: CRC-32 and size in hexadecimal digits.
std::string content_key(const std::vector<std::uint8_t>& bytes);

}  // namespace grapevine
