// What the database holds of runs in progress, read back for the writer's memory.
#include <algorithm>
#include <limits>

#include "engine/error.h"
#include "engine/experiment/registry.h"
#include "engine/runs/run_store.h"

namespace grapevine {

using SQLite::Statement;

StoredPast RunStore::past(std::size_t most) {
  StoredPast past;
  Statement point(database_, R"sql(
    SELECT measure, point, step, epoch, seconds, value FROM samples JOIN series ON series.id = samples.series
    WHERE run = ? ORDER BY step DESC LIMIT ?)sql");
  Statement event(database_, "SELECT step, epoch, kind, cause, data FROM events WHERE run = ? ORDER BY id");
  for (std::size_t racer = 0; racer < ids_.size(); ++racer) {
    const auto of_racer = static_cast<std::uint16_t>(racer);
    database_.renew_budget();
    point.bind(1, ids_[racer]);
    point.bind(2, static_cast<std::int64_t>(most / ids_.size()));
    while (point.executeStep()) {
      const int measure = measure_index(point.getColumn(0).getString());
      if (measure < 0) continue;
      past.samples.push_back({of_racer, static_cast<std::uint16_t>(measure),
                              static_cast<std::uint16_t>(point.getColumn(1).getInt()),
                              point.getColumn(2).getInt64(), point.getColumn(3).getDouble(),
                              point.getColumn(4).getDouble(),
                              point.getColumn(5).isNull() ? std::numeric_limits<double>::quiet_NaN()
                                                          : point.getColumn(5).getDouble()});
    }
    point.reset();
    event.bind(1, ids_[racer]);
    while (event.executeStep())
      past.events.push_back({of_racer, event.getColumn(0).getInt64(), event.getColumn(1).getDouble(),
                             OpenWord<EventKind>::read(event.getColumn(2).getString()),
                             event.getColumn(3).getString(), event.getColumn(4).getString()});
    event.reset();
  }
  std::reverse(past.samples.begin(), past.samples.end());  // the eldest first
  try {
    for (WrittenSet& set : whole_sets()) past.checkpoints.push_back({std::move(set), 0});
  } catch (const InputError&) {
    // A name that is none: what reads the checkpoint says so.
  }
  Statement command(database_,
                    "SELECT step, command, value, id FROM commands WHERE run = ? AND replay = 0 ORDER BY id");
  command.bind(1, ids_.front());  // every racer has them
  while (command.executeStep()) {
    past.commands.push_back({command.getColumn(0).getInt64(), command.getColumn(1).getString(),
                             command.getColumn(2).getString()});
    for (KnownSet& known : past.checkpoints)
      if (command.getColumn(3).getInt64() <= known.set.covered)
        known.commands = static_cast<std::int64_t>(past.commands.size());
  }
  return past;
}

/// Those that all the runs have, the latest last.
std::vector<WrittenSet> RunStore::whole_sets() {
  std::vector<WrittenSet> sets;
  Statement row(database_, R"sql(
    SELECT file, size, sha256, epoch, covered, best, (SELECT uuid FROM runs WHERE id = run) FROM checkpoints
    WHERE run = ? AND step = ?)sql");
  const std::vector<std::int64_t> steps = common_steps(database_, ids_);
  for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
    WrittenSet& set = sets.emplace_back();
    set.step = *step;
    for (const std::int64_t id : ids_) {
      row.bind(1, id);
      row.bind(2, set.step);
      row.executeStep();
      set.files.push_back({folder().file(row.getColumn(0).getString(), row.getColumn(6).getString()),
                           row.getColumn(1).getInt64(), row.getColumn(2).getString()});
      set.epoch = row.getColumn(3).getDouble();
      set.covered = std::max(set.covered, row.getColumn(4).getInt64());
      set.best.push_back(row.getColumn(5).getInt() != 0);
      row.reset();
    }
  }
  return sets;
}

}  // namespace grapevine
