// Opening the database for reading.
#include "app/cli/stored_runs.h"

#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <nlohmann/json.hpp>

#include "app/cli/console.h"
#include "engine/error.h"

namespace grapevine::cli {

std::unique_ptr<RunReader> open_runs(const Options& options) {
  const std::string database = options.database_path();
  if (!database_exists(database)) mark_interrupted(database);  // takes in what was kept of a lost one
  if (!database_exists(database)) return nullptr;
  auto reader = std::make_unique<RunReader>(database);  // refuses a newer file before anything is written
  if (access(database.c_str(), W_OK) != 0) return reader;
  reader.reset();
  mark_interrupted(database);
  fill_run_values(database);
  return std::make_unique<RunReader>(database);
}

std::unique_ptr<RunReader> need_runs(const Options& options) {
  auto reader = open_runs(options);
  if (!reader) {
    throw InputError("no runs yet: there is no database " + options.database_path() +
                     "; train one first, or name another with --db or --data-dir");
  }
  return reader;
}

std::vector<std::int64_t> resolve_all(RunReader& reader, const std::vector<std::string>& names,
                                      bool deleted) {
  std::vector<std::int64_t> ids;
  for (const std::string& name : names) {
    const std::int64_t id = deleted ? reader.resolve_deleted(name) : reader.resolve(name);
    if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
  }
  return ids;
}

void tell_done(const Options& options, const std::string& done, const std::vector<std::int64_t>& ids,
               const std::string& hint) {
  std::string list;
  for (const std::int64_t id : ids) list += (list.empty() ? "" : ", ") + std::to_string(id);
  if (options.json)
    print_json({{"runs", ids}, {"done", done}});
  else if (!options.quiet)
    print(done + (ids.size() == 1 ? " run " : " runs ") + list + hint + "\n");
}

int tell_troubles(const RunReader& reader) {
  constexpr std::size_t most = 5;
  const std::vector<std::string>& troubles = reader.troubles();
  for (std::size_t i = 0; i < std::min(most, troubles.size()); ++i) complain(troubles[i]);
  if (troubles.size() > most) complain("and " + std::to_string(troubles.size() - most) + " troubles more");
  if (!troubles.empty()) complain("the database is not whole: grapevine-cli db check lists what is wrong");
  return troubles.empty() ? 0 : 1;
}

std::string local_time(const std::string& iso) {
  std::tm utc{};
  if (!strptime(iso.c_str(), "%Y-%m-%dT%H:%M:%S", &utc)) return iso;
  const std::time_t time = timegm(&utc);
  std::tm local{};
  localtime_r(&time, &local);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%d %H:%M", &local);
  return text;
}

}  // namespace grapevine::cli
