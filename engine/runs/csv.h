// Comma-separated values as RFC 4180 has them, and with other separators. Pure; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace grapevine {

/// Fields of each line; empty lines are left out. Throws InputError, with the line, for a quote that isn't
/// closed. `numbers` gets the number of each line in the text, from 1 on.
std::vector<std::vector<std::string>> read_csv(std::string_view text, char separator = ',',
                                               std::vector<std::size_t>* numbers = nullptr);
/// In quotes where it contains a comma, a quote or a line break.
std::string csv_field(std::string_view text);

}  // namespace grapevine
