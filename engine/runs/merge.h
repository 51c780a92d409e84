// Runs of other databases taken in. Any thread may call; other programs may use both files meanwhile.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace grapevine {

struct MergeResult {
  std::vector<std::int64_t> taken;  ///< ids that the runs have here
  std::int64_t known = 0;           ///< runs whose uuid was here already
  std::int64_t checkpoints = 0;     ///< files brought along
  std::vector<std::string> left;    ///< why a run, or a checkpoint of one, was left out
  /// Why it took no more: a full disk, or another program's lock. What came after that was left out too.
  std::string disk;
};

/// Copies every run of `from` that `into` does not know by its uuid, with all that belongs to it. A run that
/// is in progress is left out, and so is one whose names or settings are invalid. Each run is one
/// transaction: called again after it was interrupted, it continues. Throws InputError, RunError, and
/// WorkStopped: a run that was being copied then is not there, nor are its files.
/// `only`: runs of these uuids alone. `called`: what messages name in the place of `from`.
MergeResult merge_database(const std::string& into, const std::string& from,
                           const std::vector<std::string>& only = {}, const std::string& called = "");

}  // namespace grapevine
