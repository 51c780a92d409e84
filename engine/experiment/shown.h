// What a message quotes of an input: no more than says which it is. Pure; any thread may call.
#pragma once

#include <string>
#include <string_view>

namespace grapevine {

/// The first 60 bytes or so, and "…" where there is more.
std::string shown(std::string_view text);

}  // namespace grapevine
