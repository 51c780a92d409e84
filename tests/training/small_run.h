// A run that is over in a moment: a small network on few synthetic shapes, one thread.
#pragma once

#include <map>
#include <string>

#include "engine/experiment/experiment.h"

namespace grapevine {

inline Experiment small(const std::string& rule, const std::map<std::string, std::string>& settings = {}) {
  Experiment experiment(rule);
  const std::map<std::string, std::string> base{{"data.name", "shapes"},
                                                {"data.train_limit", "192"},
                                                {"data.test_limit", "60"},
                                                {"model.hidden", "24,20"},
                                                {"train.batch", "32"},
                                                {"train.epochs", "2"},
                                                {"threads", "1"},
                                                {"optimizer.lr", "0.001"},
                                                {"probe.every", "3"},
                                                {"probe.batch", "40"},
                                                {"seed", "5"},
                                                {"checkpoint.every_seconds", "0"}};
  for (const auto& [key, value] : base) experiment.set_text(key, value);
  for (const auto& [key, value] : settings) experiment.set_text(key, value);
  return experiment;
}

}  // namespace grapevine
