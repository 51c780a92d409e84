// Fashion-MNIST (Xiao et al. 2017): MNIST's files with articles of clothing. Sizes and MD5 sums are
// torchvision's.
#include "engine/data/idx_set.h"

namespace grapevine {

DataDescriptor describe_data_fashion_mnist() {
  return {.key = "fashion_mnist",
          .name = "Fashion-MNIST",
          .help = "Articles of clothing, 28×28 grey, 10 classes",
          .train_count = 60000,
          .test_count = 10000,
          .how_to_get =
              "install Debian's package dataset-fashion-mnist, or set data.dir to the folder that "
              "holds " +
              idx_file_names()};
}

DataSet data_set_fashion_mnist() {
  return idx_set("fashion_mnist", "/usr/share/datasets/fashion-mnist",
                 {"https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion",
                  "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com"},
                 {26421880, 29515, 4422102, 5148},
                 {"8d4fb7e6c68d591d4c3dfef9ec88bf0d", "25c81989df183df01b3e8a0aad5dffbe",
                  "bef4ecab320f06d8554ea6380940ec79", "bb300cfdad3c16e7a12a480ee83cd310"});
}

}  // namespace grapevine
