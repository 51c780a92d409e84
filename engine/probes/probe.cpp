#include "engine/probes/probe.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "engine/experiment/registry.h"

namespace grapevine {

#define GRAPEVINE_MEASURE(key) void measure_##key(ProbeContext& probe);
#include "engine/probes/measures/measures.def"
#undef GRAPEVINE_MEASURE

namespace {

struct Entry {
  const ProbeDescriptor* descriptor;
  void (*measure)(ProbeContext& probe);
};

const std::vector<Entry>& entries() {
  static const std::vector<Entry> all = {
#define GRAPEVINE_MEASURE(key) {find_probe(#key), measure_##key},
#include "engine/probes/measures/measures.def"
#undef GRAPEVINE_MEASURE
  };
  return all;
}

/// As far as it can be said beforehand.
bool can_give(Rule& rule, Need need) {
  switch (need) {
    case Need::feedback:
      return rule.feedback() != nullptr;
    case Need::estimating_rule:
    case Need::estimate:
      return rule.jacobian_estimate() != nullptr;
    case Need::average:
      return rule.average_estimate() != nullptr;
    case Need::transport:
      return rule.transport() != nullptr;
    case Need::traces:       // a step leaves them, where it was told to
    case Need::own_signals:  // a rehearsal says whether there are any
    case Need::jacobian:     // the rest the probe makes itself
    case Need::whole_jacobian:
    case Need::rehearsal:
    case Need::bp_signals:
    case Need::bp_gradients:
    case Need::moved:  // and the run's past is whose probe it is
    case Need::past:
      return true;
  }
  return false;
}

/// What the measures asked for take of one rule.
class Taken {
 public:
  Taken(const std::set<std::string>& measures, Rule& rule) {
    for (const Entry& entry : entries()) {
      const std::vector<Need>& needs = entry.descriptor->needs;
      const bool can = std::all_of(needs.begin(), needs.end(), [&](Need n) { return can_give(rule, n); });
      if (can && measures.count(entry.descriptor->measure.key)) entries_.push_back(entry);
    }
  }
  const std::vector<Entry>& entries_taken() const { return entries_; }
  bool needs(Need need) const {
    return std::any_of(entries_.begin(), entries_.end(),
                       [&](const Entry& entry) { return entry.descriptor->has(need); });
  }
  bool jacobian() const { return needs(Need::jacobian) || needs(Need::whole_jacobian); }
  bool rehearsal() const { return needs(Need::rehearsal) || needs(Need::own_signals); }
  bool bp() const { return needs(Need::bp_signals) || needs(Need::bp_gradients); }

 private:
  std::vector<Entry> entries_;
};

}  // namespace

std::set<std::string> probe_measures(const ProbeSettings& settings, std::int64_t classes) {
  std::set<std::string> keys(settings.measures.begin(), settings.measures.end());
  if (!keys.empty()) return keys;
  for (const ProbeDescriptor& probe : probes())
    if (probe.by_default && !(classes > exact_classes && probe.has(Need::whole_jacobian)))
      keys.insert(probe.measure.key);
  return keys;
}

std::set<std::string> before_the_first_step(std::set<std::string> measures) {
  for (const ProbeDescriptor& probe : probes())
    if (probe.follows_a_step()) measures.erase(probe.measure.key);
  return measures;
}

bool any_needs(const std::set<std::string>& measures, Need need) {
  return std::any_of(measures.begin(), measures.end(), [&](const std::string& key) {
    const ProbeDescriptor* probe = find_probe(key);
    return probe && probe->has(need);
  });
}

std::vector<double> weights_moved(const Network& network, const at::Tensor& before, const at::Tensor& after) {
  std::vector<double> before_squared(static_cast<std::size_t>(network.segments()), 0);
  std::vector<double> moved_squared = before_squared;
  for (const ParameterInfo& info : network.layout().infos()) {
    if (info.role != ParameterRole::weight || info.segment > network.segments()) continue;
    const at::Tensor w = before.narrow(0, info.offset, info.count);
    const auto l = static_cast<std::size_t>(info.segment - 1);
    before_squared[l] += std::pow(at::linalg_vector_norm(w).item<double>(), 2);
    const at::Tensor step = after.narrow(0, info.offset, info.count) - w;
    moved_squared[l] += std::pow(at::linalg_vector_norm(step).item<double>(), 2);
  }
  for (std::size_t l = 0; l < moved_squared.size(); ++l)
    moved_squared[l] = before_squared[l] > 0 ? std::sqrt(moved_squared[l] / before_squared[l]) : std::nan("");
  return moved_squared;
}

void Probe::measure(Rule& rule, Lesson& lesson, const ParameterBuffer& bp_gradients, Measured& out,
                    ProbePast* past) const {
  const Taken taken(measures_, rule);
  ProbeContext context(rule, lesson, out, past);
  // Of texts even C sweeps give an estimate (mean_jacobians), and projections alone say how good it is.
  const auto projects = [&] {
    const bool whole = exact_jacobian_ || taken.needs(Need::whole_jacobian);
    return lesson.tape.input.size(0) != lesson.e.size(0) ||
           (lesson.network.classes() > exact_classes && !whole);
  };
  if (taken.jacobian()) context.see_jacobian(projects() ? exact_classes : 0);
  const bool has_signals = taken.rehearsal() && context.rehearse();
  if (taken.bp()) context.see_bp(bp_gradients, taken.needs(Need::bp_gradients));
  const bool has_traces = rule.traces() && !rule.traces()->empty();
  for (const Entry& entry : taken.entries_taken()) {
    if (entry.descriptor->has(Need::own_signals) && !has_signals) continue;
    if (entry.descriptor->has(Need::traces) && !has_traces) continue;
    if (entry.descriptor->has(Need::past) && !past) continue;
    if (entry.descriptor->has(Need::moved) && (!past || past->moved.empty())) continue;
    entry.measure(context);
  }
}

double Probe::multiply_adds(const std::set<std::string>& measures, Rule& rule, const NetworkCost& cost,
                            double n) {
  const Taken taken(measures, rule);
  const auto most = static_cast<double>(exact_classes);
  // A largest singular value is of the whole J̄, which no few projections give.
  const bool projects = cost.rows > 1 || (cost.classes > most && !taken.needs(Need::whole_jacobian));
  double total = cost.forward_total();
  if (taken.jacobian()) total += (projects ? most + 1 : cost.classes) * cost.above_first();
  if (taken.rehearsal()) total += 2 * cost.forward_total();
  if (taken.needs(Need::bp_gradients))
    total += 2 * cost.forward_total();
  else if (taken.needs(Need::bp_signals))
    total += cost.above_first();
  // Weights are read three times; a layer multiplies with each of them once a row at least.
  return n * total + (taken.needs(Need::moved) ? 3 * cost.forward_total() : 0);
}

}  // namespace grapevine
