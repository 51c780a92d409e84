#include "engine/experiment/groups/run_settings.h"

#include "engine/experiment/bound_settings.h"
#include "engine/experiment/settings.h"

namespace grapevine {

void RunSettings::bind(Binder& to) {
  to.text(name, "name", "what to call the run").may_change_in_fork();
  to.integer(seed, "seed", at_least(0).at_most(largest_count),
             "start of all random numbers; the same seed, the same run")
      .in_scope(Scope::race);
  to.text(device, "device", "auto, cpu, cuda or cuda:<number>").in_scope(Scope::machine);
  to.integer(threads, "threads", at_least(0).at_most(1024),
             "processor threads for arithmetic; 0 = OMP_NUM_THREADS, else the cores that the process may use")
      .in_scope(Scope::machine);
  to.toggle(
        gpu_graphs, "gpu_graphs",
        "on a GPU, record a step and replay it where that gives the same numbers and is faster; for small "
        "networks")
      .in_scope(Scope::machine);
  // Not the machine's: with less of it a run that started elsewhere would not start.
  to.number(feedback_memory, "feedback_memory", above(0).at_most(100),
            "fraction of the memory of the machine (or of the GPU) that feedback matrices with their "
            "optimizer state "
            "may take; with more a run does not start")
      .in_scope(Scope::race);
}

RunSettings RunSettings::of(const Experiment& experiment) {
  return settings_from<RunSettings>(experiment);
}

}  // namespace grapevine
