#include "engine/data/cache_file.h"

#include <zlib.h>

#include <bit>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "engine/error.h"
#include "engine/files/careful_file.h"

namespace grapevine {
namespace {

static_assert(std::endian::native == std::endian::little, "numbers are written as they lie");

struct Header {
  char magic[8] = {'G', 'R', 'A', 'P', 'E', 'V', 'C', 'F'};
  std::uint32_t version = 1;
  std::uint32_t crc = 0;
  std::uint64_t size = 0;
};
static_assert(sizeof(Header) == 24);

std::uint32_t crc_of(const void* data, std::size_t size) {
  return static_cast<std::uint32_t>(crc32_z(0, static_cast<const Bytef*>(data), size));
}

}  // namespace

std::optional<std::vector<std::uint8_t>> read_cache_file(const std::string& path) {
  std::error_code none;
  const auto length = std::filesystem::file_size(path, none);
  std::ifstream in(path, std::ios::binary);
  Header header;
  const Header expected;
  if (none || !in.read(reinterpret_cast<char*>(&header), sizeof header)) return std::nullopt;
  if (std::memcmp(header.magic, expected.magic, sizeof header.magic) != 0 ||
      header.version != expected.version || header.size != length - sizeof header)
    return std::nullopt;
  std::vector<std::uint8_t> content(header.size);
  if (!in.read(reinterpret_cast<char*>(content.data()), static_cast<std::streamsize>(content.size())) ||
      crc_of(content.data(), content.size()) != header.crc)
    return std::nullopt;
  return content;
}

std::string write_cache_file(const std::string& path, const void* content, std::size_t size) {
  std::error_code failed;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), failed);
  if (failed) return failed.message();
  Header header;
  header.crc = crc_of(content, size);
  header.size = size;
  try {
    CarefulFile out(path);
    out.put(&header, sizeof header);
    out.put(content, size);
    out.place();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

std::string content_key(const std::vector<std::uint8_t>& bytes) {
  char text[32];
  std::snprintf(text, sizeof text, "%08x-%llx", crc_of(bytes.data(), bytes.size()),
                static_cast<unsigned long long>(bytes.size()));
  return text;
}

}  // namespace grapevine
