// The writer's SQL.
#include "engine/runs/run_store.h"
#include "engine/runs/run_name.h"

#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <utility>

#include "engine/error.h"
#include "engine/experiment/groups/data_settings.h"
#include "engine/experiment/groups/model_settings.h"
#include "engine/experiment/groups/run_settings.h"
#include "engine/experiment/registry.h"
#include "engine/runs/colours.h"
#include "engine/runs/database.h"
#include "engine/runs/run_values.h"
#include "engine/runs/stored_beginning.h"
#include "engine/runs/stored_values.h"

namespace grapevine {
namespace {

using SQLite::Statement;
using SQLite::Transaction;
constexpr auto immediate = SQLite::TransactionBehavior::IMMEDIATE;

std::string host_name() {
  char name[256] = "";
  gethostname(name, sizeof name - 1);
  return name;
}

/// One statement run once with its parameters.
template <class... Parameters>
void run(SQLite::Database& database, const char* sql, const Parameters&... parameters) {
  Statement statement(database, sql);
  SQLite::bind(statement, parameters...);
  statement.exec();
}

/// One of thousands of the same.
template <class... Parameters>
void again(Statement& statement, const Parameters&... parameters) {
  SQLite::bind(statement, parameters...);
  statement.exec();
  statement.reset();
}

void bind_number(Statement& statement, int index, double value) {
  if (std::isfinite(value)) {
    statement.bind(index, value);
  } else {
    statement.bind(
        index);  // NULL: SQLite has no NaN, and no reader of the file should have to know of infinities
  }
}

std::string display_name(const Experiment& experiment) {
  if (const std::string given = RunSettings::of(experiment).name; !given.empty()) return given;
  return automatic_name(experiment.rule(), ModelSettings::of(experiment).name,
                        DataSettings::of(experiment).name);
}

std::string measure_key(int index) {
  const auto& known = measures();
  if (static_cast<std::size_t>(index) < known.size()) return known[index].key;
  return "unknown-" + std::to_string(index);
}

std::string versions() {
  return nlohmann::json{{"grapevine", GRAPEVINE_VERSION},
                        {"arithmetic", arithmetic_version},
                        {"sqlite", SQLite::getLibVersion()}}
      .dump();
}

/// A racer that had come to its end by then stays as it is.
bool ended_before(SQLite::Database& database, std::int64_t id, std::int64_t step) {
  Statement query(database, "SELECT 1 FROM runs WHERE id = ? AND status = 'finished' AND steps <= ?");
  SQLite::bind(query, id, step);
  return query.executeStep();
}

}  // namespace

RunStore::RunStore(const std::string& path) : path_(path), database_(connect_for_writing(path)) {}

const CheckpointFolder& RunStore::folder() {
  // It may have been deleted under a run in progress.
  if (!folder_ || !folder_->is_there()) folder_ = CheckpointFolder::own(database_, path_);
  return *folder_;
}

std::vector<std::int64_t> RunStore::insert_runs(const StoredRace& race) {
  Transaction transaction(database_, immediate);
  Statement insert(database_, R"sql(
    INSERT INTO runs (uuid, name, status, started, heartbeat, pid, host, seed, rule, model, data, experiment, versions,
                      colour, group_uuid, group_kind, group_position)
    VALUES (?, ?, 'running', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?))sql");
  // A single run takes the colour after its predecessor's, so that runs laid over each other differ.
  std::size_t place = 0;
  if (race.racers.size() == 1) {
    place =
        static_cast<std::size_t>(database_.execAndGet("SELECT coalesce(max(id), 0) FROM runs").getInt64());
  }
  std::vector<std::int64_t> ids;
  for (std::size_t i = 0; i < race.racers.size(); ++i) {
    const Experiment& experiment = race.racers[i];
    const std::string now = utc_now();
    SQLite::bind(insert, race.uuids.at(i), display_name(experiment), now, now,
                 static_cast<std::int64_t>(getpid()), host_name(), RunSettings::of(experiment).seed,
                 experiment.rule(), ModelSettings::of(experiment).name, DataSettings::of(experiment).name,
                 experiment.to_json().dump(), versions(), static_cast<std::int64_t>(racer_colour(place + i)),
                 race.group_uuid, race.group_kind, static_cast<std::int64_t>(i));
    insert.exec();
    insert.reset();
    ids.push_back(database_.getLastInsertRowid());
    ask_for(ids.back(), race.script);
    if (race.origins.empty()) continue;
    const RunOrigin& origin = race.origins.at(i);
    run(database_,
        "UPDATE runs SET parent_uuid = ?, parent_step = ?, parent_sha256 = ?, steps = ? WHERE id = ?",
        origin.uuid, origin.step, origin.sha256, origin.step, ids.back());
    if (race.forks) run(database_, "UPDATE runs SET origin = 'fork' WHERE id = ?", ids.back());
  }
  transaction.commit();
  return ids;
}

RunIdentity RunStore::identity(std::int64_t id) {
  Statement query(database_, "SELECT uuid, group_uuid, group_kind FROM runs WHERE id = ?");
  query.bind(1, id);
  if (!query.executeStep()) {
    throw InputError("there is no run " + std::to_string(id) + " in " + path_ + ": see grapevine-cli list");
  }
  RunIdentity found{query.getColumn(0).getString(), query.getColumn(1).getString(),
                    query.getColumn(2).getString()};
  if (!is_uuid(found.uuid))
    throw InputError(
        "run " + std::to_string(id) + " in " + path_ + " has the uuid '" + found.uuid +
        "', which is not valid: nothing was touched; grapevine-cli db check lists what else is wrong");
  return found;
}

std::string RunStore::holder(std::int64_t id) {
  Statement query(database_, "SELECT pid, host FROM runs WHERE id = ?");
  query.bind(1, id);
  if (!query.executeStep()) return "another program";
  return "process " + query.getColumn(0).getString() + " on " + query.getColumn(1).getString();
}

std::int64_t RunStore::latest_step(const std::vector<std::int64_t>& ids) {
  return latest_set(database_, folder(), ids).racers.front().step;
}

std::int64_t RunStore::command_at(std::int64_t count) {
  Statement query(database_, R"sql(
    SELECT coalesce(max(id), 0) FROM (SELECT id FROM commands WHERE run = ? AND replay = 0 ORDER BY id LIMIT ?))sql");
  std::int64_t last = 0;
  for (const std::int64_t id : ids_) {
    query.bind(1, id);
    query.bind(2, count);
    query.executeStep();
    last = std::max(last, query.getColumn(0).getInt64());
    query.reset();
  }
  return last;
}

std::vector<std::pair<StatusWord, std::string>> RunStore::statuses() {
  std::vector<std::pair<StatusWord, std::string>> all;
  Statement query(database_, "SELECT status, failure FROM runs WHERE id = ?");
  for (const std::int64_t id : ids_) {
    query.bind(1, id);
    query.executeStep();
    all.emplace_back(StatusWord::read(query.getColumn(0).getString()), query.getColumn(1).getString());
    query.reset();
  }
  return all;
}

std::vector<bool> RunStore::failed_before(const std::vector<std::int64_t>& ids, std::int64_t step) {
  Statement query(database_, R"sql(
    SELECT count(*) FILTER (WHERE step < ?2), count(*) FILTER (WHERE step = ?2) FROM events
    WHERE run = ?1 AND kind = 'failed')sql");
  std::vector<bool> before, at;
  for (const std::int64_t id : ids) {
    query.bind(1, id);
    query.bind(2, step);
    query.executeStep();
    before.push_back(query.getColumn(0).getInt() > 0);
    at.push_back(query.getColumn(1).getInt() > 0);
    query.reset();
  }
  // Where all failed at the checkpoint's own step, the session did, after the checkpoint; where one did, it
  // fell before.
  const bool session_failed = std::find(at.begin(), at.end(), false) == at.end();
  for (std::size_t i = 0; i < ids.size(); ++i) before[i] = before[i] || (at[i] && !session_failed);
  return before;
}

void RunStore::resume_runs(const std::vector<std::int64_t>& ids, std::int64_t step,
                           const std::vector<CommandRecord>& script) {
  database_.renew_budget();
  const CheckpointFolder& from = folder();
  std::vector<std::string> files;
  Transaction transaction(database_, immediate);
  const std::vector<bool> failed = failed_before(ids, step);
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const std::int64_t id = ids[i];
    delete_after(id, step);
    ask_for(id, script);
    const auto dropped = drop_sets_after(database_, from, id, step);
    files.insert(files.end(), dropped.begin(), dropped.end());
    run(database_, "UPDATE runs SET pid = ?, host = ?, heartbeat = ? WHERE id = ?",
        static_cast<std::int64_t>(getpid()), host_name(), utc_now(), id);
    if (ended_before(database_, id, step)) continue;
    if (failed[i]) {
      run(database_, "UPDATE runs SET status = 'failed' WHERE id = ?", id);
      continue;
    }
    run(database_, R"sql(
      UPDATE runs SET status = 'running', failure = '', ended = NULL, steps = max(?1, 0),
        epochs = coalesce((SELECT epoch FROM checkpoints WHERE run = ?2 AND step = ?1), iif(?1 < 0, 0, epochs)),
        seconds = (SELECT coalesce(max(seconds), 0) FROM samples WHERE series IN (SELECT id FROM series WHERE run = ?2))
      WHERE id = ?2)sql",
        step, id);
  }
  transaction.commit();
  remove_files(files);
}

