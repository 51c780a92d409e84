// A file's bytes as one text, all or none of them: streams that copy into each other take a text that
// memory cut short for a whole one. Any thread may call.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace grapevine {

/// nullopt where it can't be opened or read to its end; a pipe is read until its writer ends. Throws
/// InputError beyond `most` bytes, RunError where memory does not hold it.
std::optional<std::string> whole_file(const std::string& path, std::size_t most = std::size_t{64} << 20);

}  // namespace grapevine
