// What the layers of one network leave between their maps, which is most of what a run needs of memory. The
// racers of a race step one after the other, so that those with the same layers share it. Worker thread only.
#pragma once

#include <cstdint>

#include "engine/nn/network.h"

namespace grapevine {

struct StepTapes {
  NetworkTape training, probe;

  /// Until keep(), `training` holds no whole pass.
  void begin() { owner_ = nullptr; }
  void keep(const Network& owner, std::int64_t step) {
    owner_ = &owner;
    step_ = step;
  }
  /// Does `training` hold this network's forward pass of that step?
  bool hold(const Network& network, std::int64_t step) const { return owner_ == &network && step_ == step; }

 private:
  const Network* owner_ = nullptr;
  std::int64_t step_ = 0;
};

}  // namespace grapevine
