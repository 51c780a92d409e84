// What follows from the options of all commands.
#include "app/cli/options.h"

#include "engine/data/paths.h"
#include "engine/experiment/nearest.h"

namespace grapevine::cli {

Overrides Options::overrides(const std::vector<std::string>& rules) const {
  Overrides overrides{sets, rules};
  if (seed) overrides.sets.push_back("seed=" + *seed);
  if (device) overrides.sets.push_back("device=" + *device);
  if (threads) overrides.sets.push_back("threads=" + *threads);
  return overrides;
}

std::string Options::database_path() const {
  return database.empty() ? Paths::choose(data_dir).database() : database;
}

std::string nearest(const std::string& word, const std::vector<std::string>& candidates) {
  const std::vector<std::string> near = nearest_words(word, candidates, 1);
  return near.empty() ? "" : near.front();
}

}  // namespace grapevine::cli
