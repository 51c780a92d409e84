// What a trainer lends to those who work on its racer next to the step. All of it outlives them. Worker
// thread only.
#pragma once

#include <cstdint>
#include <memory>

#include "engine/nn/network.h"
#include "engine/rules/rule.h"
#include "engine/training/racer_reports.h"
#include "engine/training/step_losses.h"
#include "engine/training/step_tapes.h"

namespace grapevine {

struct RacerParts {
  RacerReports reports;
  std::int64_t seed;
  Network& network;
  Rule& rule;
  const std::shared_ptr<StepTapes>& tapes;  ///< may become other ones
  StepLosses& losses;
};

}  // namespace grapevine
