// Comma-separated values as RFC 4180 has them. Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace grapevine {

/// Fields of each line; empty lines are left out. Throws InputError, with the line, for a quote that isn't
/// closed.
std::vector<std::vector<std::string>> read_csv(std::string_view text);
/// In quotes where a comma, a quote or a line break stands in it.
std::string csv_field(std::string_view text);

}  // namespace grapevine
