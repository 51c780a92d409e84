// The studies by their keys.
#include "engine/checks/bench.h"
#include "engine/error.h"
#include "engine/experiment/groups/run_settings.h"
#include "engine/nn/device.h"
#include "engine/theory/studies.h"
#include "engine/training/race.h"

namespace grapevine {

TheoryTable run_theory(const std::string& study, const std::vector<Experiment>& racers, int draws,
                       const TheoryProgress& progress) {
  const Experiment& first = racers.front();
  choose_threads(RunSettings::of(first).threads);
  if (study == "concentration") return concentration_study(first, draws, progress);
  if (study == "lemma_b2") return lemma_b2_study(first, draws, progress);
  if (study == "forward_gradients") return forward_gradient_study(first, draws, progress);
  if (study == "fixed_target") return fixed_target_study(first, draws, progress);
  if (study == "costs") {
    std::vector<double> measured;
    for (const BenchLine& line : bench(racers, 10, progress).rules) measured.push_back(line.median_ms);
    return cost_study(racers, measured);
  }
  std::string known;
  for (const TheoryStudy& each : theory_studies())
    known += (known.empty() ? "" : ", ") + std::string(each.key);
  throw InputError("there is no theory study '" + study + "': known are " + known);
}

}  // namespace grapevine
