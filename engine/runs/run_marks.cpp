// What changes in a run's rows whenever it is trained.
#include "engine/runs/run_marks.h"

#include "engine/runs/database.h"

namespace grapevine {

std::vector<std::string> run_marks(SQLite::Database& database, const std::vector<std::int64_t>& ids) {
  // Every batch of a writer changes the heartbeat. A name, a note or a tag changes nothing here.
  SQLite::Statement query(database, R"sql(
    SELECT uuid || ' ' || status || ' ' || steps || ' ' || coalesce(heartbeat, '') || ' ' || coalesce(pid, '') || ' ' ||
           coalesce(host, '') || ' ' || coalesce((SELECT max(step) FROM checkpoints WHERE run = runs.id), '')
    FROM runs WHERE id = ?)sql");
  std::vector<std::string> marks;
  for (const std::int64_t id : ids) {
    query.bind(1, id);
    marks.push_back(query.executeStep() ? query.getColumn(0).getString() : "");
    query.reset();
  }
  return marks;
}

std::vector<std::string> run_marks(const std::string& path, const std::vector<std::int64_t>& ids) {
  try {
    GuardedDatabase database = open_for_reading(path);
    return run_marks(database, ids);
  } catch (const SQLite::Exception& error) {
    refuse_reading(path, error);
  }
}

}  // namespace grapevine
