#include "engine/session/beginning.h"

#include <nlohmann/json.hpp>

#include "engine/experiment/settings.h"

namespace grapevine {

std::string how_it_begins(const RaceInfo& info, std::size_t racer, const Experiment& experiment) {
  nlohmann::json data{{"device", info.device},
                      {"threads", info.threads},
                      {"library", info.library},
                      {"segments", info.segment_names},
                      {"notes", info.notes}};
  if (racer < info.networks.size()) {
    data["segments"] = info.networks[racer].segments;
    data["features"] = info.networks[racer].features;
    data["inputs"] = info.networks[racer].inputs;
    if (!info.networks[racer].blocks.empty()) data["blocks"] = info.networks[racer].blocks;
  }
  if (racer < info.beginnings.size()) {
    data["probe_every"] = info.beginnings[racer].probe_every;
    data["measures"] = info.beginnings[racer].measures;
  }
  if (!info.data_digest.empty()) data["data_digest"] = info.data_digest;
  for (const Setting& setting : experiment_settings())
    if (setting.scope == Scope::machine) data["asked"][setting.key] = to_text(experiment.value(setting.key));
  return data.dump();
}

}  // namespace grapevine
