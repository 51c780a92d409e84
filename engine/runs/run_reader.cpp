// Reading runs: each call is one read transaction, so that a writer's batches are seen whole or not at all.
#include "engine/runs/run_reader.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <limits>
#include <optional>

#include "engine/error.h"
#include "engine/experiment/registry.h"
#include "engine/runs/checkpoint_store.h"
#include "engine/runs/database.h"
#include "engine/runs/lock_file.h"
#include "engine/runs/run_cells.h"
#include "engine/runs/run_queries.h"
#include "engine/runs/run_values.h"
#include "engine/runs/stored_values.h"

namespace grapevine {
namespace {

using SQLite::Column;
using SQLite::Statement;
using SQLite::Transaction;

double number_or_nan(const Column& column) {
  return column.isNull() ? std::numeric_limits<double>::quiet_NaN() : column.getDouble();
}

/// Whole digits of a number that a 64-bit integer holds.
bool as_number(const std::string& text, std::int64_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

/// For LIKE ... ESCAPE '\': the text itself, nothing in it a wildcard.
std::string literal(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '%' || c == '_' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

/// What runs may be judged by, tests' scores first: those of validation data stand in for them.
std::vector<const MeasureDescriptor*> scores_to_list() {
  std::vector<const MeasureDescriptor*> all = scores(Phase::test);
  for (const MeasureDescriptor* score : scores(Phase::validation)) all.push_back(score);
  return all;
}

/// A run's row; version 1 of the tables has not all columns.
std::string summary_of_run(SQLite::Database& database) {
  const bool newer = database.tableExists("run_values");
  return std::string(
             "SELECT id, uuid, name, status, rule, model, data, started, coalesce(ended, ''), tags, notes, "
             "group_uuid, group_kind, device, colour, seed, epochs, steps, ") +
         (newer ? "pinned, coalesce(origin, ''), colour_chosen" : "0, '', 0") + " FROM runs WHERE id = ?";
}

}  // namespace

class RunReader::Impl {
 public:
  explicit Impl(const std::string& file)
      : path(file),
        database(open_for_reading(file)),
        has_digests(database.execAndGet("PRAGMA user_version").getInt() >= 2) {}

  /// One question: with a whole budget, and SQLite's errors in our words.
  template <class Work>
  auto asking(Work work) {
    database.renew_budget();
    try {
      return work();
    } catch (const SQLite::Exception& error) {
      throw cannot_read(path, error);
    }
  }
  /// Part of an answer: what can't be read is noted, the rest goes on.
  template <class Work>
  void as_far_as_possible(const std::string& what, Work work) {
    try {
      work();
    } catch (const SQLite::Exception& error) {
      note(what + ": " + explain(error));
    }
  }
  void note(const std::string& trouble) {
    if (std::find(troubles.begin(), troubles.end(), trouble) == troubles.end()) troubles.push_back(trouble);
  }

  std::vector<std::int64_t> listed_ids(bool deleted);
  std::vector<RunRow> rows(const RunSelection& selection);
  RunSummary summary(std::int64_t id);
  RunSummary summary(Statement& row, ValueReader& values);
  std::string experiment(std::int64_t id);
  /// Marked as going on while nobody holds the lock: cut off, even if nobody could note it yet.
  std::string true_status(std::int64_t id, const std::string& noted, const std::string& uuid,
                          const std::string& group_uuid, const std::string& group_kind);
  bool can_continue(std::int64_t id, const std::string& uuid);
  bool colour_chosen(std::int64_t id);
  [[noreturn]] void refuse(const std::string& id);
  void load_row(RunData& run);
  std::optional<RunOrigin> origin(std::int64_t id);
  Checkpoint first_state(std::int64_t id, const RunOrigin& from);
  void load_series(RunData& run, const std::vector<std::string>& wanted);
  void load_curve(RunData& run, Statement& points, std::int64_t curve, const std::string& measure,
                  std::int64_t point);
  void load_events(RunData& run);
  std::vector<std::int64_t> race_of(std::int64_t id);

  const std::string path;
  GuardedDatabase database;
  const bool has_digests;  ///< version 1 of the tables has no such column
  std::optional<bool> knows_choices;
  std::vector<std::string> troubles;
};

std::string RunReader::Impl::true_status(std::int64_t id, const std::string& noted, const std::string& uuid,
                                         const std::string& group_uuid, const std::string& group_kind) {
  try {
    if (!is_going_on(noted) && is_uuid(uuid)) return noted;
    const RunLock lock(path, uuid, group_uuid, group_kind);
    return !is_going_on(noted) || lock.is_held() ? noted : "interrupted";
  } catch (const InputError&) {
    note("run " + std::to_string(id) + " has the uuid '" + uuid + "', which is none: it can't be resumed");
    return is_going_on(noted) ? "interrupted" : noted;
  }
}

/// Where no checkpoint was written yet, the start is known: settings, seed and commands.
bool RunReader::Impl::can_continue(std::int64_t id, const std::string& uuid) {
  const CheckpointFolder folder = CheckpointFolder::find(database, path);
  Statement query(database, "SELECT file, size FROM checkpoints WHERE run = ? ORDER BY step DESC");
  query.bind(1, id);
  bool written = false;
  while (query.executeStep()) {
    written = true;
    try {
      std::error_code missing;
      const std::string file = folder.file(query.getColumn(0).getString(), uuid);
      const auto size = std::filesystem::file_size(file, missing);
      if (!missing && static_cast<std::int64_t>(size) == query.getColumn(1).getInt64()) return true;
    } catch (const InputError& error) {
      note(error.what());
      return false;
    }
  }
  return !written;
}

/// Version 1 gave out colours by position and let nobody choose.
bool RunReader::Impl::colour_chosen(std::int64_t id) {
  if (!knows_choices) {
    Statement column(database, "SELECT count(*) FROM pragma_table_info('runs') WHERE name = 'colour_chosen'");
    knows_choices = column.executeStep() && column.getColumn(0).getInt() > 0;
  }
  if (!*knows_choices) return false;
  Statement query(database, "SELECT colour_chosen FROM runs WHERE id = ?");
  query.bind(1, id);
  return query.executeStep() && query.getColumn(0).getInt() == 1;
}

std::vector<std::int64_t> RunReader::Impl::listed_ids(bool deleted) {
  std::vector<std::int64_t> ids;
  as_far_as_possible("the list of runs in " + path + " ends early", [&] {
    Statement row(database, queries::listed_ids);
    row.bind(1, deleted ? 1 : 0);
    while (row.executeStep()) ids.push_back(row.getColumn(0).getInt64());
  });
  return ids;
}

RunSummary RunReader::Impl::summary(std::int64_t id) {
  Statement row(database, summary_of_run(database));
  row.bind(1, id);
  if (!row.executeStep()) refuse(std::to_string(id));
  ValueReader values(database);
  return summary(row, values);
}

std::vector<RunRow> RunReader::Impl::rows(const RunSelection& selection) {
  Statement row(database, summary_of_run(database));
  ValueReader values(database);
  RunCells asked(database, selection.filter.keys()), shown(database, selection.columns);
  RunCells order(database, selection.order ? std::vector{*selection.order} : std::vector<RunKey>{});
  std::vector<std::pair<RunCell, RunRow>> found;
  for (const std::int64_t id : selection.only.empty() ? listed_ids(selection.deleted) : selection.only) {
    as_far_as_possible("run " + std::to_string(id) + " can't be read", [&] {
      row.tryReset();
      row.bind(1, id);
      if (!row.executeStep()) refuse(std::to_string(id));
      RunSummary run = summary(row, values);
      if (!selection.filter.accepts(asked.of(run, values))) return;
      const std::vector<RunCell> place = order.of(run, values);
      std::vector<RunCell> cells = shown.of(run, values);
      found.emplace_back(
          place.empty() ? RunCell() : place.front(),
          RunRow{std::move(run), std::move(cells), selection.experiments ? experiment(id) : ""});
    });
  }
  std::stable_sort(found.begin(), found.end(), [&](const auto& one, const auto& other) {
    if (is_empty(one.first) || is_empty(other.first)) return !is_empty(one.first) && is_empty(other.first);
    return compare(one.first, other.first) * (selection.descending ? -1 : 1) < 0;
  });
  std::vector<RunRow> all;
  for (auto& [unused, each] : found) all.push_back(std::move(each));
  return all;
}

std::string RunReader::Impl::experiment(std::int64_t id) {
  Statement query(database, "SELECT experiment FROM runs WHERE id = ?");
  query.bind(1, id);
  return query.executeStep() ? query.getColumn(0).getString() : "";
}

RunSummary RunReader::Impl::summary(Statement& row, ValueReader& values) {
  RunSummary run;
  int column = 0;
  run.id = row.getColumn(column++).getInt64();
  for (std::string* text :
       {&run.uuid, &run.name, &run.status, &run.rule, &run.model, &run.data, &run.started, &run.ended,
        &run.tags, &run.notes, &run.group_uuid, &run.group_kind, &run.device}) {
    *text = row.getColumn(column++).getString();
  }
  run.colour = static_cast<std::uint32_t>(row.getColumn(column++).getInt64());
  run.seed = row.getColumn(column++).getInt64();
  run.epochs = row.getColumn(column++).getDouble();
  run.steps = row.getColumn(column++).getInt64();
  run.pinned = row.getColumn(column++).getInt() != 0;
  run.origin = row.getColumn(column++).getString();
  run.colour_chosen = row.getColumn(column++).getInt() == 1;
  for (const MeasureDescriptor* score : scores_to_list()) {
    const auto curves = values.of(run.id, run.status, *score);
    const auto whole = curves.find(0);
    const bool measured = whole != curves.end() && whole->second.n > 0;
    const CurveValues found = measured ? whole->second : CurveValues{};
    if (score->phase == Phase::test && (!run.score || measured)) {
      run.score = score;
      run.best = found.best;
      run.last = found.last;
    }
    if (!run.judged_by || measured) {
      run.judged_by = score;
      run.judged_best = found.best;
    }
  }
  run.status = true_status(run.id, run.status, run.uuid, run.group_uuid, run.group_kind);
  run.resumable = !is_going_on(run.status) && run.status != "finished" && can_continue(run.id, run.uuid);
  return run;
}

void RunReader::Impl::refuse(const std::string& id) {
  throw InputError("there is no run " + id + " in " + path + ": see grapevine-cli list");
}

void RunReader::Impl::load_row(RunData& run) {
  Statement row(
      database,
      std::string("SELECT uuid, name, status, rule, experiment, colour, group_uuid, group_kind, failure, "
                  "started, steps, epochs, seconds, versions, device, coalesce(threads, 0), ") +
          (has_digests ? "coalesce(data_digest, '')" : "''") + " FROM runs WHERE id = ?");
  row.bind(1, run.id);
  if (!row.executeStep()) refuse(std::to_string(run.id));
  run.uuid = row.getColumn(0).getString();
  run.name = row.getColumn(1).getString();
  run.rule = row.getColumn(3).getString();
  run.experiment = row.getColumn(4).getString();
  run.colour = static_cast<std::uint32_t>(row.getColumn(5).getInt64());
  run.colour_chosen = colour_chosen(run.id);
  run.group_uuid = row.getColumn(6).getString();
  run.status = true_status(run.id, row.getColumn(2).getString(), run.uuid, run.group_uuid,
                           row.getColumn(7).getString());
  run.failure = row.getColumn(8).getString();
  run.started = row.getColumn(9).getString();
  run.step = row.getColumn(10).getInt64();
  run.epoch = row.getColumn(11).getDouble();
  run.seconds = row.getColumn(12).getDouble();
  run.origin = origin(run.id);
  run.versions = row.getColumn(13).getString();
  run.device = row.getColumn(14).getString();
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

Checkpoint RunReader::Impl::first_state(std::int64_t id, const RunOrigin& from) {
  Statement row(database, R"sql(
    SELECT file, size FROM checkpoints JOIN runs ON runs.id = checkpoints.run
    WHERE runs.uuid = ?1 AND checkpoints.step = ?2 AND checkpoints.sha256 = ?3)sql");
  row.bind(1, from.uuid);
  row.bind(2, from.step);
  row.bind(3, from.sha256);
  if (!row.executeStep())
    throw InputError("run " + std::to_string(id) + " began at step " + std::to_string(from.step) +
                     " of the run " + from.uuid + ", whose checkpoint of that step is not in " + path +
                     ": take that run in with grapevine-cli db merge, or train it further again");
  const std::string file =
      CheckpointFolder::find(database, path).file(row.getColumn(0).getString(), from.uuid);
  Checkpoint checkpoint = read_checkpoint({file, row.getColumn(1).getInt64(), from.sha256});
  begin_new_run(checkpoint);
  return checkpoint;
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
                          row.getColumn(2).getString(), row.getColumn(3).getString(),
                          row.getColumn(4).getString()});
  }
}

std::vector<std::int64_t> RunReader::Impl::race_of(std::int64_t id) {
  Statement query(database, R"sql(
    SELECT other.id FROM runs AS self JOIN runs AS other
      ON other.id = self.id OR (self.group_kind = 'race' AND other.group_uuid = self.group_uuid)
    WHERE self.id = ? ORDER BY other.group_position, other.id)sql");
  query.bind(1, id);
  std::vector<std::int64_t> ids;
  while (query.executeStep()) ids.push_back(query.getColumn(0).getInt64());
  if (ids.empty()) refuse(std::to_string(id));
  return ids;
}

RunReader::RunReader(const std::string& database) : impl_(std::make_unique<Impl>(database)) {}
RunReader::~RunReader() = default;

const std::vector<std::string>& RunReader::troubles() const {
  return impl_->troubles;
}

std::vector<RunRow> RunReader::rows(const RunSelection& selection) {
  return impl_->asking([&] {
    const Transaction snapshot(impl_->database);
    return impl_->rows(selection);
  });
}

std::vector<RunSummary> RunReader::list() {
  std::vector<RunSummary> all;
  for (RunRow& row : rows({})) all.push_back(std::move(row.summary));
  return all;
}

std::int64_t RunReader::resolve(const std::string& id, bool deleted) {
  return impl_->asking([&] {
    const Transaction snapshot(impl_->database);
    std::int64_t number = 0;
    if (as_number(id, number)) {
      Statement query(impl_->database, "SELECT deleted FROM runs WHERE id = ?");
      query.bind(1, number);
      if (query.executeStep()) {
        if ((query.getColumn(0).getInt() != 0) == deleted) return number;
        throw InputError(deleted
                             ? "run " + id + " was not deleted: there is nothing to restore"
                             : "run " + id + " was deleted: bring it back with grapevine-cli restore " + id);
      }
    }
    Statement query(impl_->database,
                    "SELECT id FROM runs WHERE uuid LIKE ? || '%' ESCAPE '\\' AND (deleted <> 0) = ?");
    query.bind(1, literal(id.substr(0, 100)));
    query.bind(2, deleted ? 1 : 0);
    std::vector<std::int64_t> found;
    while (!id.empty() && query.executeStep()) found.push_back(query.getColumn(0).getInt64());
    if (found.empty() && deleted)
      throw InputError("no deleted run in " + impl_->path + " has the id '" + id +
                       "': see grapevine-cli list --deleted");
    if (found.empty()) impl_->refuse("'" + id + "'");
    if (found.size() > 1) {
      throw InputError("'" + id + "' is the beginning of " + std::to_string(found.size()) +
                       " runs' uuids: give more of it, or the id");
    }
    return found.front();
  });
}

RunSummary RunReader::summary(std::int64_t id) {
  return impl_->asking([&] {
    const Transaction snapshot(impl_->database);
    return impl_->summary(id);
  });
}

RunData RunReader::load(std::int64_t id, const std::vector<std::string>& measures) {
  return impl_->asking([&] {
    const Transaction snapshot(impl_->database);
    RunData run;
    run.id = id;
    impl_->load_row(run);
    const std::string who = "run " + std::to_string(id);
    impl_->as_far_as_possible(who + ": the list of its curves ends early",
                              [&] { impl_->load_series(run, measures); });
    impl_->as_far_as_possible(who + ": the list of its events ends early", [&] { impl_->load_events(run); });
    return run;
  });
}

std::vector<std::int64_t> RunReader::race_of(std::int64_t id) {
  return impl_->asking([&] { return impl_->race_of(id); });
}

CheckpointSet RunReader::checkpoint(const std::vector<std::int64_t>& ids) {
  return impl_->asking(
      [&] { return latest_set(impl_->database, CheckpointFolder::find(impl_->database, impl_->path), ids); });
}

RunReader::Beginning RunReader::beginning_from(const std::vector<std::int64_t>& ids) {
  Beginning begin{checkpoint(ids), {}};
  if (begin.set.racers.empty())
    throw InputError("run " + std::to_string(ids.front()) +
                     (ids.size() > 1
                          ? " and its race have no checkpoint of one step to train them further from: with "
                            "checkpoint.keep=best each racer kept its own; set it to both"
                          : " has no checkpoint to train it further from"));
  return impl_->asking([&] {
    for (std::size_t i = 0; i < ids.size(); ++i) {
      Checkpoint& checkpoint = begin.set.racers[i];
      Statement row(impl_->database,
                    "SELECT runs.uuid, sha256 FROM checkpoints JOIN runs ON runs.id = run WHERE run = ? AND "
                    "step = ?");
      row.bind(1, ids[i]);
      row.bind(2, checkpoint.step);
      if (!row.executeStep())
        throw InputError("the checkpoint of run " + std::to_string(ids[i]) + " was just replaced");
      begin.origins.push_back({row.getColumn(0).getString(), checkpoint.step, row.getColumn(1).getString()});
      begin_new_run(checkpoint);
    }
    return std::move(begin);
  });
}

CheckpointSet RunReader::first_state(const std::vector<std::int64_t>& ids) {
  return impl_->asking([&] {
    CheckpointSet set;
    for (const std::int64_t id : ids)
      if (const std::optional<RunOrigin> from = impl_->origin(id))
        set.racers.push_back(impl_->first_state(id, *from));
    return set;
  });
}

std::int64_t RunReader::write_checkpoint(std::int64_t id, const std::string& file) {
  const CheckpointSet set = checkpoint({id});
  if (set.racers.empty())
    throw InputError("run " + std::to_string(id) + " has no checkpoint yet: train it on first");
  return grapevine::write_checkpoint(file, set.racers.front()).size;
}

std::vector<CommandRecord> RunReader::commands(std::int64_t id, std::int64_t after_step) {
  return impl_->asking([&] {
    const std::size_t racers = impl_->race_of(id).size();
    Statement row(impl_->database,
                  R"sql(
    SELECT step, command, value FROM commands
    WHERE run = ?1 AND (step > ?2 OR (step = ?2 AND (replay = 1 OR id >
      coalesce((SELECT covered FROM checkpoints WHERE run = ?1 AND step = ?2), 9223372036854775807))))
    ORDER BY step, id)sql");
    row.bind(1, id);
    row.bind(2, after_step);
    std::vector<CommandRecord> all;
    while (row.executeStep()) {
      all.push_back(
          {row.getColumn(0).getInt64(), row.getColumn(1).getString(), row.getColumn(2).getString()});
      check_stored_command(id, all.back(), racers);
    }
    return all;
  });
}

}  // namespace grapevine
