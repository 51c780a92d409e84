// Several runs at once on one machine: how many, and on which GPU each is computed. The assignment is of
// the processes: a run's setting `device` stays what it was asked for, and with it what run it is. Pure; any
// thread.
#pragma once

#include <string>
#include <vector>

namespace grapevine {

/// Of a run in a process that computes next to others.
struct GpuShare {
  int gpu = -1;        ///< among those that may be seen, from 0; -1: none
  bool alone = false;  ///< its process is to see that GPU alone, which is the first then
  bool operator==(const GpuShare&) const = default;
};

/// Where a run goes whose `device` is this: "cuda:1" names the GPU, and its process has to see all of them;
/// "auto" and "cuda", which mean the first that is seen, take the one with the fewest runs (`busy`: how many
/// each has), the first of equals.
GpuShare share_for(const std::string& device, const std::vector<int>& busy);

/// How many runs at once, where no number is given, with these devices: one on each GPU that they may take,
/// or, where there are none, as many as the cores allow with so many threads each. At least 1.
int runs_at_once(const std::vector<std::string>& devices, int gpus, int cores, int threads);

}  // namespace grapevine
