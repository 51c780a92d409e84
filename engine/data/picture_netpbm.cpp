// PPM and PGM, in bytes (P5, P6) and in words (P2, P3).
#include <cctype>

#include "engine/data/picture_formats.h"

namespace grapevine {
namespace {

class Netpbm {
 public:
  explicit Netpbm(const std::vector<std::uint8_t>& bytes) : bytes_(bytes) {}

  Decoded decode(bool only_size) {
    Decoded result;
    const char kind = static_cast<char>(bytes_[1]);
    if (kind == '1' || kind == '4') return {{}, "bitmaps (PBM) are not read; convert it to PGM or PNG"};
    at_ = 2;
    const bool colour = kind == '3' || kind == '6', plain = kind <= '3';
    const long width = number(), height = number(), most = number();
    if (width < 0 || height < 0 || most < 1 || most > 65535) return {{}, "the header is damaged"};
    result.words = size_trouble(width, height);
    PictureSize& size = result.picture.size;
    size = {colour ? 3 : 1, static_cast<int>(height), static_cast<int>(width)};
    if (!result.words.empty() || only_size) return result;
    ++at_;  // the one blank behind the header
    std::vector<std::uint8_t> row(static_cast<std::size_t>(width) * static_cast<std::size_t>(size.channels));
    const std::size_t bytes_of_value = most > 255 ? 2 : 1;
    if (!plain && (at_ > bytes_.size() ||
                   bytes_.size() - at_ < row.size() * bytes_of_value * static_cast<std::size_t>(height)))
      return {{}, "the file is cut short"};
    result.picture.planes.resize(row.size() * static_cast<std::size_t>(height));
    for (int y = 0; y < size.height; ++y) {
      for (std::uint8_t& level : row) {
        const long value = plain ? number() : binary(bytes_of_value);
        if (value < 0) return {{}, "the file is cut short"};
        level = static_cast<std::uint8_t>((std::min(value, most) * 255 + most / 2) / most);
      }
      put_row(result.picture, y, row.data(), size.channels);
    }
    return result;
  }

 private:
  /// The next number in words, past blanks and comments; -1 where there is none.
  long number() {
    while (at_ < bytes_.size() && (std::isspace(bytes_[at_]) != 0 || bytes_[at_] == '#')) {
      if (bytes_[at_] == '#')
        while (at_ < bytes_.size() && bytes_[at_] != '\n') ++at_;
      else
        ++at_;
    }
    if (at_ >= bytes_.size() || std::isdigit(bytes_[at_]) == 0) return -1;
    long value = 0;
    for (; at_ < bytes_.size() && std::isdigit(bytes_[at_]) != 0; ++at_)
      value = std::min(value * 10 + bytes_[at_] - '0', 100'000'000L);
    return value;
  }
  long binary(std::size_t size) {
    long value = bytes_[at_++];
    if (size == 2) value = value << 8 | bytes_[at_++];
    return value;
  }

  const std::vector<std::uint8_t>& bytes_;
  std::size_t at_ = 0;
};

}  // namespace

Decoded decode_netpbm(const std::vector<std::uint8_t>& bytes, bool only_size) {
  return Netpbm(bytes).decode(only_size);
}

}  // namespace grapevine
