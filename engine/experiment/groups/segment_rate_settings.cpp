#include "engine/experiment/groups/segment_rate_settings.h"

#include "engine/experiment/bound_settings.h"

namespace grapevine {

void SegmentRateSettings::bind(Binder& to) {
  to.numbers(
        lr_scale, "lr_scale", at_least(0).at_most(1e6),
        "rates by segment: factors on optimizer.lr, one per segment from the input on, a language model's "
        "decoder last; 0 keeps a segment as it is; empty = the same rate everywhere")
      .labelled("Rates per segment");
}

SegmentRateSettings SegmentRateSettings::of(const Experiment& experiment) {
  return settings_from<SegmentRateSettings>(experiment);
}

}  // namespace grapevine
