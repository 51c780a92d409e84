// The table `queue`: for each change the database is opened, for one transaction.
#include "engine/runs/run_queue.h"

#include <unistd.h>

#include <algorithm>

#include "engine/error.h"
#include "engine/runs/database.h"
#include "engine/runs/database_identity.h"
#include "engine/runs/left_log.h"
#include "engine/runs/run_queries.h"

namespace grapevine {
namespace {

using SQLite::Statement;

constexpr int busy_milliseconds = 5000;

std::string host_name() {
  char name[256] = "";
  gethostname(name, sizeof name - 1);
  return name;
}

std::string lock_of(const std::string& path, std::int64_t id) {
  return beside(path, "-locks") + "/queue-" + std::to_string(id) + ".lock";
}

using Locks = std::map<std::int64_t, LockFile>;

/// What somebody took who is gone; of another machine it is not known.
std::vector<std::int64_t> orphans_in(SQLite::Database& database, const std::string& path, const Locks& held) {
  Statement running(database, queries::queue_running);
  std::vector<std::int64_t> ids;
  while (running.executeStep()) {
    const std::int64_t id = running.getColumn(0).getInt64();
    if (running.getColumn(1).getString() == host_name() && !held.contains(id) &&
        !LockFile::is_held(lock_of(path, id)))
      ids.push_back(id);
  }
  return ids;
}

std::vector<QueueEntry> entries_in(SQLite::Database& database) {
  Statement row(database, queries::queue_entries);
  std::vector<QueueEntry> all;
  while (row.executeStep()) {
    QueueEntry entry;
    int column = 0;
    entry.id = row.getColumn(column++).getInt64();
    std::string state;
    for (std::string* text :
         {&entry.plan, &state, &entry.added, &entry.group_uuid, &entry.run_uuid, &entry.host, &entry.note})
      *text = row.getColumn(column++).getString();
    entry.state = QueueWord::read(state);
    entry.pid = row.getColumn(column++).getInt64();
    entry.run = row.getColumn(column++).getInt64();
    entry.run_status = StatusWord::read(row.getColumn(column++).getString());
    entry.run_epochs = row.getColumn(column++).getDouble();
    entry.run_seconds = row.getColumn(column++).getDouble();
    all.push_back(std::move(entry));
  }
  return all;
}

/// Made or migrated, and closed again.
const std::string& prepared(const std::string& path) {
  open_for_writing(path);
  return path;
}

}  // namespace

class RunQueue::Impl {
 public:
  explicit Impl(const std::string& file) : path(file), identity(prepared(file)) { identity.expect(); }

  void demand_same_database() {
    if (const std::string fate = identity.fate(); !fate.empty())
      throw RunError("the database " + path + " " + fate + ": its queue is not there any more");
  }

  /// A change: whole or not at all, and SQLite's errors in our words. What lies there is looked at first, and
  /// is open no longer than for the change.
  template <class Work>
  auto changing(Work work) {
    demand_same_database();
    const Closing closing{*this};
    look_after_log(path);
    try {
      database.emplace(path, SQLite::OPEN_READWRITE, busy_milliseconds);
      database->exec("PRAGMA synchronous = NORMAL");
      database->exec("PRAGMA foreign_keys = ON");
      SQLite::Transaction transaction(*database, SQLite::TransactionBehavior::IMMEDIATE);
      if constexpr (std::is_void_v<decltype(work())>) {
        work();
        transaction.commit();
      } else {
        auto answer = work();
        transaction.commit();
        return answer;
      }
    } catch (const SQLite::Exception& error) {
      refuse_writing(path, error);
    }
  }

  template <class... Values>
  int exec(const char* sql, const Values&... values) {
    Statement statement(*database, sql);
    SQLite::bind(statement, values...);
    return statement.exec();
  }

  void free_orphans() {
    for (const std::int64_t id : orphans_in(*database, path, held))
      exec("UPDATE queue SET state = 'waiting', pid = NULL WHERE id = ?", id);
  }

  /// Nobody who looks takes a lock, unless there is something to put right.
  std::optional<std::vector<QueueEntry>> entries_without_orphans() {
    try {
      GuardedDatabase reading = open_for_reading(path);
      if (!orphans_in(reading, path, held).empty()) return std::nullopt;
      return entries_in(reading);
    } catch (const SQLite::Exception& error) {
      refuse_reading(path, error);
    }
  }

  void end(std::int64_t id, const QueueWord& state, const std::string& note) {
    changing([&] {
      exec("UPDATE queue SET state = ?, note = ?, pid = NULL WHERE id = ?", state.text(), note, id);
    });
    held.erase(id);
  }

  /// A state for those of them that are in one of two others.
  void set_state(const std::vector<std::int64_t>& ids, const QueueWord& state, const QueueWord& from,
                 const QueueWord& or_from) {
    changing([&] {
      free_orphans();  // those who only look see them wait
      for (const std::int64_t id : ids)
        exec("UPDATE queue SET state = ?, note = '' WHERE id = ? AND state IN (?, ?)", state.text(), id,
             from.text(), or_from.text());
    });
  }

