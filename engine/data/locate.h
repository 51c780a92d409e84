// Whether a data set is on this machine, and in which files, without reading them. Any thread.
#pragma once

#include <string>
#include <string_view>

#include "engine/data/places.h"

namespace grapevine {

/// The data set's files; nothing for one that is made on the fly. Throws InputError when they are not there,
/// naming what is missing, where it was looked for and how to get it. Their content is not looked at.
FoundFiles find_data_files(const DataRequest& request);
/// For messages about the data set: its folder, where one is set, else its name.
std::string_view place_or_name(const DataRequest& request);
/// Their folder; "" for a data set that needs none.
std::string locate_data(const DataRequest& request);

}  // namespace grapevine
