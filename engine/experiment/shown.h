// What a message quotes of an input: no more than says which it is. Pure; any thread may call.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace grapevine {

/// The first 60 bytes or so, and "…" where there is more.
std::string shown(std::string_view text);
/// A message of others that quotes `words`, or what is behind their =: each as shown() shows it.
std::string shown_in(std::string message, const std::vector<std::string>& words);

}  // namespace grapevine
