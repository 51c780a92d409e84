// Each image data set from its files.
#include "engine/data/image_set.h"
#include "engine/data/locate.h"
#include "engine/error.h"
#include "engine/experiment/registry.h"
#include "engine/session/notes.h"

namespace grapevine {
namespace {

constexpr std::int64_t shapes_train = 10000, shapes_test = 2000;

void limit(ImageSet& set, std::int64_t count) {
  if (count <= 0 || count >= set.count()) return;
  set.labels.resize(static_cast<std::size_t>(count));
  set.pixels.resize(static_cast<std::size_t>(count * set.sample_size()));
}

ImageData load_idx(const DataRequest& request, int classes) {
  const std::vector<std::string> files = find_data_files(request).files;
  return {read_idx_pair(files[0], files[1], classes), read_idx_pair(files[2], files[3], classes)};
}

/// Both of CIFAR's layouts; the test file is the last.
ImageData load_cifar(const DataRequest& request, int label_bytes, int classes) {
  const FoundFiles found = find_data_files(request);
  const auto read = [&](const std::vector<std::string>& files) {
    return found.layout == 0
               ? read_cifar(files, label_bytes, classes)
               : read_cifar_pickles(files, label_bytes == 1 ? "labels" : "fine_labels", classes);
  };
  return {read({found.files.begin(), found.files.end() - 1}), read({found.files.back()})};
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

ImageData load_images(const DataRequest& request, const WorkHooks& hooks) {
  const DataDescriptor* descriptor = find_data(request.name);
  if (!descriptor) throw InputError("data.name: there is no data set '" + request.name + "'");
  if (descriptor->text) throw InputError("data.name: " + descriptor->name + " is text, which has no images");
  ImageData data;
  if (request.name == "shapes")
    data = load_shapes(request, request.classes > 0 ? request.classes : descriptor->classes);
  else if (request.name == "tiny_imagenet")
    data = read_tiny_imagenet(request, descriptor->classes, descriptor->train_count, descriptor->test_count,
                              hooks);
  else if (request.name == "cifar100")
    data = load_cifar(request, 2, descriptor->classes);
  else if (request.name == "cifar10")
    data = load_cifar(request, 1, descriptor->classes);
  else
    data = load_idx(request, descriptor->classes);
  for (ImageSet* set : {&data.train, &data.test}) check_shape(request, *set, *descriptor);
  if (request.name != "tiny_imagenet") {  // which may have read a part only, and notes it itself
    note_slice(data.train.note, data.train.count(), descriptor->train_count);
    note_slice(data.test.note, data.test.count(), descriptor->test_count);
  }
  limit(data.train, request.train_limit);
  limit(data.test, request.test_limit);
  return data;
}

}  // namespace grapevine
