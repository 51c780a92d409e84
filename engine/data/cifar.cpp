// CIFAR's official binary layout: records of label bytes, then 3 × 32 × 32 pixel bytes, channel first.
#include "engine/data/files.h"
#include "engine/data/image_set.h"
#include "engine/error.h"

namespace grapevine {

ImageSet read_cifar(const std::vector<std::string>& files, int label_bytes, int classes) {
  constexpr std::size_t image_bytes = 3 * 32 * 32;
  const std::size_t record = image_bytes + static_cast<std::size_t>(label_bytes);
  ImageSet set;
  set.channels = 3;
  set.height = set.width = 32;
  set.classes = classes;
  for (const std::string& file : files) {
    const std::vector<std::uint8_t> bytes = read_file(file);
    if (bytes.size() % record != 0 || bytes.empty())
      throw InputError(file + ": offset " + std::to_string(bytes.size() / record * record) + ": " +
                       std::to_string(bytes.size()) + " bytes are no whole number of records of " +
                       std::to_string(record) + " bytes; the file is cut short or of another format");
    for (std::size_t at = 0; at < bytes.size(); at += record) {
      // CIFAR-100 has the coarse label first; the fine one is the class.
      const std::size_t label_at = at + static_cast<std::size_t>(label_bytes) - 1;
      if (bytes[label_at] >= classes)
        throw InputError(file + ": offset " + std::to_string(label_at) + ": label " +
                         std::to_string(bytes[label_at]) + " is out of range, expected 0 to " +
                         std::to_string(classes - 1) + "; the file is damaged or of another data set");
      set.labels.push_back(bytes[label_at]);
      const auto pixels = bytes.begin() + static_cast<std::ptrdiff_t>(at) + label_bytes;
      set.pixels.insert(set.pixels.end(), pixels, pixels + image_bytes);
    }
  }
  return set;
}

}  // namespace grapevine
