#include "engine/experiment/groups/run_settings.h"

#include "engine/experiment/bound_settings.h"

namespace grapevine {

void RunSettings::bind(Binder& to) {
  to.text(name, "name", "what to call the run");
  to.integer(seed, "seed", at_least(0).at_most(largest_count),
             "start of all random numbers; the same seed, the same run");
  to.text(device, "device", "auto, cpu, cuda or cuda:<number>");
  to.integer(threads, "threads", at_least(0).at_most(1024),
             "processor threads for arithmetic; 0 = all cores");
  to.toggle(
      gpu_graphs, "gpu_graphs",
      "on a GPU, record a step and replay it where that gives the same numbers and is faster; for small "
      "networks");
  to.number(
      feedback_memory, "feedback_memory", above(0).at_most(100),
      "share of the memory of the machine (or of the GPU) that feedback matrices and what they learn by "
      "may take; with more a run does not start");
}

RunSettings RunSettings::of(const Experiment& experiment) {
  return settings_from<RunSettings>(experiment);
}

}  // namespace grapevine