  struct Closing {
    Impl& queue;
    ~Closing() { queue.database.reset(); }
  };

  const std::string path;
  DatabaseIdentity identity;
  std::optional<GuardedDatabase> database;  ///< during a change
  Locks held;                               ///< entries that this program trains
};

RunQueue::RunQueue(const std::string& database) : impl_(std::make_unique<Impl>(database)) {}
RunQueue::~RunQueue() = default;

std::vector<std::int64_t> RunQueue::add(const std::vector<std::string>& plans,
                                        const std::string& group_uuid) {
  return impl_->changing([&] {
    std::vector<std::int64_t> ids;
    for (const std::string& plan : plans) {
      impl_->exec(
          "INSERT INTO queue (position, plan, added, group_uuid) VALUES ((SELECT coalesce(max(position), 0) "
          "+ 1 "
          "FROM queue), ?, ?, ?)",
          plan, utc_now(), group_uuid);
      ids.push_back(impl_->database->getLastInsertRowid());
    }
    return ids;
  });
}

const std::string& RunQueue::database_id() const {
  return impl_->identity.id();
}

std::string RunQueue::fate() {
  return impl_->identity.fate();
}

std::vector<QueueEntry> RunQueue::list() {
  impl_->demand_same_database();
  if (auto entries = impl_->entries_without_orphans()) return std::move(*entries);
  return impl_->changing([&] {
    impl_->free_orphans();
    return entries_in(*impl_->database);
  });
}

std::vector<QueueEntry> RunQueue::look(const std::string& path) {
  try {
    GuardedDatabase database = open_for_reading(path);
    if (!database.tableExists("queue")) return {};  // of version 1
    std::vector<QueueEntry> all = entries_in(database);
    // Whose program is gone is shown as the next one finds it.
    for (const std::int64_t id : orphans_in(database, path, {}))
      for (QueueEntry& entry : all)
        if (entry.id == id) entry.state = QueueState::waiting, entry.pid = 0;
    return all;
  } catch (const SQLite::Exception& error) {
    refuse_reading(path, error);
  }
}

std::optional<QueueTurn> RunQueue::take() {
  return impl_->changing([&]() -> std::optional<QueueTurn> {
    impl_->free_orphans();
    for (QueueEntry& entry : entries_in(*impl_->database)) {
      if (entry.state != QueueState::waiting) continue;
      std::optional<LockFile> lock =
          LockFile::take(lock_of(impl_->path, entry.id), std::chrono::milliseconds(0));
      if (!lock) continue;
      impl_->held.emplace(entry.id, std::move(*lock));
      const std::string host = host_name();
      impl_->exec("UPDATE queue SET state = 'running', pid = ?, host = ?, note = '' WHERE id = ?",
                  static_cast<std::int64_t>(getpid()), host, entry.id);
      entry.state = QueueState::running;
      QueueTurn turn{std::move(entry), 0};
      // Begun, and not come to its end: whatever interrupted it, it continues.
      if (turn.entry.run != 0 && turn.entry.run_status != RunStatus::finished &&
          turn.entry.run_status != RunStatus::failed)
        turn.resumed_run = turn.entry.run;
      return turn;
    }
    return std::nullopt;
  });
}

void RunQueue::note_run(std::int64_t id, const std::string& run_uuid) {
  impl_->changing([&] { impl_->exec("UPDATE queue SET run_uuid = ? WHERE id = ?", run_uuid, id); });
}

void RunQueue::finish(std::int64_t id) {
  impl_->end(id, QueueState::done, "");
}
void RunQueue::fail(std::int64_t id, const std::string& why) {
  impl_->end(id, QueueState::failed, why);
}
void RunQueue::give_back(std::int64_t id) {
  impl_->end(id, QueueState::waiting, "");
}

void RunQueue::skip(const std::vector<std::int64_t>& ids) {
  impl_->set_state(ids, QueueState::skipped, QueueState::waiting, QueueState::waiting);
}
void RunQueue::retry(const std::vector<std::int64_t>& ids) {
  impl_->set_state(ids, QueueState::waiting, QueueState::skipped, QueueState::failed);
}

void RunQueue::remove(const std::vector<std::int64_t>& ids) {
  impl_->changing([&] {
    impl_->free_orphans();
    for (const std::int64_t id : ids)
      impl_->exec("DELETE FROM queue WHERE id = ? AND state <> 'running'", id);
  });
}

void RunQueue::move_to_front(const std::vector<std::int64_t>& ids) {
  impl_->changing([&] {
    // The last of them first, so that they keep their order among each other.
    for (auto id = ids.rbegin(); id != ids.rend(); ++id)
      impl_->exec(
          "UPDATE queue SET position = (SELECT coalesce(min(position), 1) - 1 FROM queue) WHERE id = ?", *id);
  });
}

}  // namespace grapevine
