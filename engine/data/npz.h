// NumPy's files of several arrays: a zip (read by libarchive, zip64 too) with an .npy file for each array,
// format versions 1 to 3. Numbers only; pickled objects are refused, never run. Any thread may call.
#pragma once

#include <string>
#include <vector>

#include "engine/data/number_array.h"

namespace grapevine {

/// An array's name and header; `array` has no bytes yet.
struct NpzEntry {
  std::string name;     ///< without ".npy"
  std::string trouble;  ///< why it can't be read as numbers; "" = it can
  NumberArray array;
};

/// What the file holds, in its order. Throws InputError for a file that is no zip, or damaged.
std::vector<NpzEntry> list_npz(const std::string& file);
/// The arrays of these names, in C's order and the host's byte order. Throws InputError naming file, array
/// and what was found.
std::vector<NumberArray> read_npz(const std::string& file, const std::vector<std::string>& names);

}  // namespace grapevine
