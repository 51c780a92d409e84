// Reading one run whole: its row, where it began, its curves and events.
#include <algorithm>
#include <filesystem>
#include <limits>

#include "engine/error.h"
#include "engine/experiment/registry.h"
#include "engine/runs/kept_start.h"
#include "engine/runs/run_reader_impl.h"
#include "engine/runs/stored_values.h"

namespace grapevine {
namespace {

using SQLite::Column;
using SQLite::Statement;

double number_or_nan(const Column& column) {
  return column.isNull() ? std::numeric_limits<double>::quiet_NaN() : column.getDouble();
}

}  // namespace

void RunReader::Impl::load_row(RunData& run) {
  Statement row(
      database,
      std::string("SELECT uuid, name, status, rule, experiment, colour, group_uuid, group_kind, failure, "
                  "started, steps, epochs, seconds, versions, device, coalesce(threads, 0), ") +
          (has_digests ? "coalesce(data_digest, '')" : "''") + " FROM runs WHERE id = ?");
  row.bind(1, run.id);
  if (!row.executeStep()) refuse(std::to_string(run.id));
  run.uuid = row.getColumn(0).getString();
  run.name = stored_line(row.getColumn(1).getString());
  run.rule = stored_line(row.getColumn(3).getString());
  run.experiment = row.getColumn(4).getString();
  run.colour = static_cast<std::uint32_t>(row.getColumn(5).getInt64());
  run.colour_chosen = colour_chosen(run.id);
  run.group_uuid = row.getColumn(6).getString();
  run.status = true_status(run.id, StatusWord::read(row.getColumn(2).getString()), run.uuid, run.group_uuid,
                           row.getColumn(7).getString());
  run.failure = stored_line(row.getColumn(8).getString());
  run.started = stored_line(row.getColumn(9).getString());
  run.step = row.getColumn(10).getInt64();
  run.epoch = row.getColumn(11).getDouble();
  run.seconds = row.getColumn(12).getDouble();
  run.origin = origin(run.id);
  run.versions = row.getColumn(13).getString();
  run.device = stored_line(row.getColumn(14).getString());
  run.threads = row.getColumn(15).getInt();
  run.data_digest = row.getColumn(16).getString();
  run.revision = 1;
}

std::optional<RunOrigin> RunReader::Impl::origin(std::int64_t id) {
  if (database.execAndGet("SELECT count(*) FROM pragma_table_info('runs') WHERE name = 'parent_sha256'")
          .getInt() == 0)
    return std::nullopt;  // of version 1, which trained nothing further
  Statement row(database,
                "SELECT parent_uuid, parent_step, coalesce(parent_sha256, '') FROM runs WHERE id = ? AND "
                "parent_uuid IS NOT NULL AND parent_step IS NOT NULL");
  row.bind(1, id);
  if (!row.executeStep()) return std::nullopt;
  return RunOrigin{row.getColumn(0).getString(), row.getColumn(1).getInt64(), row.getColumn(2).getString()};
}

bool RunReader::Impl::is_fork(std::int64_t id) {
  Statement row(database, "SELECT 1 FROM runs WHERE id = ? AND origin = 'fork'");
  row.bind(1, id);
  return row.executeStep();
}

/// What a child of a run's checkpoint is to note of it.
RunOrigin RunReader::Impl::origin_at(std::int64_t id, std::int64_t step) {
  Statement row(
      database,
      "SELECT runs.uuid, sha256 FROM checkpoints JOIN runs ON runs.id = run WHERE run = ? AND step = ?");
  row.bind(1, id);
  row.bind(2, step);
  if (!row.executeStep())
    throw InputError("the checkpoint of run " + std::to_string(id) + " was just replaced");
  return {row.getColumn(0).getString(), step, row.getColumn(1).getString()};
}

std::optional<Checkpoint> RunReader::Impl::kept_start(const RunOrigin& from) {
  const std::string file = grapevine::kept_start(CheckpointFolder::find(database, path).path(), from);
  if (file.empty()) return std::nullopt;
  std::error_code missing;  // who reads it says so
  const auto size = static_cast<std::int64_t>(std::filesystem::file_size(file, missing));
  return read_checkpoint({file, size, from.sha256});
}

Checkpoint RunReader::Impl::first_state(std::int64_t id, const RunOrigin& from) {
  Statement row(database, R"sql(
    SELECT file, size FROM checkpoints JOIN runs ON runs.id = checkpoints.run
    WHERE runs.uuid = ?1 AND checkpoints.step = ?2 AND checkpoints.sha256 = ?3)sql");
  row.bind(1, from.uuid);
  row.bind(2, from.step);
  row.bind(3, from.sha256);
  std::optional<Checkpoint> state;
  if (row.executeStep())
    state =
        read_checkpoint({CheckpointFolder::find(database, path).file(row.getColumn(0).getString(), from.uuid),
                         row.getColumn(1).getInt64(), from.sha256});
  else
    state = kept_start(from);
  if (!state)
    throw InputError("run " + std::to_string(id) + " began at step " + std::to_string(from.step) +
                     " of the run " + from.uuid + ", whose checkpoint of that step is not in " + path +
                     ": take that run in with grapevine-cli db merge, or train it further again");
  if (!is_fork(id)) begin_new_run(*state);
  return *state;
}

void RunReader::Impl::load_series(RunData& run, const std::vector<std::string>& wanted) {
  Statement curves(database, "SELECT id, measure, point FROM series WHERE run = ?");
  Statement points(database,
                   "SELECT step, epoch, seconds, value FROM samples WHERE series = ? ORDER BY step");
  curves.bind(1, run.id);
  while (curves.executeStep()) {
    const std::string measure = curves.getColumn(1).getString();
    const std::int64_t point = curves.getColumn(2).getInt64();
    if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), measure) == wanted.end()) continue;
    as_far_as_possible("run " + std::to_string(run.id) + ", " + measure + ": the curve is not whole",
                       [&] { load_curve(run, points, curves.getColumn(0).getInt64(), measure, point); });
  }
}

