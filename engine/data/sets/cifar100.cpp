// CIFAR-100 (Krizhevsky 2009), its fine labels. The MD5 sum is the CIFAR page's.
#include "engine/data/cifar_set.h"

namespace grapevine {

DataDescriptor describe_data_cifar100() {
  return {.key = "cifar100",
          .name = "CIFAR-100",
          .help = "Natural images, 32×32 colour, 100 classes",
          .channels = 3,
          .height = 32,
          .width = 32,
          .classes = 100,
          .train_count = 50000,
          .test_count = 10000,
          .how_to_get =
              "set data.dir to the folder that holds train.bin and test.bin (the official binary "
              "version), or train and test (the python version)"};
}

DataSet data_set_cifar100() {
  return {.layouts = cifar_layouts({"train", "test"}),
          .source = cifar_source("cifar100", "cifar-100-binary.tar.gz", 168513733,
                                 "03b5dce01913d631647c71ecec9e9cb8"),
          .read = [](const DataRequest&, const DataDescriptor& data, const FoundFiles& found,
                     const WorkHooks&) { return read_cifar_set(data, found, 2, "fine_labels"); }};
}

}  // namespace grapevine
