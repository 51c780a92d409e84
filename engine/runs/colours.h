// The colours that runs are stored with: Okabe and Ito's palette, legible for colour-blind people, on white
// and on dark. Pure; any thread may call.
#pragma once

#include <cstddef>
#include <cstdint>

namespace grapevine {

/// 0xRRGGBB of the racer at `position` (from 0); repeats after colour_count().
std::uint32_t racer_colour(std::size_t position);
std::size_t colour_count();

}  // namespace grapevine
