// What is done to a racer's feedback between two steps: lesions, and freezing (learning-rules §9). Worker
// thread only.
#pragma once

#include <cstdint>
#include <string>

#include "engine/batches/batches.h"
#include "engine/session/live_change.h"
#include "engine/session/stepper.h"
#include "engine/training/measuring.h"
#include "engine/training/racer_parts.h"

namespace grapevine {

class FeedbackChanges {
 public:
  FeedbackChanges(const RacerParts& racer, Measuring& measuring, const RuleDescriptor& rule)
      : racer_(racer), measuring_(measuring), rule_(rule) {}

  /// Why a change of this kind could be carried out at no step: a clause that begins with the rule's name; ""
  /// where it could.
  std::string refusal(const LiveChange& change) const;
  /// Carries it out and reports it. Throws InputError where it has no effect on the present feedback.
  void carry_out(const LiveChange& change, Batches& batches, std::int64_t step, double epoch, Report& report);

 private:
  void lesion(const LiveChange& change, Batches& batches, std::int64_t step);

  RacerParts racer_;
  Measuring& measuring_;
  const RuleDescriptor& rule_;
};

}  // namespace grapevine
