#include "engine/experiment/groups/alert_settings.h"

#include "engine/experiment/bound_settings.h"
#include "engine/experiment/settings.h"

namespace grapevine {

// The machine's: it changes none of the numbers.
void AlertSettings::bind(Binder& to) {
  to.text(
        alerts, "alerts",
        "say it when a measure crosses a line, as cos_b_j[2]<0.2, test_accuracy>0.9 (without [layer]: at any "
        "layer)")
      .in_scope(Scope::machine)
      .live();
}

AlertSettings AlertSettings::of(const Experiment& experiment) {
  return settings_from<AlertSettings>(experiment);
}

}  // namespace grapevine
