// An image data set from its files.
#include "engine/data/data_set.h"
#include "engine/data/locate.h"
#include "engine/error.h"

namespace grapevine {
namespace {

void limit(ImageSet& set, std::int64_t count) {
  if (count <= 0 || count >= set.count()) return;
  set.labels.resize(static_cast<std::size_t>(count));
  set.pixels.resize(static_cast<std::size_t>(count * set.sample_size()));
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
  ImageData data = find_data_set(request.name)->read(request, *descriptor, find_data_files(request), hooks);
  for (ImageSet* set : {&data.train, &data.test}) check_shape(request, *set, *descriptor);
  limit(data.train, request.train_limit);
  limit(data.test, request.test_limit);
  return data;
}

}  // namespace grapevine
