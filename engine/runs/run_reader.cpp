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
#include "engine/files/careful_file.h"
#include "engine/runs/checkpoint_store.h"
#include "engine/runs/database.h"
#include "engine/runs/left_log.h"
#include "engine/runs/lock_file.h"
#include "engine/runs/run_cells.h"
#include "engine/runs/run_queries.h"
#include "engine/runs/run_reader_impl.h"
#include "engine/runs/run_values.h"
#include "engine/runs/stored_values.h"
#include "engine/session/interruption.h"

namespace grapevine {
namespace {

using SQLite::Statement;
using SQLite::Transaction;

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
             "group_uuid, group_kind, device, coalesce(failure, ''), colour, seed, epochs, steps, ") +
         (newer ? "pinned, coalesce(origin, ''), colour_chosen, archived, baseline" : "0, '', 0, 0, 0") +
         " FROM runs WHERE id = ?";
}

}  // namespace

StatusWord RunReader::Impl::true_status(std::int64_t id, const StatusWord& noted, const std::string& uuid,
                                        const std::string& group_uuid, const std::string& group_kind) {
  try {
    if (!is_going_on(noted) && is_uuid(uuid)) return noted;
    const RunLock lock(path, uuid, group_uuid, group_kind);
    return !is_going_on(noted) || lock.is_held() ? noted : RunStatus::interrupted;
  } catch (const InputError&) {
    note("run " + std::to_string(id) + " has the uuid '" + uuid +
         "', which is not valid: it can't be resumed");
    return is_going_on(noted) ? RunStatus::interrupted : noted;
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
  RunSummary run = columns(row);
  judge(run, values);
  return run;
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
      RunSummary run = columns(row);
      const auto cell = [&](std::size_t key) { return asked.at(key, run, values); };
      if ((run.archived && !selection.archived) || !selection.filter.accepts_asking(cell)) return;
      judge(run, values);
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

RunSummary RunReader::Impl::columns(Statement& row) {
  RunSummary run;
  int column = 0;
  run.id = row.getColumn(column++).getInt64();
  std::string status;
  for (std::string* text :
       {&run.uuid, &run.name, &status, &run.rule, &run.model, &run.data, &run.started, &run.ended, &run.tags,
        &run.notes, &run.group_uuid, &run.group_kind, &run.device, &run.failure}) {
    const std::string stored = row.getColumn(column++).getString();
    *text = text == &run.notes ? stored : stored_line(stored);
  }
  run.status = StatusWord::read(status);
  run.colour = static_cast<std::uint32_t>(row.getColumn(column++).getInt64());
  run.seed = row.getColumn(column++).getInt64();
  run.epochs = row.getColumn(column++).getDouble();
  run.steps = row.getColumn(column++).getInt64();
  run.pinned = row.getColumn(column++).getInt() != 0;
  run.origin = row.getColumn(column++).getString();
  run.colour_chosen = row.getColumn(column++).getInt() == 1;
  run.archived = row.getColumn(column++).getInt() != 0;
  run.baseline = row.getColumn(column++).getInt() != 0;
  run.status = true_status(run.id, run.status, run.uuid, run.group_uuid, run.group_kind);
  return run;
}

void RunReader::Impl::judge(RunSummary& run, ValueReader& values) {
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
  run.resumable =
      !is_going_on(run.status) && run.status != RunStatus::finished && can_continue(run.id, run.uuid);
}

void RunReader::Impl::refuse(const std::string& id) {
  throw InputError("there is no run " + id + " in " + path + ": see grapevine-cli list");
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

RunReader::RunReader(const std::string& database)
    : impl_(within_memory("the database ", database, [&] { return std::make_unique<Impl>(database); })) {}

// The last connection that closes moves the log into the file, which may be another one by now. The window's
// thread does not wait here for another program: the next opening looks again.
RunReader::~RunReader() {
  try {
    const Interruptible whatever_stops;
    if (impl_) look_after_log(impl_->path, false);
  } catch (...) {
    // Nobody is left to be told.
  }
}

const std::vector<std::string>& RunReader::troubles() const {
  return impl_->troubles;
}

std::vector<RunRow> RunReader::rows(const RunSelection& selection) {
  return impl_->asking([&] {
    const Transaction snapshot(impl_->database);
    return impl_->rows(selection);
  });
}

std::vector<std::int64_t> RunReader::ids() {
  return impl_->asking([&] { return impl_->listed_ids(false); });
}

std::vector<RunSummary> RunReader::list() {
  return impl_->asking([&] {
    const Transaction snapshot(impl_->database);
    std::vector<RunSummary> all;
    for (RunRow& row : impl_->rows({})) all.push_back(std::move(row.summary));
    return all;
  });
}

std::int64_t RunReader::resolve(const std::string& id, bool deleted) {
  return impl_->asking([&] {
    const Transaction snapshot(impl_->database);
    std::int64_t number = 0;
    const bool is_number = as_number(id, number);
    if (is_number) {
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
    // A short number is meant as a run's: another one whose uuid begins so would be shown, or deleted,
    // unasked.
    constexpr std::size_t least_of_digits = 8;
    const bool may_be_uuid = !id.empty() && !(is_number && id.size() < least_of_digits);
    while (may_be_uuid && query.executeStep()) found.push_back(query.getColumn(0).getInt64());
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

namespace {

InputError without_checkpoint(const std::vector<std::int64_t>& ids, const char* wanted) {
  return InputError("run " + std::to_string(ids.front()) +
                    (ids.size() > 1
                         ? " and its race have no checkpoint of one step " + std::string(wanted) +
                               ": with checkpoint.keep=best each racer kept its own; set it to both"
                         : " has no checkpoint " + std::string(wanted)));
}

}  // namespace

RunReader::Beginning RunReader::beginning_from(const std::vector<std::int64_t>& ids) {
  Beginning begin{checkpoint(ids), {}};
  if (begin.set.racers.empty()) throw without_checkpoint(ids, "to train them further from");
  impl_->asking([&] {
    for (std::size_t i = 0; i < ids.size(); ++i) {
      begin.origins.push_back(impl_->origin_at(ids[i], begin.set.racers[i].step));
      begin_new_run(begin.set.racers[i]);
    }
  });
  return begin;
}

RunReader::Beginning RunReader::fork_from(std::int64_t id) {
  Beginning begin{checkpoint({id}), {}};
  if (begin.set.racers.empty()) throw without_checkpoint({id}, "yet to fork it from");
  begin.origins.push_back(impl_->asking([&] { return impl_->origin_at(id, begin.set.racers.front().step); }));
  return begin;
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
  refuse_to_replace_data(file);
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
