// CIFAR's official binary layout: records of label bytes, then 3 × 32 × 32 pixel bytes, channel first.
#include "engine/data/files.h"
#include "engine/data/image_set.h"
#include "engine/data/sniff.h"
#include "engine/error.h"

namespace grapevine {

ImageSet read_cifar(const std::vector<std::string>& files, int label_bytes, int classes, int label_at) {
  constexpr std::size_t image_bytes = 3 * 32 * 32;
  const std::size_t record = image_bytes + static_cast<std::size_t>(label_bytes);
  ImageSet set;
  set.channels = 3;
  set.height = set.width = 32;
  set.classes = classes;
  for (const std::string& file : files) {
    const std::vector<std::uint8_t> bytes = read_file(file);
    const std::string instead = bytes.size() % record != 0 || bytes.empty() ? in_its_place(bytes) : "";
    if (bytes.size() % record != 0 || bytes.empty())
      throw InputError(file + ": offset " + std::to_string(bytes.size() / record * record) + ": " +
                       std::to_string(bytes.size()) + " bytes are not a multiple of the record size of " +
                       std::to_string(record) + " bytes" +
                       (instead.empty() ? "; the file is cut short or of another format" : instead));
    for (std::size_t at = 0; at < bytes.size(); at += record) {
      const std::size_t place = at + static_cast<std::size_t>(label_at < 0 ? label_bytes - 1 : label_at);
      if (bytes[place] >= classes)
        throw InputError(file + ": offset " + std::to_string(place) + ": label " +
                         std::to_string(bytes[place]) + " is out of range, expected 0 to " +
                         std::to_string(classes - 1) + "; the file is damaged or of another data set");
      set.labels.push_back(bytes[place]);
      const auto pixels = bytes.begin() + static_cast<std::ptrdiff_t>(at) + label_bytes;
      set.pixels.insert(set.pixels.end(), pixels, pixels + image_bytes);
    }
  }
  return set;
}

}  // namespace grapevine
