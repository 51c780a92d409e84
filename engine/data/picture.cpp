#include "engine/data/picture.h"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "engine/data/picture_formats.h"
#include "engine/data/sniff.h"
#include "engine/error.h"
#include "engine/experiment/nearest.h"

namespace grapevine {
namespace {

constexpr std::int64_t most_side = 32768, most_area = std::int64_t{1} << 27;
// A JPEG's size comes behind what cameras write: a picture in small, among others.
constexpr std::size_t beginning = 1 << 17;

std::vector<std::uint8_t> content(const std::string& file, std::size_t most) {
  std::ifstream in(file, std::ios::binary);
  std::vector<std::uint8_t> bytes;
  char block[1 << 15];
  while (bytes.size() < most && in.read(block, sizeof block), in.gcount() > 0) {
    bytes.insert(bytes.end(), block, block + in.gcount());
    if (bytes.size() >= most) break;
  }
  if (!in.is_open() || in.bad()) throw InputError(file + ": can't be read");
  if (bytes.empty()) throw InputError(file + ": the file is empty; get it again, or remove it");
  return bytes;
}

Decoded decode(const std::string& file, const std::vector<std::uint8_t>& bytes, bool only_size) {
  const auto begins = [&](std::initializer_list<int> mark) {
    return bytes.size() > mark.size() &&
           std::equal(mark.begin(), mark.end(), bytes.begin(),
                      [](int a, std::uint8_t b) { return static_cast<std::uint8_t>(a) == b; });
  };
  if (begins({0xff, 0xd8})) return decode_jpeg(bytes, only_size);
  if (begins({0x89, 'P', 'N', 'G'})) return decode_png(bytes, only_size);
  if (begins({'P'}) && bytes[1] >= '1' && bytes[1] <= '6') return decode_netpbm(bytes, only_size);
  const std::string what = what_it_is(bytes);
  throw InputError(file + ": it is " + (what.empty() ? "no image" : what) +
                   ", expected PNG, JPEG or PPM; convert it, or remove it");
}

}  // namespace

bool is_picture_name(const std::string& name) {
  const std::string low = in_lower_case(name);
  static constexpr const char* endings[] = {".png", ".jpg", ".jpeg", ".jpe", ".ppm", ".pgm", ".pnm"};
  return std::any_of(std::begin(endings), std::end(endings),
                     [&](const char* ending) { return low.ends_with(ending); });
}

PictureSize read_picture_size(const std::string& file) {
  const std::vector<std::uint8_t> some = content(file, beginning);
  Decoded decoded = decode(file, some, true);
  // Where the beginning doesn't reach, the whole does.
  if (!decoded.words.empty() && some.size() >= beginning)
    decoded = decode(file, content(file, SIZE_MAX), true);
  if (!decoded.words.empty()) throw InputError(file + ": " + decoded.words + "; get it again, or remove it");
  return decoded.picture.size;
}

Picture read_picture(const std::string& file) {
  Decoded decoded = decode(file, content(file, SIZE_MAX), false);
  if (!decoded.words.empty()) throw InputError(file + ": " + decoded.words + "; get it again, or remove it");
  return std::move(decoded.picture);
}

Picture in_colour(Picture picture) {
  if (picture.size.channels != 1) return picture;
  const std::vector<std::uint8_t> grey = picture.planes;
  picture.size.channels = 3;
  for (int copy = 0; copy < 2; ++copy) picture.planes.insert(picture.planes.end(), grey.begin(), grey.end());
  return picture;
}

std::string size_trouble(std::int64_t width, std::int64_t height) {
  if (width < 1 || height < 1) return "the image has no pixels";
  if (width <= most_side && height <= most_side && width * height <= most_area) return "";
  return "the image has " + std::to_string(width) + "×" + std::to_string(height) +
         " pixels, more than is read; make it smaller";
}

void put_row(Picture& picture, int y, const std::uint8_t* row, int stride) {
  const auto& [channels, height, width] = picture.size;
  const std::size_t area = static_cast<std::size_t>(height) * static_cast<std::size_t>(width);
  std::uint8_t* to = picture.planes.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(width);
  for (int x = 0; x < width; ++x)
    for (int c = 0; c < channels; ++c)
      to[static_cast<std::size_t>(c) * area + static_cast<std::size_t>(x)] = row[stride * x + c];
}

}  // namespace grapevine
