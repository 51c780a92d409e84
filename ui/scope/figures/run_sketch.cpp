// What a run says about itself once.
#include "ui/scope/figures/run_sketch.h"

#include <nlohmann/json.hpp>
#include <optional>

#include "engine/experiment/groups/run_settings.h"
#include "engine/runs/run_conditions.h"
#include "engine/runs/stored_settings.h"

namespace grapevine {
namespace {

using Json = nlohmann::json;

void read_network(const RunData& run, RunSketch& sketch) {
  for (const Event& event : run.events) {
    if (event.kind != EventKind::started && event.kind != EventKind::resumed) continue;
    const Json data = Json::parse(event.data, nullptr, false);
    if (!data.is_object()) continue;
    try {
      if (data.contains("segments")) sketch.segments = data.at("segments").get<std::vector<std::string>>();
      if (data.contains("features")) sketch.features = data.at("features").get<std::vector<std::int64_t>>();
      if (data.contains("inputs")) sketch.inputs = data.at("inputs").get<std::int64_t>();
      if (data.contains("blocks"))
        for (const Json& block : data.at("blocks")) {
          const StageBlock read{block.at(0).get<int>(), block.at(1).get<int>()};
          if (read.first >= 1 && read.first <= read.last) sketch.blocks.push_back(read);
        }
    } catch (const Json::exception&) {
      // Another program's event: what is not understood is not drawn.
      sketch.features.clear();
      sketch.blocks.clear();
    }
    return;
  }
}

/// A stage shows runs of one seed: what two runs of different seeds reach is not held against each other.
void read_settings(const RunData& run, RunSketch& sketch) {
  const RunConditions conditions = conditions_of(run.experiment);
  const std::optional<std::int64_t> stored = StoredSettings::of(run.experiment).given(&RunSettings::seed);
  const std::string seed = (stored ? std::to_string(*stored) : std::string()) + " ";
  sketch.tests = conditions.tests;
  if (conditions.settings.empty()) return;
  sketch.conditions = seed + conditions.settings;
  sketch.conditions_but_calibration = seed + conditions.but_calibration;
}

}  // namespace

std::int64_t RunSketch::features_of(int point) const {
  return point >= 1 && point <= static_cast<int>(features.size())
             ? features[static_cast<std::size_t>(point - 1)]
             : 0;
}

RunSketch sketch_of(const RunData& run) {
  RunSketch sketch;
  read_network(run, sketch);
  read_settings(run, sketch);
  return sketch;
}

}  // namespace grapevine
