// The studies by their keys.
#include "engine/checks/bench.h"
#include "engine/door/theory_studies.h"
#include "engine/error.h"
#include "engine/experiment/groups/run_settings.h"
#include "engine/nn/device.h"
#include "engine/theory/studies.h"
#include "engine/training/race.h"

namespace grapevine {

namespace {

TheoryTable timed_cost_study(const std::vector<Experiment>& racers, const TheoryProgress& progress) {
  std::vector<double> measured;
  for (const BenchLine& line : bench(racers, 10, progress).rules) measured.push_back(line.median_ms);
  return cost_study(racers, measured);
}

[[noreturn]] void refuse(const std::string& study) {
  std::string known;
  for (const TheoryStudy& each : theory_studies()) known += (known.empty() ? "" : ", ") + each.key;
  throw InputError("there is no theory study '" + study + "': known are " + known);
}

}  // namespace

TheoryTable run_theory(const std::string& study, const std::vector<Experiment>& racers, int draws,
                       const TheoryProgress& progress) {
  const TheoryStudy* known = find_study(study);
  if (!known) refuse(study);
  const Experiment& first = racers.front();
  choose_threads(RunSettings::of(first).threads);
  switch (known->kind) {
    case StudyKind::concentration:
      return concentration_study(first, draws, progress);
    case StudyKind::lemma_b2:
      return lemma_b2_study(first, draws, progress);
    case StudyKind::forward_gradients:
      return forward_gradient_study(first, draws, progress);
    case StudyKind::fixed_target:
      return fixed_target_study(first, draws, progress);
    case StudyKind::costs:
      return timed_cost_study(racers, progress);
  }
  refuse(study);
}

}  // namespace grapevine
