// Each image data set from its files.
#include "engine/data/image_set.h"
#include "engine/data/notes.h"
#include "engine/data/places.h"
#include "engine/error.h"
#include "engine/training/registry.h"

namespace grapevine {
namespace {

constexpr std::int64_t shapes_train = 10000, shapes_test = 2000;

// The four roles of a data set's files, each with the names it may have.
std::vector<std::string> idx_names(const std::string& stem) {
  std::string dotted = stem;  // some copies write "train-images.idx3-ubyte"
  dotted.replace(dotted.rfind("-idx"), 1, ".");
  return {stem, stem + ".gz", dotted, dotted + ".gz"};
}

void limit(ImageSet& set, std::int64_t count) {
  if (count <= 0 || count >= set.count()) return;
  set.labels.resize(static_cast<std::size_t>(count));
  set.pixels.resize(static_cast<std::size_t>(count * set.sample_size()));
}

void note_slice(ImageSet& set, std::int64_t published) {
  if (published > 0 && set.count() < published)
    set.note = with_separators(set.count()) + " of " + with_separators(published) + ": a slice";
}

ImageData load_idx(const DataRequest& request, int classes) {
  const std::vector<std::string> files =
      find_files(request,
                 {Layout{{idx_names("train-images-idx3-ubyte"), idx_names("train-labels-idx1-ubyte"),
                          idx_names("t10k-images-idx3-ubyte"), idx_names("t10k-labels-idx1-ubyte")}}})
          .files;
  return {read_idx_pair(files[0], files[1], classes), read_idx_pair(files[2], files[3], classes)};
}

ImageData load_cifar10(const DataRequest& request, int classes) {
  Layout binary;
  for (int i = 1; i <= 5; ++i) binary.roles.push_back({"data_batch_" + std::to_string(i) + ".bin"});
  binary.roles.push_back({"test_batch.bin"});
  std::vector<std::string> files = find_files(request, {binary}).files;
  const std::string test = files.back();
  files.pop_back();
  return {read_cifar(files, 1, classes), read_cifar({test}, 1, classes)};
}

ImageData load_cifar100(const DataRequest& request, int classes) {
  const std::vector<std::string> files = find_files(request, {Layout{{{"train.bin"}, {"test.bin"}}}}).files;
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
  if (descriptor->text) throw InputError("data.name: " + descriptor->name + " is text, which has no images");
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
