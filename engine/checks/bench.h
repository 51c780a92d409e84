// Times training steps of several rules in turn, on random data of the data set's shape. Worker thread only.
#pragma once

#include <functional>
#include <vector>

#include "engine/door/engine_api.h"

namespace grapevine {

/// `steps` counted steps per rule after a warm-up; the rules interleaved, so that a drifting machine touches
/// all alike.
BenchReport bench(const std::vector<Experiment>& racers, int steps,
                  const std::function<void(int done, int of)>& progress);

}  // namespace grapevine
