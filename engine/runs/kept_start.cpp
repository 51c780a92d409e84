#include "engine/runs/kept_start.h"

#include <filesystem>

#include "engine/error.h"
#include "engine/runs/checkpoint_file.h"

namespace grapevine {

std::string kept_start(const std::string& folder, const RunOrigin& from) {
  const std::string start = from.uuid + "-step-" + std::to_string(from.step);
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(folder, none)) {
    const std::string file = entry.path().filename().string();
    if (!file.starts_with(start + ".") && !file.starts_with(start + "-")) continue;
    try {
      read_checkpoint({entry.path().string(), static_cast<std::int64_t>(entry.file_size(none)), from.sha256});
      return entry.path().string();
    } catch (const InputError&) {
      continue;  // another state of that step
    }
  }
  return {};
}

std::vector<RunOrigin> unnamed_starts(SQLite::Database& database) {
  std::vector<RunOrigin> all;
  SQLite::Statement query(
      database,
      "SELECT DISTINCT parent_uuid, parent_step, parent_sha256 FROM runs WHERE parent_uuid "
      "IS NOT NULL AND parent_sha256 IS NOT NULL AND NOT EXISTS (SELECT 1 FROM checkpoints "
      "WHERE checkpoints.sha256 = runs.parent_sha256)");
  while (query.executeStep())
    all.push_back(
        {query.getColumn(0).getString(), query.getColumn(1).getInt64(), query.getColumn(2).getString()});
  return all;
}

}  // namespace grapevine
