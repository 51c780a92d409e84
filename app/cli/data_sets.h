// Which data sets are on this machine: for datasets and doctor. Any thread; touches the disk.
#pragma once

#include <string>
#include <vector>

#include "engine/training/registry.h"

namespace grapevine::cli {

struct DataSetState {
  std::string key;
  bool present = false;
  std::string folder;                ///< where it is; "" when it is nowhere, or made on the fly
  std::vector<std::string> folders;  ///< where it was looked for
  std::string trouble;               ///< why not: what is missing, or damaged
  std::string command;               ///< that gets it; "" when there is none
  std::string how_to_get;            ///< command, and by hand
};
DataSetState look_for_data_set(const DataDescriptor& known);
std::vector<DataSetState> look_for_data_sets();

}  // namespace grapevine::cli
