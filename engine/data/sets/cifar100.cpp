// CIFAR-100 (Krizhevsky 2009), its fine labels or the groups of five that they are in. The MD5 sum is the
// CIFAR page's.
#include "engine/data/cifar_set.h"

namespace grapevine {

DataDescriptor describe_data_cifar100() {
  return {.key = "cifar100",
          .name = "CIFAR-100",
          .help = "Natural images, 32×32 colour, 100 classes, or 20 with data.labels=coarse",
          .channels = 3,
          .height = 32,
          .width = 32,
          .classes = 100,
          .train_count = 50000,
          .test_count = 10000,
          .how_to_get =
              "set data.dir to the folder that holds train.bin and test.bin (the official binary "
              "version), or train and test (the python version)",
          .coarse_classes = 20};
}

DataSet data_set_cifar100() {
  return {.layouts = cifar_layouts({"train", "test"}),
          .source = cifar_source("cifar100", "cifar-100-binary.tar.gz", 168513733,
                                 "03b5dce01913d631647c71ecec9e9cb8"),
          .read = [](const DataRequest& request, const DataDescriptor& data, const FoundFiles& found,
                     const WorkHooks&) {
            const CifarLabel fine{2, 1, "fine_labels", data.classes},
                coarse{2, 0, "coarse_labels", data.coarse_classes};
            return read_cifar_set(data, found, request.coarse_labels ? coarse : fine);
          }};
}

}  // namespace grapevine
