// What the data tests share: files written byte by byte, as the formats' descriptions say, and the words of a
// refusal.
#pragma once

#include <zlib.h>

#include <QTemporaryDir>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "engine/data/image_set.h"
#include "tests/support/refusal.h"

namespace grapevine {

using Bytes = std::vector<std::uint8_t>;

/// A folder that goes when the test ends.
struct Folder {
  QTemporaryDir folder;
  std::string path(const std::string& name = "") const {
    return folder.filePath(QString::fromStdString(name)).toStdString();
  }
  std::string root() const { return folder.path().toStdString(); }
  std::string write(const std::string& name, const Bytes& bytes) const {
    std::ofstream(path(name), std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    return path(name);
  }
  /// All files in it and below.
  std::vector<std::filesystem::path> files() const {
    std::vector<std::filesystem::path> found;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root()))
      if (entry.is_regular_file()) found.push_back(entry.path());
    return found;
  }
  std::string write_gz(const std::string& name, const Bytes& bytes) const {
    gzFile file = gzopen(path(name).c_str(), "wb");
    gzwrite(file, bytes.data(), static_cast<unsigned>(bytes.size()));
    gzclose(file);
    return path(name);
  }
};

inline void put_word(Bytes& bytes, std::uint32_t word) {
  for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<std::uint8_t>(word >> shift));
}

/// IDX: magic (two zeros, type 8 = bytes, number of dimensions), big-endian extents, then the bytes.
inline Bytes idx(const std::vector<std::uint32_t>& extents, const Bytes& content) {
  Bytes bytes;
  put_word(bytes, 0x0800u | static_cast<std::uint32_t>(extents.size()));
  for (const std::uint32_t extent : extents) put_word(bytes, extent);
  bytes.insert(bytes.end(), content.begin(), content.end());
  return bytes;
}

/// `count` bytes that differ from one another as far as bytes can: (first + 7 i) mod 256.
inline Bytes pattern(std::size_t count, unsigned first = 0) {
  Bytes bytes(count);
  for (std::size_t i = 0; i < count; ++i) bytes[i] = static_cast<std::uint8_t>(first + 7 * i);
  return bytes;
}

}  // namespace grapevine