void RunStore::delete_after(std::int64_t id, std::int64_t step) {
  forget_run_values(database_, id);
  run(database_, "DELETE FROM samples WHERE step > ? AND series IN (SELECT id FROM series WHERE run = ?)",
      step, id);
  run(database_,
      "DELETE FROM series WHERE run = ? AND NOT EXISTS (SELECT 1 FROM samples WHERE samples.series = "
      "series.id)",
      id);
  run(database_, "DELETE FROM events WHERE run = ? AND step > ? AND kind <> 'note'", id, step);
  run(database_, R"sql(
    UPDATE commands SET replay = 1 WHERE run = ?1 AND (step > ?2 OR (step = ?2 AND id >
      coalesce((SELECT covered FROM checkpoints WHERE run = ?1 AND step = ?2), 9223372036854775807))))sql",
      id, step);
}

void RunStore::make_durable() {
  database_.exec("PRAGMA synchronous = FULL");
}

bool RunStore::settle_log() {
  int pages = -1, moved = -2;
  return sqlite3_wal_checkpoint_v2(database_.getHandle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, &pages,
                                   &moved) == SQLITE_OK &&
         pages == moved;
}

void RunStore::write(std::span<const Sample> samples, const RunNews* rest) {
  database_.renew_budget();
  Transaction transaction(database_, immediate);
  write_samples(samples);
  if (rest) write_rest(*rest);
  const std::string now = utc_now();
  Statement heartbeat(database_, "UPDATE runs SET heartbeat = ? WHERE id = ?");
  for (const std::int64_t id : ids_) again(heartbeat, now, id);
  transaction.commit();
  remove_files(std::exchange(dropped_, {}));
}

