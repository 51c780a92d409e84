// A network with made data, its gradients by autograd, and rules to measure on it.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/probes/probe.h"
#include "tests/nn/bed.h"
#include "tests/nn/oracle.h"

namespace grapevine {

struct ProbeBed : ForwardBed {
  ProbeBed(const NetworkSpec& spec, std::int64_t samples)
      : ForwardBed(spec, Pass::probing(), samples, 0.6), exact(network.layout(), f64) {}
  ParameterBuffer exact;

  Measured measure(const std::set<std::string>& keys, Rule& rule, ProbePast* past = nullptr) {
    Lesson now = lesson();
    Measured measured;
    Probe(keys).measure(rule, now, exact, measured, past);
    return measured;
  }
  /// d and g: the segments' gradients as a measurement left them, and autograd's.
  std::pair<at::Tensor, at::Tensor> gradients_by_hand() {
    NamedParameters leaves = leaves_of(network);
    oracle_loss(oracle_network(network.spec(), x, leaves).back(), y).backward();
    std::vector<at::Tensor> g;
    for (const ParameterInfo& info : network.layout().infos())
      g.push_back(leaves.at(info.name).grad().reshape({-1}));
    return {gradients.flat().clone(), at::cat(g)};
  }
};

inline std::unique_ptr<Rule> attached(const std::string& key, ProbeBed& bed) {
  std::unique_ptr<Rule> rule = make_rule(Experiment(key));
  rule->attach(bed.network, 1);
  return rule;
}

}  // namespace grapevine
