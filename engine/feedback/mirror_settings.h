// What weight mirroring (mirror.h) may be asked for. Plain C++.
#pragma once

#include "engine/experiment/bound_settings.h"

namespace grapevine {

struct MirrorSettings {
  double rate = 0.1;  ///< η_m

  BoundSetting& bind(Binder& to) {
    return to.number(rate, "mirror_rate", at_least(0).at_most(1000), "η_m, step of the mirror");
  }
};

}  // namespace grapevine
