#include "engine/data/cifar_set.h"

namespace grapevine {

std::vector<Layout> cifar_layouts(const std::vector<std::string>& stems) {
  Layout binary, pickles;
  for (const std::string& stem : stems) {
    binary.roles.push_back({stem + ".bin"});
    pickles.roles.push_back({stem});
  }
  return {binary, pickles};
}

ImageData read_cifar_set(const DataDescriptor& data, const FoundFiles& found, const CifarLabel& label) {
  const auto read = [&](const std::vector<std::string>& files) {
    return found.layout == 0 ? read_cifar(files, label.bytes, label.classes, label.at)
                             : read_cifar_pickles(files, label.key, label.classes);
  };
  ImageData images{read({found.files.begin(), found.files.end() - 1}), read({found.files.back()})};
  note_slices(images, data);
  return images;
}

DataSource cifar_source(const char* key, const char* name, std::int64_t size, const char* sum) {
  constexpr std::int64_t unpacked = 185'000'000;
  return {key, {{name, {"https://www.cs.toronto.edu/~kriz"}, size, sum}}, true, unpacked};
}

}  // namespace grapevine
