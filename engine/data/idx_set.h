// What data sets in IDX files share: MNIST's four files. Plain C++; any thread.
#pragma once

#include "engine/data/data_set.h"

namespace grapevine {

/// "train-images-idx3-ubyte, … (plain or .gz)"
std::string idx_file_names();
/// Sizes and MD5 sums: of training images and labels, of test images and labels.
DataSet idx_set(const char* key, const char* package_folder, const std::vector<std::string>& addresses,
                const std::int64_t (&sizes)[4], const char* const (&sums)[4]);

}  // namespace grapevine
