// What the horizontal axis of the figures counts.
#pragma once

namespace grapevine {

/// As kept layouts number them: new ones come last.
enum class TimeAxis { step, epoch, seconds, samples };
inline constexpr TimeAxis kLastTimeAxis = TimeAxis::samples;

}  // namespace grapevine