std::int64_t RunStore::series_of(const Sample& sample) {
  const Curve curve{sample.racer, sample.measure, sample.point};
  if (const auto found = series_.find(curve); found != series_.end()) return found->second;
  const std::string key = measure_key(sample.measure);
  const std::int64_t id = ids_[sample.racer];
  run(database_, "INSERT OR IGNORE INTO series (run, measure, point) VALUES (?, ?, ?)", id, key,
      static_cast<int>(sample.point));
  Statement query(database_, "SELECT id FROM series WHERE run = ? AND measure = ? AND point = ?");
  SQLite::bind(query, id, key, static_cast<int>(sample.point));
  query.executeStep();
  return series_[curve] = query.getColumn(0).getInt64();
}

void RunStore::write_samples(std::span<const Sample> samples) {
  if (samples.empty()) return;
  // A second value for the same step takes the place of the first, as in RunData.
  Statement insert(
      database_,
      "INSERT OR REPLACE INTO samples (series, step, epoch, seconds, value) VALUES (?, ?, ?, ?, ?)");
  std::vector<double> seconds(ids_.size(), -1);
  for (const Sample& sample : samples) {
    if (sample.racer >= ids_.size()) continue;
    insert.bind(1, series_of(sample));
    insert.bind(2, sample.step);
    insert.bind(3, sample.epoch);
    insert.bind(4, sample.seconds);
    bind_number(insert, 5, sample.value);
    insert.exec();
    insert.reset();
    seconds[sample.racer] = std::max(seconds[sample.racer], sample.seconds);
  }
  Statement trained(database_, "UPDATE runs SET seconds = max(seconds, ?) WHERE id = ?");
  for (std::size_t racer = 0; racer < ids_.size(); ++racer) {
    if (seconds[racer] < 0) continue;
    again(trained, seconds[racer], ids_[racer]);
    // Who took the run for interrupted, as a program on another computer may, has summed up what there was.
    forget_run_values(database_, ids_[racer]);
  }
}

void RunStore::write_rest(const RunNews& news) {
  for (const Event& event : news.events) write_event(event);
  for (const CommandRecord& command : news.commands) write_command(command);
  write_progress(news);
}

void RunStore::write_event(const Event& event) {
  if (event.racer >= ids_.size()) return;
  run(database_, "INSERT INTO events (run, step, epoch, kind, cause, data) VALUES (?, ?, ?, ?, ?, ?)",
      ids_[event.racer], event.step, event.epoch, event.kind.text(), event.cause, event.data);
  if (event.kind == EventKind::started) note_start(event);
}

