// What CIFAR-10 and CIFAR-100 share: two layouts, the official binary one and python's pickles, whose names
// have no ending. Plain C++; any thread.
#pragma once

#include "engine/data/data_set.h"

namespace grapevine {

/// `stems`: the names of the files without their endings, the test's last.
std::vector<Layout> cifar_layouts(const std::vector<std::string>& stems);
/// The files of either layout. `label_bytes` of a binary record, `label_key` of a pickle.
ImageData read_cifar_set(const DataDescriptor& data, const FoundFiles& found, int label_bytes,
                         const char* label_key);
/// The archive of its authors.
DataSource cifar_source(const char* key, const char* name, std::int64_t size, const char* sum);

}  // namespace grapevine
