// A race from its start, or from a checkpoint, to its end, with all that it told. One thread.
#pragma once

#include <algorithm>
#include <cstring>
#include <map>
#include <string>
#include <vector>

#include "engine/experiment/experiment.h"
#include "engine/experiment/registry.h"
#include "engine/training/race.h"

namespace grapevine {

inline Experiment small(const std::string& rule, const std::map<std::string, std::string>& settings = {}) {
  Experiment experiment(rule);
  const std::map<std::string, std::string> base{{"data.name", "shapes"},   {"data.train_limit", "320"},
                                                {"data.test_limit", "60"}, {"model.hidden", "24,20"},
                                                {"model.dropout", "0.2"},  {"train.batch", "32"},
                                                {"train.epochs", "3"},     {"threads", "1"},
                                                {"optimizer.lr", "0.001"}, {"probe.every", "4"},
                                                {"probe.batch", "40"},     {"seed", "5"}};
  for (const auto& [key, value] : base) experiment.set_text(key, value);
  for (const auto& [key, value] : settings) experiment.set_text(key, value);
  return experiment;
}

struct Run {
  std::vector<Sample> samples;
  std::vector<Event> events;
  CheckpointSet end;
  std::map<std::int64_t, CheckpointSet> stops;
};

inline Run run(const std::vector<Experiment>& racers, std::vector<std::int64_t> stops = {},
               const CheckpointSet* from = nullptr, std::int64_t unread = 1) {
  Race race(racers);
  const RaceInfo info = race.prepare();
  for (std::size_t i = 0; i < racers.size(); ++i) race.trainer(static_cast<int>(i)).read_every(unread);
  Run result;
  Report report;
  if (from)
    race.restore(*from);
  else
    race.begin(report);
  while (race.step_count() < info.total_steps) {
    race.step(report);
    if (std::find(stops.begin(), stops.end(), race.step_count()) == stops.end()) continue;
    race.settle(report);
    result.stops[race.step_count()] = race.checkpoint();
  }
  result.samples = report.samples;
  result.events = report.events;
  result.end = race.checkpoint();
  return result;
}

inline bool is_clock(const Sample& sample) {
  const std::string& key = measures()[sample.measure].key;
  return key.ends_with("_seconds");
}

/// Everything measured but times, of one racer: "measure point step" → the value's bits.
inline std::map<std::string, std::uint64_t> numbers_of(const Run& run, int racer, std::int64_t after = -1) {
  std::map<std::string, std::uint64_t> all;
  for (const Sample& sample : run.samples)
    if (sample.racer == racer && sample.step > after && !is_clock(sample)) {
      std::uint64_t bits = 0;
      std::memcpy(&bits, &sample.value, sizeof bits);
      all[measures()[sample.measure].key + " " + std::to_string(sample.point) + " " +
          std::to_string(sample.step)] = bits;
    }
  return all;
}

inline bool same_arrays(const Checkpoint& a, const Checkpoint& b, std::string& where) {
  for (const auto& [name, array] : a.arrays) {
    const auto other = b.arrays.find(name);
    if (other == b.arrays.end() || other->second.bytes != array.bytes) {
      where = name;
      return false;
    }
  }
  return a.arrays.size() == b.arrays.size() && !a.arrays.empty();
}

}  // namespace grapevine
