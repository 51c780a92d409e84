// CIFAR-10 (Krizhevsky 2009). The MD5 sum is the CIFAR page's.
#include "engine/data/cifar_set.h"

namespace grapevine {

DataDescriptor describe_data_cifar10() {
  return {.key = "cifar10",
          .name = "CIFAR-10",
          .help = "Natural images, 32×32 colour, 10 classes",
          .channels = 3,
          .height = 32,
          .width = 32,
          .train_count = 50000,
          .test_count = 10000,
          .how_to_get =
              "set data.dir to the folder that holds data_batch_1.bin … data_batch_5.bin and test_batch.bin "
              "(the official binary version), or the same names without .bin (the python version)"};
}

DataSet data_set_cifar10() {
  return {
      .layouts = cifar_layouts(
          {"data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5", "test_batch"}),
      .source =
          cifar_source("cifar10", "cifar-10-binary.tar.gz", 170052171, "c32a1d4ab5d03f1284b67883e8d87530"),
      .read = [](const DataRequest&, const DataDescriptor& data, const FoundFiles& found, const WorkHooks&) {
        return read_cifar_set(data, found, {1, 0, "labels", data.classes});
      }};
}

}  // namespace grapevine
