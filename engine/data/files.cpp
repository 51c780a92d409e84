#include "engine/data/files.h"

#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>

#include "engine/error.h"
#include "engine/files/machine.h"
#include "engine/session/notes.h"

namespace grapevine {
namespace {

/// zlib writes the file's name before its words.
std::string zlib_words(const std::string& message, const std::string& file) {
  return message.starts_with(file + ": ") ? message.substr(file.size() + 2) : message;
}

constexpr std::size_t chunk = 1 << 22;

// zlib's gzread hands plain files through unchanged.
class PackedFile {
 public:
  explicit PackedFile(const std::string& file) : file_(file), in_(gzopen(file.c_str(), "rb"), gzclose) {
    if (!in_) throw InputError(file + ": can't be opened: " + std::strerror(errno));
    gzbuffer(in_.get(), 1 << 18);
  }
  /// Appends up to `count` bytes; how many there were.
  std::size_t read(std::vector<std::uint8_t>& bytes, std::size_t count) {
    const std::size_t used = bytes.size();
    bytes.resize(used + count);
    const int got = gzread(in_.get(), bytes.data() + used, static_cast<unsigned>(count));
    int code = Z_OK;
    const char* message = gzerror(in_.get(), &code);
    if (got < 0 || code == Z_BUF_ERROR || code == Z_DATA_ERROR)
      throw InputError(file_ + ": offset " + std::to_string(gzoffset(in_.get())) +
                       ": the gzip data is damaged or cut short (" + zlib_words(message, file_) +
                       "); get the file again");
    bytes.resize(used + static_cast<std::size_t>(got));
    return static_cast<std::size_t>(got);
  }

 private:
  std::string file_;
  std::unique_ptr<gzFile_s, int (*)(gzFile)> in_;
};

}  // namespace

std::vector<std::uint8_t> read_file(const std::string& file, std::uint64_t most) {
  return read_file(file, most, [](const auto&) { return false; });
}

std::vector<std::uint8_t> read_file(const std::string& file, std::uint64_t most,
                                    const std::function<bool(const std::vector<std::uint8_t>&)>& enough) {
  PackedFile in(file);
  if (most == 0) most = static_cast<std::uint64_t>(memory_for_data());
  std::vector<std::uint8_t> bytes;
  for (std::size_t piece = 1 << 14; in.read(bytes, piece) > 0 && !enough(bytes);
       piece = std::min(2 * piece, chunk))
    if (bytes.size() > most)
      throw InputError(file + ": it holds more than " + with_separators(static_cast<std::int64_t>(most)) +
                       " bytes when unpacked, which no file of this kind has");
  return bytes;
}

std::vector<std::uint8_t> read_beginning(const std::string& file, std::size_t count) {
  PackedFile in(file);
  std::vector<std::uint8_t> bytes;
  while (bytes.size() < count && in.read(bytes, std::min(chunk, count - bytes.size())) > 0) {
  }
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
