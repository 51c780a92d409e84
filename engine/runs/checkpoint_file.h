// A checkpoint as a file. Private to runs/; functions without state, any thread may call.
//
//   "GRAPEVCK" · u32 version · u32 length of the header · header · numbers · arrays          (all
//   little-endian)
//
// The header is JSON: {"step", "numbers": [names], "arrays": [{"name", "type", "shape", "bytes"}]}. The
// numbers follow as f64, epoch and seconds before those named (binary: JSON has no NaN), then the arrays'
// bytes, one after the other.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/session/checkpoint.h"

namespace grapevine {

/// What the database notes about a checkpoint's file.
struct CheckpointFile {
  std::string path;  ///< absolute
  std::int64_t size = 0;
  std::string sha256;
};

/// Written carefully (files/careful_file.h): under its name the file is complete. Throws InputError, RunError
/// (disk full, read-only …).
CheckpointFile write_checkpoint(const std::string& path, const Checkpoint& checkpoint);
struct NamedCheckpoint {
  std::string path;  ///< a name that is free
  const Checkpoint* state = nullptr;
};
/// All of them or none, as write_checkpoint() does; the disk is waited for once for several.
std::vector<CheckpointFile> write_checkpoints(const std::vector<NamedCheckpoint>& all);
/// Throws InputError when the file is missing, of another size or sum than noted, or not a checkpoint.
Checkpoint read_checkpoint(const CheckpointFile& file);

}  // namespace grapevine
