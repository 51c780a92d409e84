// How many tokens a byte-pair encoding may have. Plain C++.
#pragma once

namespace grapevine {

inline constexpr int least_vocabulary = 300, most_vocabulary = 65536;

}  // namespace grapevine
