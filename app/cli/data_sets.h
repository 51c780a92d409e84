// Which data sets are on this machine: for datasets and doctor. Any thread; touches the disk.
#pragma once

#include <string>
#include <vector>

namespace grapevine::cli {

struct DataSetState {
  std::string key;
  bool present = false;
  std::string trouble;  ///< why not: what is missing, or damaged
  std::string how_to_get;
};
std::vector<DataSetState> look_for_data_sets();

}  // namespace grapevine::cli
