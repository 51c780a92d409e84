// What a run's data are, in 64 digits: SHA-256 over the records in use, as they were decoded and before any
// arithmetic, so that it is the same whatever files they came in. Any thread.
//
// Part by part (images: train, test; text: train, validation, test) a line of ASCII, then the numbers,
// little-endian:
//   "train images 60000 1 28 28\n"  the count and a record's channels, height, width; N labels of 4 bytes;
//                                   N·C·H·W pixels of one byte, channel first
//   "train tokens 90000\n"          N token numbers of 4 bytes
#pragma once

#include <string>

#include "engine/data/image_set.h"
#include "engine/data/text_set.h"

namespace grapevine {

/// Throws WorkStopped when asked to stop.
std::string digest_of(const ImageData& images, const WorkHooks& hooks = {});
std::string digest_of(const TextData& texts, const WorkHooks& hooks = {});

}  // namespace grapevine
