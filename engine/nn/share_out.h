// Independent parts of work on the host, shared out over LibTorch's threads.
#pragma once

#include <ATen/Parallel.h>

#include <algorithm>
#include <cstdint>

namespace grapevine {

/// Calls each(part) for 0 ≤ part < parts; `size` numbers of work in a part decide how many go together.
template <class Each>
void share_out(std::int64_t parts, std::int64_t size, Each each) {
  constexpr std::int64_t worth_a_thread = 1 << 15;
  at::parallel_for(0, parts, std::max<std::int64_t>(1, worth_a_thread / std::max<std::int64_t>(1, size)),
                   [&](std::int64_t begin, std::int64_t end) {
                     for (std::int64_t part = begin; part < end; ++part) each(part);
                   });
}

}  // namespace grapevine
