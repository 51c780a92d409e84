// The options that every command takes. Main thread only.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/plans/plan.h"

namespace grapevine::cli {

struct Options {
  std::vector<std::string> sets;
  std::optional<std::string> seed, device, threads;
  std::string database;  ///< --db, "" = in the data folder
  std::string data_dir;
  bool json = false;
  bool quiet = false;

  /// --set and what is short for --set, with the rules of a race.
  Overrides overrides(const std::vector<std::string>& rules = {}) const;
  /// The database file: --db, or the one in the data folder. Nothing is created.
  std::string database_path() const;
};

/// The candidate that is nearest to a misspelt word, "" when none is near.
std::string nearest(const std::string& word, const std::vector<std::string>& candidates);

}  // namespace grapevine::cli
