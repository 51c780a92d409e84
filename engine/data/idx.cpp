#include "engine/data/idx.h"

#include <bit>
#include <optional>

#include "engine/data/array_images.h"
#include "engine/data/files.h"
#include "engine/data/image_set.h"
#include "engine/data/sniff.h"
#include "engine/error.h"
#include "engine/files/machine.h"
#include "engine/session/notes.h"

namespace grapevine {
namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::size_t most_dimensions = 8;
constexpr std::size_t longest_header = 4 + 4 * most_dimensions;

std::string hex(std::uint32_t word) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string text = "0x";
  for (int shift = 28; shift >= 0; shift -= 4) text += digits[(word >> shift) & 15u];
  return text;
}

std::optional<Element> element_of(unsigned type) {
  switch (type) {
    case 0x08:
      return Element::u8;
    case 0x09:
      return Element::i8;
    case 0x0B:
      return Element::i16;
    case 0x0C:
      return Element::i32;
    case 0x0D:
      return Element::f32;
    case 0x0E:
      return Element::f64;
    default:
      return std::nullopt;
  }
}

unsigned type_of(Element element) {
  for (unsigned type = 0x08; type <= 0x0E; ++type)
    if (element_of(type) == element) return type;
  return 0;
}

std::uint32_t word_at(const std::string& file, const Bytes& bytes, std::size_t offset) {
  if (bytes.size() < offset + 4)
    throw InputError(file + ": offset " + std::to_string(offset) + ": the file ends within its header (" +
                     std::to_string(bytes.size()) + " bytes); get it again");
  const std::uint8_t* p = bytes.data() + offset;
  return std::uint32_t{p[0]} << 24 | std::uint32_t{p[1]} << 16 | std::uint32_t{p[2]} << 8 | p[3];
}

NumberArray header_of(const std::string& file, const Bytes& bytes) {
  NumberArray array;
  array.source = file;
  const std::uint32_t magic = word_at(file, bytes, 0);
  const std::optional<Element> element = element_of(magic >> 8);
  const std::size_t dimensions = magic & 255u;
  if (!element || dimensions == 0 || dimensions > most_dimensions) {
    const std::string instead = in_its_place(bytes);
    throw InputError(file + ": offset 0: the magic number is " + hex(magic) +
                     ", expected 0x0000TTDD (type and dimensions, as 0x00000803)" +
                     (instead.empty() ? "; put an IDX file there" : instead));
  }
  array.element = *element;
  for (std::size_t d = 0; d < dimensions; ++d) array.shape.push_back(word_at(file, bytes, 4 + 4 * d));
  array.begins = 4 + 4 * dimensions;
  return array;
}

/// Bytes that the header announces; UINT64_MAX where 64 bits don't hold their number.
std::uint64_t announced(const NumberArray& array) {
  std::uint64_t size = size_of(array.element);
  for (const std::int64_t extent : array.shape)
    if (__builtin_mul_overflow(size, static_cast<std::uint64_t>(extent), &size)) return UINT64_MAX;
  return size;
}

}  // namespace

NumberArray read_idx_header(const std::string& file) {
  return header_of(file, read_beginning(file, longest_header));
}

NumberArray read_idx(const std::string& file) {
  NumberArray array = read_idx_header(file);
  const std::uint64_t size = announced(array);
  if (size != UINT64_MAX && size > static_cast<std::uint64_t>(memory_for_data()))
    throw InputError(file + ": offset 4: the header announces " +
                     with_separators(static_cast<std::int64_t>(size)) +
                     " bytes, more than this machine's memory takes");
  // One byte more shows a file that is too long, without unpacking all of it.
  const std::uint64_t wanted = size == UINT64_MAX ? array.begins : array.begins + size + 1;
  Bytes bytes = read_beginning(file, static_cast<std::size_t>(wanted));
  const std::uint64_t rest = bytes.size() - array.begins;
  if (rest != size) {
    const bool is_short = rest < size;
    throw InputError(file + ": offset " + std::to_string(array.begins) + ": " + std::to_string(rest) +
                     (is_short ? " bytes follow" : " bytes or more follow") +
                     " the header, which announces " + std::to_string(size) +
                     (is_short ? "; the file is cut short" : "; the file is damaged") + ", get it again");
  }
  if (size == 0)
    throw InputError(file + ": offset 4: the file announces no records; put one with records there");
  bytes.erase(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(array.begins));
  array.bytes = std::move(bytes);
  if (std::endian::native == std::endian::little && size_of(array.element) > 1) swap_bytes(array);
  return array;
}

ImageSet read_idx_pair(const std::string& image_file, const std::string& label_file, int classes) {
  const NumberArray images = read_idx(image_file), labels = read_idx(label_file);
  if (images.shape.size() == 1)
    throw InputError(image_file + ": offset 0: the magic number is " +
                     hex(std::uint32_t{type_of(images.element)} << 8 | 1u) +
                     ", expected 0x00000803 (images); put the right file there");
  if (images.rows() != labels.rows())
    throw InputError(label_file + ": offset 4: " + std::to_string(labels.rows()) + " labels for the " +
                     std::to_string(images.rows()) + " images of " + image_file +
                     "; put files of one set there");
  ArrayOptions options;
  options.classes = classes;
  return images_from({images, labels}, options);
}

}  // namespace grapevine