void RunReader::Impl::load_curve(RunData& run, Statement& points, std::int64_t curve,
                                 const std::string& measure, std::int64_t point) {
  const int index = measure_index(measure);
  if (index < 0) return;  // of a program that knew more measures; the numbers stay in the file
  const SeriesKey key{index, static_cast<int>(point)};
  if (point < 0 || point > std::numeric_limits<std::uint16_t>::max() || run.series.contains(key)) {
    note("run " + std::to_string(run.id) + " has a curve of " + measure + " at the point " +
         std::to_string(point) + " that can be none; it was left out");
    return;
  }
  const MeasureDescriptor& known = measures()[static_cast<std::size_t>(index)];
  Series& series = run.series[key];
  points.tryReset();
  points.bind(1, curve);
  while (points.executeStep()) {
    const std::int64_t step = points.getColumn(0).getInt64();
    if (!series.step.empty() && step <= series.step.back()) {
      note("run " + std::to_string(run.id) + ", " + measure + ": steps out of order were left out");
      continue;
    }
    series.step.push_back(step);
    series.epoch.push_back(points.getColumn(1).getDouble());
    series.seconds.push_back(points.getColumn(2).getDouble());
    series.value.push_back(as_read(known, number_or_nan(points.getColumn(3))));
  }
}

void RunReader::Impl::load_events(RunData& run) {
  Statement position(database, "SELECT group_position FROM runs WHERE id = ?");
  position.bind(1, run.id);
  const auto racer = static_cast<std::uint16_t>(position.executeStep() ? position.getColumn(0).getInt() : 0);
  Statement row(database, "SELECT step, epoch, kind, cause, data FROM events WHERE run = ? ORDER BY id");
  row.bind(1, run.id);
  while (row.executeStep()) {
    run.events.push_back({racer, row.getColumn(0).getInt64(), row.getColumn(1).getDouble(),
                          OpenWord<EventKind>::read(stored_line(row.getColumn(2).getString())),
                          stored_line(row.getColumn(3).getString()), row.getColumn(4).getString()});
  }
}

}  // namespace grapevine
