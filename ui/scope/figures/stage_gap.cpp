// The gap between DFA and BP, of one seed. Means over seeds belong to comparisons of stored runs.
#include "ui/scope/figures/stage_gap.h"

#include <cmath>

#include "engine/experiment/entry_keys.h"
#include "engine/runs/statistics.h"
#include "ui/plot/figure_words.h"

namespace grapevine {
namespace {

bool comparable(const StageRacer& reference, const RunSketch& to) {
  const RuleDescriptor* rule = find_rule(reference.run->rule);
  return rule && !rule->calibrates
             ? reference.sketch->conditions_but_calibration == to.conditions_but_calibration
             : reference.sketch->conditions == to.conditions;
}

/// The only column of a rule under the same conditions; nullptr where there is none, or more than one.
const StageColumn* reference(const std::vector<StageRacer>& racers, const std::vector<StageColumn>& columns,
                             const char* rule, const RunSketch& to) {
  const StageColumn* found = nullptr;
  for (std::size_t i = 0; i < racers.size(); ++i) {
    if (racers[i].run->rule != rule || !comparable(racers[i], to)) continue;
    if (found) return nullptr;
    found = &columns[i];
  }
  return found;
}

void tell(StageColumn& column, const StageColumn& bp, const StageColumn& dfa, std::int64_t tests) {
  const double top = bp.score.value;
  const double bottom = dfa.score.value;
  if (!column.score.held_out || !bp.score.held_out || !dfa.score.held_out || column.score.perplexity ||
      column.score.words != bp.score.words || column.score.words != dfa.score.words || tests <= 0)
    return;
  if (!accuracies_differ(top, bottom, tests)) {
    column.gap = figure_words("BP and DFA don't differ");
  } else if (top < bottom) {
    column.gap = figure_words("BP is behind DFA");
  } else {
    column.gap = figure_words("gap closed");
    column.gap_closed = (column.score.value - bottom) / (top - bottom);
  }
}

}  // namespace

double accuracy_error(double a, double b, std::int64_t tests) {
  return fraction_error(a, b, static_cast<double>(tests));
}

bool accuracies_differ(double a, double b, std::int64_t tests) {
  return std::abs(a - b) > accuracy_error(a, b, tests);
}

void tell_gaps(const std::vector<StageRacer>& racers, std::vector<StageColumn>& columns) {
  for (std::size_t i = 0; i < racers.size(); ++i) {
    const RunSketch& sketch = *racers[i].sketch;
    if (racers[i].run->rule == rule_keys::bp || racers[i].run->rule == rule_keys::dfa ||
        sketch.conditions.empty())
      continue;
    const StageColumn* bp = reference(racers, columns, rule_keys::bp, sketch);
    const StageColumn* dfa = reference(racers, columns, rule_keys::dfa, sketch);
    if (bp && dfa) tell(columns[i], *bp, *dfa, sketch.tests);
  }
}

}  // namespace grapevine
