// A racer looked into between two steps: nothing of its run is another one afterwards. Worker thread only.
#pragma once

#include <cstdint>

#include "engine/batches/batches.h"
#include "engine/session/inspection.h"
#include "engine/session/rehearsal.h"
#include "engine/training/measuring.h"
#include "engine/training/racer_parts.h"
#include "engine/training/weight_update.h"

namespace grapevine {

class Looking {
 public:
  Looking(const RacerParts& racer, Measuring& measuring, WeightUpdate& update)
      : racer_(racer), measuring_(measuring), update_(update) {}

  bool has_point(int point) const { return point >= 1 && point <= racer_.network.points(); }
  /// A layer's inside on the probe's batch; `at_rest`: J̄ of many classes may be computed. Step and epoch are
  /// left to the race.
  Inspection inspect(Batches& batches, int point, bool at_rest);
  /// Step `step` on `batch` as it would be made, phase by phase. `state`: all tensors that a checkpoint would
  /// hold, which are put back afterwards.
  Rehearsal rehearse(const Batch& batch, std::int64_t step, std::int64_t steps_per_epoch,
                     const RehearsalRequest& request, const NamedTensors& state);

 private:
  RacerParts racer_;
  Measuring& measuring_;
  WeightUpdate& update_;
};

}  // namespace grapevine
