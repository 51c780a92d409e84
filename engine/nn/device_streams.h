// Independent work side by side on a device that takes orders into queues of its own (a GPU's streams).
// Worker thread only. Says nothing of CUDA: the same object code serves any device that LibTorch knows to
// have streams.
#pragma once

#include <c10/core/Device.h>

#include <functional>

namespace grapevine {

/// How many queues one thread ever uses: more than this many kernels hardly fit a GPU at a time.
constexpr int most_streams = 8;

/// Calls work(part) for 0 ≤ part < parts ≤ most_streams, one after the other on this thread, each with a
/// stream of its own as the current one. All of them begin after what the current stream has been given so
/// far, and what it is given afterwards begins after all of them. Nothing waits on the host.
///
/// Memory needs no further care while the parts read what was there before and write what is there
/// afterwards: the current stream itself is given nothing in between, so that what a part lets go of is not
/// used again before the others are done.
void on_streams(c10::Device device, int parts, const std::function<void(int)>& work);

}  // namespace grapevine
