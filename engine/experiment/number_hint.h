// How a text that was meant as a number is written as one. Pure; any thread may call.
#pragma once

#include <string>
#include <string_view>

namespace grapevine {

/// "write 0.001, with a point" of "0,001", "for 10% write 0.1", "write 1000, without separators" of "1,000"
/// or "1_000"; "" where nothing of the kind was meant.
std::string number_hint(std::string_view text);

}  // namespace grapevine
