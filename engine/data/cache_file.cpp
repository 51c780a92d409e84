#include "engine/data/cache_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <bit>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <utility>

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

/// A temporary file that disappears unless it is put in place.
class Output {
 public:
  explicit Output(const std::string& path) : path_(path), temporary_(path + ".XXXXXX") {
    file_ = ::mkostemp(temporary_.data(), O_CLOEXEC);
  }
  ~Output() {
    if (file_ >= 0) ::close(file_);
    if (file_ >= 0 || closed_) ::unlink(temporary_.c_str());
  }
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  bool put(const void* data, std::size_t size) {
    auto* at = static_cast<const char*>(data);
    while (file_ >= 0 && size > 0) {
      const ssize_t written = ::write(file_, at, size);
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return false;
      at += written;
      size -= static_cast<std::size_t>(written);
    }
    return file_ >= 0;
  }
  bool place() {
    if (::fchmod(file_, 0644) != 0 || ::fsync(file_) != 0) return false;
    closed_ = true;
    if (::close(std::exchange(file_, -1)) != 0) return false;
    if (::rename(temporary_.c_str(), path_.c_str()) != 0) return false;
    closed_ = false;
    return true;
  }

 private:
  std::string path_, temporary_;
  int file_ = -1;
  bool closed_ = false;  ///< written, not yet in place
};

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
  Output out(path);
  if (!out.put(&header, sizeof header) || !out.put(content, size) || !out.place())
    return std::strerror(errno);
  return "";
}

std::string content_key(const std::vector<std::uint8_t>& bytes) {
  char text[32];
  std::snprintf(text, sizeof text, "%08x-%llx", crc_of(bytes.data(), bytes.size()),
                static_cast<unsigned long long>(bytes.size()));
  return text;
}

}  // namespace grapevine
