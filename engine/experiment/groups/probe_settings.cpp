#include "engine/experiment/groups/probe_settings.h"

#include "engine/experiment/bound_settings.h"
#include "engine/experiment/registry.h"

namespace grapevine {

void ProbeSettings::bind(Binder& to) {
  to.integer_or_auto(every, "every", at_least(0).at_most(largest_count),
                     "steps between measurements; 0 = off, auto = so that they cost under 5 % by FLOPs")
      .live();
  to.integer(batch, "batch", at_least(1).at_most(1 << 20), "samples of the fixed batch that measures use");
  TextList keys;
  for (const ProbeDescriptor& probe : probes()) keys.push_back(probe.measure.key);
  BoundSetting& measured =
      to.words(measures, "measures", keys, "what is measured; empty = all that cost no more than cos_b_j")
          .empty_is_usual();
  for (const ProbeDescriptor& probe : probes())
    if (!probe.is_family) measured.choice_named(probe.measure.key, probe.measure.name, probe.measure.help);
}

ProbeSettings ProbeSettings::of(const Experiment& experiment) {
  return settings_from<ProbeSettings>(experiment);
}

}  // namespace grapevine
