// Where each data set's files are looked for, and what is said when they are not there.
#include <cstdlib>
#include <filesystem>

#include "engine/data/files.h"
#include "engine/data/image_set.h"
#include "engine/error.h"
#include "engine/training/registry.h"

namespace grapevine {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t shapes_train = 10000, shapes_test = 2000;

std::vector<std::string> usual_folders(const DataRequest& request) {
  if (!request.dir.empty()) return {request.dir};
  std::vector<std::string> folders;
  const char* cache = std::getenv("XDG_CACHE_HOME");
  const char* home = std::getenv("HOME");
  if (cache && *cache)
    folders.push_back(std::string(cache) + "/grapevine/" + request.name);
  else if (home && *home)
    folders.push_back(std::string(home) + "/.cache/grapevine/" + request.name);
  if (request.name == "fashion_mnist") folders.push_back("/usr/share/datasets/fashion-mnist");
  if (request.name == "mnist") folders.push_back("/usr/share/datasets/mnist");
  return folders;
}

// The four roles of a data set's files, each with the names it may have.
std::vector<std::string> idx_names(const std::string& stem) {
  std::string dotted = stem;  // some copies write "train-images.idx3-ubyte"
  dotted.replace(dotted.rfind("-idx"), 1, ".");
  return {stem, stem + ".gz", dotted, dotted + ".gz"};
}

[[noreturn]] void not_there(const DataRequest& request, const std::vector<std::string>& folders,
                            const std::string& missing) {
  const DataDescriptor* data = find_data(request.name);
  std::string looked;
  for (const auto& folder : folders) looked += (looked.empty() ? "" : ", ") + folder;
  throw InputError("data set " + request.name + ": " + missing + " is not in " + looked +
                   ". To get it: " + data->how_to_get + ". data.name=shapes needs no files");
}

// Every file by role, from the first folder that has one of them.
std::vector<std::string> find_files(const DataRequest& request,
                                    const std::vector<std::vector<std::string>>& roles) {
  const std::vector<std::string> folders = usual_folders(request);
  for (const std::string& folder : folders) {
    std::vector<std::string> found;
    std::string missing;
    for (const auto& names : roles) {
      const std::string file = first_existing(folder, names);
      if (file.empty() && missing.empty()) missing = names.front();
      if (!file.empty()) found.push_back(file);
    }
    if (missing.empty()) return found;
    if (!found.empty()) not_there(request, {folder}, missing);
  }
  not_there(request, folders, roles.front().front());
}

void limit(ImageSet& set, std::int64_t count) {
  if (count <= 0 || count >= set.count()) return;
  set.labels.resize(static_cast<std::size_t>(count));
  set.pixels.resize(static_cast<std::size_t>(count * set.sample_size()));
}

std::string grouped(std::int64_t number) {
  std::string digits = std::to_string(number);
  for (int i = static_cast<int>(digits.size()) - 3; i > 0; i -= 3)
    digits.insert(static_cast<std::size_t>(i), ",");
  return digits;
}

void note_slice(ImageSet& set, std::int64_t published) {
  if (published > 0 && set.count() < published)
    set.note = grouped(set.count()) + " of " + grouped(published) + ": a slice";
}

ImageData load_idx(const DataRequest& request, int classes) {
  const std::vector<std::string> files =
      find_files(request, {idx_names("train-images-idx3-ubyte"), idx_names("train-labels-idx1-ubyte"),
                           idx_names("t10k-images-idx3-ubyte"), idx_names("t10k-labels-idx1-ubyte")});
  return {read_idx_pair(files[0], files[1], classes), read_idx_pair(files[2], files[3], classes)};
}

ImageData load_cifar10(const DataRequest& request, int classes) {
  std::vector<std::vector<std::string>> roles;
  for (int i = 1; i <= 5; ++i) roles.push_back({"data_batch_" + std::to_string(i) + ".bin"});
  roles.push_back({"test_batch.bin"});
  std::vector<std::string> files = find_files(request, roles);
  const std::string test = files.back();
  files.pop_back();
  return {read_cifar(files, 1, classes), read_cifar({test}, 1, classes)};
}

ImageData load_cifar100(const DataRequest& request, int classes) {
  const std::vector<std::string> files = find_files(request, {{"train.bin"}, {"test.bin"}});
  return {read_cifar({files[0]}, 2, classes), read_cifar({files[1]}, 2, classes)};
}

ImageData load_shapes(const DataRequest& request, int classes) {
  const std::int64_t train = request.train_limit > 0 ? request.train_limit : shapes_train;
  const std::int64_t test = request.test_limit > 0 ? request.test_limit : shapes_test;
  // Test images lie far behind all training images of the same seed: nothing is shared.
  constexpr std::int64_t test_begins = std::int64_t{1} << 40;
  return {make_shapes(request.seed, 0, train, classes),
          make_shapes(request.seed, test_begins, test, classes)};
}

void check_shape(const DataRequest& request, const ImageSet& set, const DataDescriptor& data) {
  if (set.channels == data.channels && set.height == data.height && set.width == data.width) return;
  throw InputError("data set " + request.name + ": the files hold images of " + std::to_string(set.channels) +
                   "×" + std::to_string(set.height) + "×" + std::to_string(set.width) + ", expected " +
                   std::to_string(data.channels) + "×" + std::to_string(data.height) + "×" +
                   std::to_string(data.width));
}

}  // namespace

ImageData load_images(const DataRequest& request) {
  const DataDescriptor* descriptor = find_data(request.name);
  if (!descriptor) throw InputError("data.name: there is no data set '" + request.name + "'");
  std::error_code none;
  if (!request.dir.empty() && request.name != "shapes" && !fs::is_directory(request.dir, none))
    throw InputError("data.dir=" + request.dir + ": there is no such folder. To get " + descriptor->name +
                     ": " + descriptor->how_to_get + ". data.name=shapes needs no files");
  ImageData data;
  if (request.name == "shapes")
    data = load_shapes(request, request.classes > 0 ? request.classes : descriptor->classes);
  else if (request.name == "cifar100")
    data = load_cifar100(request, descriptor->classes);
  else if (request.name == "cifar10")
    data = load_cifar10(request, descriptor->classes);
  else
    data = load_idx(request, descriptor->classes);
  for (ImageSet* set : {&data.train, &data.test}) check_shape(request, *set, *descriptor);
  note_slice(data.train, descriptor->train_count);
  note_slice(data.test, descriptor->test_count);
  limit(data.train, request.train_limit);
  limit(data.test, request.test_limit);
  return data;
}

}  // namespace grapevine
