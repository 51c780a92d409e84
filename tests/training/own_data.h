// Shapes enough for a short run, for networks that an experiment lists itself.
#pragma once

#include <map>
#include <string>

#include "engine/experiment/experiment.h"

namespace grapevine {

inline Experiment with_data(Experiment experiment) {
  const std::map<std::string, std::string> settings{{"data.name", "shapes"},   {"data.train_limit", "96"},
                                                    {"data.test_limit", "40"}, {"train.batch", "32"},
                                                    {"train.epochs", "2"},     {"threads", "1"},
                                                    {"optimizer.lr", "0.001"}, {"probe.every", "3"},
                                                    {"probe.batch", "20"},     {"seed", "3"}};
  for (const auto& [key, value] : settings) experiment.set_text(key, value);
  return experiment;
}

}  // namespace grapevine
