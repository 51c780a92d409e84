// What follows from the options of all commands.
#include "app/cli/options.h"

#include <filesystem>

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
  if (database.empty()) return Paths::choose(data_dir).database();
  // In a folder that is gone a name would be that of no file, and nothing be there.
  if (!database.starts_with('/')) static_cast<void>(std::filesystem::current_path());
  return database;
}

std::string nearest(const std::string& word, const std::vector<std::string>& candidates) {
  const std::vector<std::string> near = nearest_words(word, candidates, 1);
  return near.empty() ? "" : near.front();
}

}  // namespace grapevine::cli
