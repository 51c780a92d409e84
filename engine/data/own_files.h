// The user's own files (data.name=images, idx, npz, text): the folder that is to hold them, and what is said
// when it doesn't. Any thread may call.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/data/data_request.h"

namespace grapevine {

/// data.dir, which must be there: a folder, or a file where `or_file`. Throws InputError.
std::string own_place(const DataRequest& request, bool or_file = false);
/// Throws InputError where there are no test data and data.validation holds none out.
void demand_test_data(const DataRequest& request, bool has_test_data);
/// Names of the plain files in a folder (or of the folders), without dot files, sorted.
std::vector<std::string> files_in(const std::string& folder);
std::vector<std::string> folders_in(const std::string& folder);
/// Throws InputError: `wanted` is not in the folder; where else it is (`fits` says of a folder whether it is
/// there), or what the folder holds.
[[noreturn]] void nothing_there(const DataRequest& request, const std::string& folder,
                                const std::string& wanted,
                                const std::function<bool(const std::string&)>& fits);
/// A word of a name that says a file's part or kind: "train" in "qmnist-train-images".
bool name_has(const std::string& lower_case_name, const std::vector<const char*>& words);

}  // namespace grapevine
