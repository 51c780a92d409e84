// What the horizontal axis of the figures counts.
#pragma once

namespace grapevine {

enum class TimeAxis { step, epoch, seconds };

}  // namespace grapevine
