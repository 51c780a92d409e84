#include "engine/data/idx_set.h"

#include <iterator>

namespace grapevine {
namespace {

constexpr const char* stems[] = {"train-images-idx3-ubyte", "train-labels-idx1-ubyte",
                                 "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"};

std::vector<std::string> names_of(const std::string& stem) {
  std::string dotted = stem;  // some copies write "train-images.idx3-ubyte"
  dotted[dotted.rfind("-idx")] = '.';
  return {stem, stem + ".gz", dotted, dotted + ".gz"};
}

ImageData read(const DataRequest&, const DataDescriptor& data, const FoundFiles& found, const WorkHooks&) {
  const std::vector<std::string>& files = found.files;
  ImageData images{read_idx_pair(files[0], files[1], data.classes),
                   read_idx_pair(files[2], files[3], data.classes)};
  note_slices(images, data);
  return images;
}

}  // namespace

std::string idx_file_names() {
  std::string names;
  for (std::size_t i = 0; i < std::size(stems); ++i) {
    if (i > 0) names += i + 1 < std::size(stems) ? ", " : " and ";
    names += stems[i];
  }
  return names.append(" (plain or .gz)");
}

DataSet idx_set(const char* key, const char* package_folder, const std::vector<std::string>& addresses,
                const std::int64_t (&sizes)[4], const char* const (&sums)[4]) {
  DataSource source;
  source.key = key;
  Layout layout;
  for (int i = 0; i < 4; ++i) {
    source.files.push_back({std::string(stems[i]) + ".gz", addresses, sizes[i], sums[i]});
    layout.roles.push_back(names_of(stems[i]));
  }
  return {.layouts = {layout}, .folders = {package_folder}, .source = source, .read = read};
}

}  // namespace grapevine
