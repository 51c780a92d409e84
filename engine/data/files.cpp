#include "engine/data/files.h"

#include <zlib.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>

#include "engine/error.h"

namespace grapevine {

namespace {

/// zlib writes the file's name before its words.
std::string zlib_words(const std::string& message, const std::string& file) {
  return message.starts_with(file + ": ") ? message.substr(file.size() + 2) : message;
}

}  // namespace

// zlib's gzread hands plain files through unchanged.
std::vector<std::uint8_t> read_file(const std::string& file) {
  const std::unique_ptr<gzFile_s, int (*)(gzFile)> in(gzopen(file.c_str(), "rb"), gzclose);
  if (!in) throw InputError(file + ": can't be opened: " + std::strerror(errno));
  gzbuffer(in.get(), 1 << 18);
  std::vector<std::uint8_t> bytes;
  std::size_t used = 0;
  for (;;) {
    constexpr std::size_t chunk = 1 << 22;
    bytes.resize(used + chunk);
    const int got = gzread(in.get(), bytes.data() + used, chunk);
    int code = Z_OK;
    const char* message = gzerror(in.get(), &code);
    if (got < 0 || code == Z_BUF_ERROR || code == Z_DATA_ERROR)
      throw InputError(file + ": offset " + std::to_string(gzoffset(in.get())) +
                       ": the gzip data is damaged or cut short (" + zlib_words(message, file) +
                       "); get the file again");
    used += static_cast<std::size_t>(got);
    if (got == 0) break;
  }
  bytes.resize(used);
  return bytes;
}

std::string first_existing(const std::string& folder, const std::vector<std::string>& names) {
  std::error_code none;
  for (const std::string& name : names) {
    const auto path = std::filesystem::path(folder) / name;
    if (std::filesystem::is_regular_file(path, none)) return path.string();
  }
  return "";
}

}  // namespace grapevine
