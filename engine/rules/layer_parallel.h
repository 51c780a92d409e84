// The segments' adjoints side by side: under a direct rule none waits for another, so that each thread may
// take segments of its own instead of a share of every product, and each stream of a GPU likewise. Worker
// thread only (it hands work to LibTorch's threads and waits for them).
#pragma once

#include <functional>
#include <vector>

#include "engine/nn/network.h"

namespace grapevine {

/// Segments (from 1) for each of `threads`, so that no thread has much more than its share of the cost: the
/// costliest segments first, each to the thread that has least.
std::vector<std::vector<int>> balanced_segments(const NetworkCost& cost, int threads);
/// The costliest thread's share times the number of threads: 1 is perfect.
double imbalance(const NetworkCost& cost, const std::vector<std::vector<int>>& groups);

/// Calls work(l) for every segment, in parallel where that pays: on a GPU always, on streams
/// (nn/device_streams.h), costly segments first; on a CPU with several threads, without convolutions,
/// segments that can be shared out evenly, and products too small to keep all threads busy one by one. The
/// numbers are the same at every call; with other numbers of threads the last bits may differ, as everywhere.
void for_each_segment(const Network& network, std::int64_t rows, const std::function<void(int)>& work);

}  // namespace grapevine
