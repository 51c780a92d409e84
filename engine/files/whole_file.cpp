#include "engine/files/whole_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <vector>

#include "engine/error.h"
#include "engine/files/memory.h"

namespace grapevine {
namespace {

class Descriptor {
 public:
  explicit Descriptor(const std::string& path) : number_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  bool is_open() const { return number_ >= 0; }

  /// Bytes read; 0 at the end, -1 on an error.
  ssize_t read(char* to, std::size_t count) const {
    for (;;) {
      const ssize_t got = ::read(number_, to, count);
      if (got >= 0 || errno != EINTR) return got;
    }
  }

 private:
  int number_;
};

}  // namespace

std::optional<std::string> whole_file(const std::string& path, std::size_t most) {
  return within_memory("", path, [&]() -> std::optional<std::string> {
    const Descriptor file(path);
    if (!file.is_open()) return std::nullopt;
    std::string text;
    for (std::size_t piece = std::size_t{1} << 14;; piece = std::min(2 * piece, std::size_t{1} << 22)) {
      const std::size_t used = text.size();
      text.resize(used + piece);
      const ssize_t got = file.read(text.data() + used, piece);
      if (got < 0) return std::nullopt;
      text.resize(used + static_cast<std::size_t>(got));
      if (got == 0) return text;
      if (text.size() > most)
        throw InputError(path + " holds more than " + std::to_string(most >> 20) +
                         " MB, which no file of this kind does; name another");
    }
  });
}

std::int64_t read_in_pieces(const std::string& path,
                            const std::function<void(const char* bytes, std::size_t size)>& put) {
  const Descriptor file(path);
  const auto refuse = [&] {
    throw RunError("can't read " + path + ": " + std::strerror(errno) + "; look at the disk or the share");
  };
  if (!file.is_open()) refuse();
  std::vector<char> piece(std::size_t{1} << 20);
  std::int64_t size = 0;
  for (;;) {
    const ssize_t got = file.read(piece.data(), piece.size());
    if (got < 0) refuse();
    if (got == 0) return size;
    put(piece.data(), static_cast<std::size_t>(got));
    size += got;
  }
}

}  // namespace grapevine
