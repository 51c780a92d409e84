// What tests of lesions and frozen layers share: a rule that learns on a small network, its matrices and its
// state.
#pragma once

#include <cstring>
#include <map>
#include <string>
#include <vector>

#include "engine/experiment/registry.h"
#include "engine/feedback/structure.h"
#include "tests/rules/bed.h"

namespace grapevine {

inline const RandomKey key = RandomKey::of(3, Stream::lesion).with(40).with(2);

inline std::map<std::string, at::Tensor> state_of(Rule& rule) {
  std::map<std::string, at::Tensor> all;
  for (const auto& [name, tensor] : rule.state()) all[name] = tensor.clone();
  return all;
}

inline void learn(Rule& rule, Bed& bed, std::int64_t steps) {
  for (std::int64_t step = 1; step <= steps; ++step) {
    SeededDraws draws(5, step);
    Lesson lesson = bed.lesson();
    rule.learn(lesson, draws);
    rule.after_update(lesson, draws);
  }
}

/// Those with matrices straight from the error.
inline std::vector<std::string> direct_rules() {
  std::vector<std::string> keys;
  for (const RuleDescriptor& rule : rules())
    if (rule.has_feedback) keys.push_back(rule.key);
  return keys;
}
/// A row each.
inline void rows_of_direct_rules() {
  QTest::addColumn<QString>("name");
  for (const std::string& name : direct_rules()) QTest::newRow(name.c_str()) << QString::fromStdString(name);
}

}  // namespace grapevine
