// An image data set from its files.
#include "engine/data/data_set.h"
#include "engine/data/limits.h"
#include "engine/data/locate.h"
#include "engine/data/own_files.h"
#include "engine/data/resample.h"
#include "engine/error.h"
#include "engine/files/memory.h"

namespace grapevine {
namespace {

void check_shape(const DataRequest& request, const ImageSet& set, const DataDescriptor& data) {
  if (set.channels == data.channels && set.height == data.height && set.width == data.width) return;
  throw InputError("data set " + request.name + ": the files hold images of " + std::to_string(set.channels) +
                   "×" + std::to_string(set.height) + "×" + std::to_string(set.width) + ", expected " +
                   std::to_string(data.channels) + "×" + std::to_string(data.height) + "×" +
                   std::to_string(data.width) + " (data.name=idx reads any size)");
}

/// Images that are to become square keep their middle.
void crop_middle(ImageSet& set) {
  if (set.height == set.width || set.count() == 0) return;
  std::vector<std::uint8_t> pixels;
  Picture picture{{set.channels, set.height, set.width}, {}};
  const auto size = static_cast<std::ptrdiff_t>(set.sample_size());
  for (std::ptrdiff_t i = 0; i < set.count(); ++i) {
    picture.planes.assign(set.pixels.begin() + i * size, set.pixels.begin() + (i + 1) * size);
    const Picture square = middle_square(picture);
    pixels.insert(pixels.end(), square.planes.begin(), square.planes.end());
  }
  set.height = set.width = std::min(set.height, set.width);
  set.pixels = std::move(pixels);
}

void note_classes(const DataRequest& request, ImageSet& train, bool limited) {
  const std::string words = classes_left_out(train);
  if (words.empty()) return;
  train.note += (train.note.empty() ? "" : "; ") + words;
  if (limited && !request.balanced) train.note += "; data.limit_order=balanced takes as many of each";
}

ImageData loaded(const DataRequest& request, const DataDescriptor& descriptor, const WorkHooks& hooks) {
  const FoundFiles found = find_data_files(request);
  ImageData data = find_data_set(request.name)->read(request, descriptor, found, hooks);
  const std::int64_t before = data.train.count();
  limit_records(data.train, request.train_limit, request.balanced);
  limit_records(data.test, request.test_limit, request.balanced);
  if (descriptor.own)
    demand_test_data(request, data.test.count() > 0);
  else
    for (ImageSet* set : {&data.train, &data.test}) check_shape(request, *set, descriptor);
  if (request.resize > 0)
    for (ImageSet* set : {&data.train, &data.test}) crop_middle(*set);
  note_classes(request, data.train, data.train.count() < before || request.train_limit == before);
  return data;
}

const DataDescriptor& described(const DataRequest& request) {
  const DataDescriptor* descriptor = find_data(request.name);
  if (!descriptor) throw InputError("data.name: there is no data set '" + request.name + "'");
  if (descriptor->text) throw InputError("data.name: " + descriptor->name + " is text, which has no images");
  return *descriptor;
}

}  // namespace

ImageFacts image_facts(const DataRequest& request) {
  const DataDescriptor& data = described(request);
  if (!data.own)
    return {data.channels, data.height, data.width,
            static_cast<int>(data.classes_among(request.classes, request.coarse_labels))};
  return within_memory("the data set ", place_or_name(request), [&] {
    const ImageSet set = find_data_set(request.name)->outline(request, find_data_files(request)).train;
    return ImageFacts{set.channels, set.height, set.width, set.classes};
  });
}

ImageData load_images(const DataRequest& request, const WorkHooks& hooks) {
  const DataDescriptor& descriptor = described(request);
  return within_memory(
      "the data set ", place_or_name(request), [&] { return loaded(request, descriptor, hooks); },
      descriptor.own ? "set data.train_limit and data.test_limit, or a smaller data.resize"
                     : "set data.train_limit and data.test_limit");
}

}  // namespace grapevine
