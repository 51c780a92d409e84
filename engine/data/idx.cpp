// IDX, the format of MNIST and its relatives: magic 0x0000TTDD (type, number of dimensions), big-endian
// extents, bytes.
#include "engine/data/files.h"
#include "engine/data/image_set.h"
#include "engine/error.h"

namespace grapevine {
namespace {

constexpr std::uint32_t image_magic = 0x00000803, label_magic = 0x00000801;

std::string hex(std::uint32_t word) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string text = "0x";
  for (int shift = 28; shift >= 0; shift -= 4) text += digits[(word >> shift) & 15u];
  return text;
}

class IdxFile {
 public:
  IdxFile(const std::string& file, std::uint32_t magic, int dimensions)
      : file_(file), bytes_(read_file(file)) {
    const std::uint32_t found = word(0);
    if (found != magic)
      throw InputError(file + ": offset 0: the magic number is " + hex(found) + ", expected " + hex(magic) +
                       (dimensions == 3 ? " (images)" : " (labels)") + "; put the right file there");
    std::uint64_t size = 1;
    for (int d = 0; d < dimensions; ++d) {
      extents_.push_back(word(4 + 4 * static_cast<std::size_t>(d)));
      // Three extents of 32 bits may not fit: then no file is that long.
      if (__builtin_mul_overflow(size, std::uint64_t{extents_.back()}, &size)) size = UINT64_MAX;
    }
    start_ = 4 + 4 * static_cast<std::size_t>(dimensions);
    const std::size_t rest = bytes_.size() - start_;
    if (rest != size)
      throw InputError(file + ": offset " + std::to_string(start_) + ": " + std::to_string(rest) +
                       " bytes follow the header, which announces " + std::to_string(size) +
                       (rest < size ? "; the file is cut short" : "; the file is damaged") +
                       ", get it again");
    if (size == 0)
      throw InputError(file + ": offset 4: the file announces no records; put one with records there");
  }
  std::uint32_t extent(std::size_t d) const { return extents_[d]; }
  const std::uint8_t* data() const { return bytes_.data() + start_; }
  std::size_t start() const { return start_; }

 private:
  std::uint32_t word(std::size_t offset) const {
    if (bytes_.size() < offset + 4)
      throw InputError(file_ + ": offset " + std::to_string(offset) + ": the file ends within its header (" +
                       std::to_string(bytes_.size()) + " bytes); get it again");
    const std::uint8_t* p = bytes_.data() + offset;
    return std::uint32_t{p[0]} << 24 | std::uint32_t{p[1]} << 16 | std::uint32_t{p[2]} << 8 | p[3];
  }

  std::string file_;
  std::vector<std::uint8_t> bytes_;
  std::vector<std::uint32_t> extents_;
  std::size_t start_ = 0;
};

}  // namespace

ImageSet read_idx_pair(const std::string& image_file, const std::string& label_file, int classes) {
  const IdxFile images(image_file, image_magic, 3), labels(label_file, label_magic, 1);
  if (images.extent(0) != labels.extent(0))
    throw InputError(label_file + ": offset 4: " + std::to_string(labels.extent(0)) + " labels for the " +
                     std::to_string(images.extent(0)) + " images of " + image_file +
                     "; put files of one set there");
  ImageSet set;
  set.height = static_cast<int>(images.extent(1));
  set.width = static_cast<int>(images.extent(2));
  set.classes = classes;
  const std::size_t count = images.extent(0);
  set.pixels.assign(images.data(), images.data() + count * images.extent(1) * images.extent(2));
  set.labels.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    if (labels.data()[i] >= classes)
      throw InputError(label_file + ": offset " + std::to_string(labels.start() + i) + ": label " +
                       std::to_string(labels.data()[i]) + " is out of range, expected 0 to " +
                       std::to_string(classes - 1) + "; the file is damaged or of another data set");
    set.labels.push_back(labels.data()[i]);
  }
  return set;
}

}  // namespace grapevine
