// The keys of figures as names of C++, for code that means one of them: what figures.def does not have does
// not compile. Values.
#pragma once

namespace grapevine::figure_keys {
#define GRAPEVINE_FIGURE(key) inline constexpr const char* key = #key;
#include "ui/scope/figures/figures.def"
#undef GRAPEVINE_FIGURE
}  // namespace grapevine::figure_keys
