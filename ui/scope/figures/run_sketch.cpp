// What a run says about itself once.
#include "ui/scope/figures/run_sketch.h"

#include <nlohmann/json.hpp>

#include "engine/experiment/registry.h"

namespace grapevine {
namespace {

using Json = nlohmann::json;

void read_network(const RunData& run, RunSketch& sketch) {
  for (const Event& event : run.events) {
    if (event.kind != "started" && event.kind != "resumed") continue;
    const Json data = Json::parse(event.data, nullptr, false);
    if (!data.is_object()) continue;
    try {
      if (data.contains("segments")) sketch.segments = data.at("segments").get<std::vector<std::string>>();
      if (data.contains("features")) sketch.features = data.at("features").get<std::vector<std::int64_t>>();
      if (data.contains("inputs")) sketch.inputs = data.at("inputs").get<std::int64_t>();
    } catch (const Json::exception&) {
      // Another program's event: what is not understood is not drawn.
      sketch.features.clear();
    }
    return;
  }
}

std::int64_t test_count(const Json& settings) {
  const Json data = settings.value("data", Json::object());
  if (!data.is_object() || !data.contains("name") || !data.at("name").is_string()) return 0;
  const DataDescriptor* set = find_data(data.at("name").get<std::string>());
  const Json limit = data.value("test_limit", Json(0));
  const std::int64_t wanted = limit.is_number_integer() ? limit.get<std::int64_t>() : 0;
  const std::int64_t all = set ? set->test_count : 0;
  return wanted > 0 && (all == 0 || wanted < all) ? wanted : all;
}

void read_settings(const RunData& run, RunSketch& sketch) {
  Json settings = Json::parse(run.experiment, nullptr, false);
  if (!settings.is_object()) return;
  sketch.tests = test_count(settings);
  settings.erase("rule");
  if (settings.contains("optimizer") && settings["optimizer"].is_object()) settings["optimizer"].erase("lr");
  sketch.conditions = settings.dump();
  settings.erase("calibration");
  sketch.conditions_but_calibration = settings.dump();
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
