// IDX, the format of MNIST and its relatives: magic 0x0000TTDD (type, number of dimensions), big-endian
// extents, big-endian numbers of any of six types. Any thread may call.
#pragma once

#include <string>

#include "engine/data/number_array.h"

namespace grapevine {

/// A whole file, optionally gzip. Throws InputError with file, offset and what was found there; what a header
/// announces is believed as far as the file has it.
NumberArray read_idx(const std::string& file);
/// Shape and type alone: no bytes are filled in.
NumberArray read_idx_header(const std::string& file);

}  // namespace grapevine
