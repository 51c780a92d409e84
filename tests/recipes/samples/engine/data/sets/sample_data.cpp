// A sample: 8×8 grey images with one bright column, which is the class; made on the fly.
#include "engine/data/data_set.h"

namespace grapevine {
namespace {

constexpr int side = 8;

ImageSet columns(std::int64_t count, int classes) {
  ImageSet set;
  set.height = set.width = side;
  set.classes = classes;
  for (std::int64_t i = 0; i < count; ++i) {
    const int label = static_cast<int>(i % classes);
    set.labels.push_back(label);
    for (int pixel = 0; pixel < side * side; ++pixel)
      set.pixels.push_back(pixel % side == label ? 200 : static_cast<std::uint8_t>((i * 7 + pixel * 3) % 50));
  }
  return set;
}

ImageData make(const DataRequest& request, const DataDescriptor& data, const FoundFiles&, const WorkHooks&) {
  const std::int64_t train = request.train_limit > 0 ? request.train_limit : 1000;
  const std::int64_t test = request.test_limit > 0 ? request.test_limit : 200;
  return {columns(train, data.classes), columns(test, data.classes)};
}

}  // namespace

DataDescriptor describe_data_sample_data() {
  return {.key = "sample_data",
          .name = "Sample data",
          .help = "One bright column of eight, 8×8 grey; made on the fly, needs no files",
          .channels = 1,
          .height = side,
          .width = side,
          .classes = side,
          .how_to_get = "nothing to get: it is made on the fly"};
}

DataSet data_set_sample_data() {
  return {.read = make};
}

}  // namespace grapevine
