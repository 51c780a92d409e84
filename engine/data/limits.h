// Which records a limit takes, and what is said where a class is left without any. Pure; any thread may call.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/data/image_set.h"

namespace grapevine {

/// Places of the records that a limit takes, rising: the first `limit`, or `balanced` as many of each class
/// (where one has fewer, the others share the rest) and of each class its first. `limit` 0 takes all.
std::vector<std::size_t> chosen_records(const std::vector<std::int32_t>& labels, std::int64_t limit,
                                        bool balanced);
/// Keeps those alone.
void limit_records(ImageSet& set, std::int64_t limit, bool balanced);
/// "no training images of 8 of 10 classes (2, 3, 4, 5, 6, 7, …)", "" where each has some.
std::string classes_left_out(const ImageSet& set);

}  // namespace grapevine
