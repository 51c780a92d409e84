// What tests of own arrays share: small files of them, and how they are loaded.
#pragma once

#include <cstring>
#include <string>
#include <vector>

#include "engine/data/array_images.h"
#include "tests/data/packed.h"
#include "tests/data/support.h"

namespace grapevine {

inline Bytes words(const std::vector<std::int32_t>& numbers) {
  Bytes bytes;
  for (const std::int32_t number : numbers) put_word(bytes, static_cast<std::uint32_t>(number));
  return bytes;
}

inline DataRequest request_for(const char* name, const std::string& dir) {
  DataRequest request;
  request.name = name;
  request.dir = dir;
  return request;
}

/// A version-1 .npy: a header that is padded to 64 bytes, then the bytes.
inline QByteArray npy(const char* type, const char* shape, const QByteArray& content, bool fortran = false,
                      int version = 1) {
  QByteArray header = QByteArray("{'descr': '") + type +
                      "', 'fortran_order': " + (fortran ? "True" : "False") + ", 'shape': " + shape + ", }";
  const int begin = version == 1 ? 10 : 12;
  while ((begin + header.size() + 1) % 64 != 0) header += ' ';
  header += '\n';
  QByteArray out("\x93NUMPY", 6);
  out += static_cast<char>(version);
  out += '\0';
  const auto size = static_cast<unsigned>(header.size());
  for (int i = 0; i < (version == 1 ? 2 : 4); ++i) out += static_cast<char>(size >> (8 * i));
  return out + header + content;
}

inline std::string write_npz(const Folder& folder, const QList<PackedEntry>& entries) {
  const QByteArray zip = packed(entries, Packing::zip);
  return folder.write("set.npz", {zip.begin(), zip.end()});
}

inline QByteArray chars(std::initializer_list<int> numbers) {
  QByteArray out;
  for (const int number : numbers) out += static_cast<char>(number);
  return out;
}

}  // namespace grapevine
