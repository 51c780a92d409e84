// What CIFAR-10 and CIFAR-100 share: two layouts, the official binary one and python's pickles, whose names
// have no ending. Plain C++; any thread.
#pragma once

#include "engine/data/data_set.h"

namespace grapevine {

/// `stems`: the names of the files without their endings, the test's last.
std::vector<Layout> cifar_layouts(const std::vector<std::string>& stems);
/// Where a record of either layout has its label.
struct CifarLabel {
  int bytes;        ///< that a binary record has of labels
  int at;           ///< which of them
  const char* key;  ///< of a pickle's list
  int classes;
};
/// The files of either layout.
ImageData read_cifar_set(const DataDescriptor& data, const FoundFiles& found, const CifarLabel& label);
/// The archive of its authors.
DataSource cifar_source(const char* key, const char* name, std::int64_t size, const char* sum);

}  // namespace grapevine
