// datasets get NAME. Main thread only.
#pragma once

#include <string>
#include <vector>

#include "app/cli/options.h"

namespace grapevine::cli {

struct DatasetsOptions {
  std::string action;  ///< "" = list them, or get
  std::string name;    ///< get: the data set
  std::string from;    ///< get: a mirror, "" = the published places
};

/// Fetches, checks and unpacks a data set; returns the exit status.
int fetch_data_set(const Options& options, const DatasetsOptions& own);

}  // namespace grapevine::cli
