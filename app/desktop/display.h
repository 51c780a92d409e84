// Whether a window can open here, found out before Qt ends the program over it. Main thread, at the start.
#pragma once

#include <string>

namespace grapevine {

/// "" where a display answers, or Qt was told to do without one; else one sentence: what is missing.
std::string why_no_display();

}  // namespace grapevine
