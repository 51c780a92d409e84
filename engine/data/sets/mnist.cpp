// MNIST (LeCun et al. 1998), and what has its shape and classes. Sizes and MD5 sums are torchvision's.
#include "engine/data/idx_set.h"

namespace grapevine {

DataDescriptor describe_data_mnist() {
  return {.key = "mnist",
          .name = "MNIST",
          .help = "Handwritten digits, 28×28 grey, 10 classes",
          .train_count = 60000,
          .test_count = 10000,
          .how_to_get = "set data.dir to the folder that holds " + idx_file_names()};
}

DataSet data_set_mnist() {
  return idx_set(
      "mnist", "/usr/share/datasets/mnist",
      {"https://ossci-datasets.s3.amazonaws.com/mnist", "https://storage.googleapis.com/cvdf-datasets/mnist"},
      {9912422, 28881, 1648877, 4542},
      {"f68b3c2dcbeaaa9fbdd348bbdeb94873", "d53e105ee54ea40749a09fcbcd1e9432",
       "9fb629c4189551a2d022fa330f9573f3", "ec29112dd5afa0611ce80d1b7f02629c"});
}

}  // namespace grapevine
