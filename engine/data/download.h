// A data set from its source to its folder. Blocks its thread, which should not be the window's; one download
// of a data set at a time, in all programs together.
#pragma once

#include <string>

#include "engine/data/data_source.h"
#include "engine/session/progress.h"

namespace grapevine {

struct DownloadOptions {
  std::string from;  ///< address of a folder (a mirror) used instead of the published ones; "" = those
  int attempts = 5;
  double pause = 1, stall = 60;  ///< seconds, see fetch.h
};

struct Downloaded {
  bool stopped = false;  ///< asked to stop: what has arrived is kept and continues the next time
  std::string folder;    ///< download_folder(key), complete
  std::string kept;      ///< where an incomplete folder of that name was moved to; "" when there was none
  std::int64_t bytes = 0;
  bool summed = false;  ///< every file's MD5 sum is the published one; else sizes, as far as they are known
};

/// Fetches, checks, unpacks next to the place and puts it there as a whole: under its name a data set is
/// complete. Throws RunError (network, sums, a full disk) and InputError (another program is downloading it,
/// a folder that can't be made).
Downloaded download(const DataSource& source, const DownloadOptions& options, const WorkHooks& hooks);

}  // namespace grapevine
