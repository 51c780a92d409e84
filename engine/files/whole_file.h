// A file's bytes, all or none of them: streams that copy into each other take a text that memory cut short
// for a whole one, and an error of reading for the file's end. Any thread may call.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace grapevine {

/// nullopt where it can't be opened or read to its end; a pipe is read until its writer ends. Throws
/// InputError beyond `most` bytes, RunError where memory does not hold it.
std::optional<std::string> whole_file(const std::string& path, std::size_t most = std::size_t{64} << 20);

/// `put` gets the bytes in pieces of a megabyte at most; returns how many they are. Throws RunError where the
/// file can't be opened or read to its end.
std::int64_t read_in_pieces(const std::string& path,
                            const std::function<void(const char* bytes, std::size_t size)>& put);

}  // namespace grapevine
