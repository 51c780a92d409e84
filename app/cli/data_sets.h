// Which data sets are on this machine: for datasets and doctor. Any thread; touches the disk.
#pragma once

#include <string>
#include <vector>

#include "engine/experiment/registry.h"
#include "engine/session/progress.h"

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
/// Small files are read, so that damage shows; of text and trees of images it is enough that they are there,
/// unless they are to be read `through`, which takes a minute. Throws WorkStopped when asked to stop.
DataSetState look_for_data_set(const DataDescriptor& known, bool through = false,
                               const WorkHooks& hooks = {});
std::vector<DataSetState> look_for_data_sets();

}  // namespace grapevine::cli