/// What was resolved when the networks stood. A later part of the run may be computed elsewhere: its event
/// `resumed` says so, the columns continue to tell how the run began.
void RunStore::note_start(const Event& started) {
  const ResolvedStart start = resolved_start(started);
  const std::int64_t id = ids_[started.racer];
  if (!start.device.empty()) run(database_, "UPDATE runs SET device = ? WHERE id = ?", start.device, id);
  if (!start.library.empty())
    run(database_,
        "UPDATE runs SET versions = json_set(versions, '$.library', ?) WHERE id = ? AND json_valid(versions)",
        start.library, id);
  if (!start.data_digest.empty())
    run(database_, "UPDATE runs SET data_digest = ? WHERE id = ?", start.data_digest, id);
  // Also in the settings, so that a resumed run computes with the same number. A run that begins again keeps
  // its first.
  if (start.threads > 0)
    run(database_,
        "UPDATE runs SET threads = ?1, experiment = json_set(experiment, '$.threads', ?1) "
        "WHERE id = ?2 AND threads IS NULL",
        start.threads, id);
}

/// A command goes to every racer: the run stays whole when it is looked at, exported or resumed alone.
void RunStore::write_command(const CommandRecord& command) {
  if (command.undone) return take_back(command);
  for (const std::int64_t id : ids_) {
    run(database_, R"sql(
      DELETE FROM commands WHERE id = (SELECT id FROM commands WHERE run = ? AND replay = 1 AND command = ? AND value = ?
                                       AND step <= ? ORDER BY step, id LIMIT 1))sql",
        id, command.command, command.value, command.step);
    run(database_, "INSERT INTO commands (run, step, command, value) VALUES (?, ?, ?, ?)", id, command.step,
        command.command, command.value);
  }
}

/// As if it had not been given. A state that contains it is none of the run's any more.
void RunStore::take_back(const CommandRecord& command) {
  for (const std::int64_t id : ids_) {
    Statement last(
        database_,
        "SELECT max(id) FROM commands WHERE run = ? AND replay = 0 AND step = ? AND command = ? AND "
        "value = ?");
    SQLite::bind(last, id, command.step, command.command, command.value);
    if (!last.executeStep() || last.getColumn(0).isNull()) continue;
    const std::int64_t row = last.getColumn(0).getInt64();
    const auto files = drop_sets_with_command(database_, folder(), id, row);
    dropped_.insert(dropped_.end(), files.begin(), files.end());
    run(database_, "DELETE FROM commands WHERE id = ?", row);
  }
}

void RunStore::ask_for(std::int64_t id, const std::vector<CommandRecord>& script) {
  for (const CommandRecord& command : script)
    run(database_, "INSERT INTO commands (run, step, command, value, replay) VALUES (?, ?, ?, ?, 1)", id,
        command.step, command.command, command.value);
}

void RunStore::write_progress(const RunNews& news) {
  Statement state(database_, "UPDATE runs SET status = ?, failure = ? WHERE id = ?");
  Statement place(database_, "UPDATE runs SET steps = ?, epochs = ? WHERE id = ?");
  for (std::size_t racer = 0; racer < ids_.size(); ++racer) {
    const StatusWord& status = news.status[racer];
    again(state, status.text(), news.failure[racer], ids_[racer]);
    if (!is_going_on(status)) {
      run(database_, "UPDATE runs SET ended = coalesce(ended, ?) WHERE id = ?", utc_now(), ids_[racer]);
      store_final_values(database_, ids_[racer]);
    }
    if (news.step >= 0 && status != RunStatus::failed && !news.left[racer])
      again(place, news.step, news.epoch, ids_[racer]);
  }
  for (const Event& event : news.events) {
    if ((event.kind != EventKind::failed && event.kind != EventKind::finished) || event.racer >= ids_.size())
      continue;
    // Where a race ends every racer is reported; one that had failed stays where it fell.
    if (event.kind == EventKind::finished && news.status[event.racer] == RunStatus::failed) continue;
    again(place, event.step, event.epoch, ids_[event.racer]);
  }
}

void RunStore::add_checkpoint(const WrittenSet& set) {
  database_.renew_budget();
  const CheckpointFolder& to = folder();
  Transaction transaction(database_, immediate);
  const auto old = insert_set(database_, to, ids_, set);
  transaction.commit();
  remove_files(old);
}

void RunStore::keep_the_best_alone(std::int64_t id) {
  database_.renew_budget();
  const CheckpointFolder& from = folder();
  Transaction transaction(database_, immediate);
  const auto dropped = drop_all_but_best(database_, from, id);
  transaction.commit();
  remove_files(dropped);
}

void RunStore::bring_in(WrittenSet set) {
  for (CheckpointFile& file : set.files) {
    folder().bring_in(file.path);
    file.path = folder().path() + "/" + std::filesystem::path(file.path).filename().string();
  }
  add_checkpoint(set);
}

void RunStore::remove_orphans(const std::vector<std::string>& uuids) {
  grapevine::remove_orphans(database_, folder(), uuids);
}

}  // namespace grapevine
