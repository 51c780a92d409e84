// The library's changes, and the marking of runs that were interrupted.
#include <sqlite3.h>

#include <algorithm>

#include "engine/error.h"
#include "engine/experiment/utf8.h"
#include "engine/runs/database.h"
#include "engine/runs/lock_file.h"
#include "engine/runs/run_reader.h"
#include "engine/runs/side_file.h"

namespace grapevine {
namespace {

using SQLite::Statement;

struct GoingOn {
  std::int64_t id = 0;
  std::string uuid, group_uuid, group_kind;
};

std::vector<GoingOn> marked_as_going_on(SQLite::Database& database) {
  Statement query(database,
                  "SELECT id, uuid, group_uuid, group_kind FROM runs WHERE status IN ('running', 'paused')");
  std::vector<GoingOn> runs;
  while (query.executeStep()) {
    runs.push_back({query.getColumn(0).getInt64(), query.getColumn(1).getString(),
                    query.getColumn(2).getString(), query.getColumn(3).getString()});
  }
  return runs;
}

/// Holding the lock meanwhile: nobody can resume the run between the look and the mark.
int mark(SQLite::Database& database, const std::string& path, const GoingOn& run) {
  RunLock lock(path, run.uuid, run.group_uuid, run.group_kind);
  if (!lock.take(std::chrono::milliseconds(0))) return 0;
  Statement update(database,
                   "UPDATE runs SET status = 'interrupted', ended = heartbeat "
                   "WHERE id = ? AND status IN ('running', 'paused')");
  update.bind(1, run.id);
  return update.exec();
}

}  // namespace

class RunEditor::Impl {
 public:
  explicit Impl(const std::string& database)
      : path(database), database(open_existing_for_writing(database)) {}

  template <class T>
  void set(const char* sql, std::int64_t id, const T& value) {
    database.renew_budget();
    try {
      Statement update(database, sql);
      SQLite::bind(update, value, id);
      if (update.exec() == 0) {
        throw InputError("there is no run " + std::to_string(id) + " in " + path +
                         ": see grapevine-cli list");
      }
    } catch (const SQLite::Exception& error) {
      refuse_change("can't change run " + std::to_string(id) + " in " + path, error);
    }
  }
  /// The words in the row are kept as they are where nothing changes.
  template <class Change>
  void change_tags(std::int64_t id, Change change) {
    try {
      SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
      std::vector<std::string> before;
      {
        Statement query(database, "SELECT tags FROM runs WHERE id = ?");
        query.bind(1, id);
        if (query.executeStep()) before = tags_in(query.getColumn(0).getString());
      }
      std::vector<std::string> after = before;
      change(after);
      std::string text;
      for (const std::string& tag : after) text += (text.empty() ? "" : ", ") + tag;
      if (after != before) set("UPDATE runs SET tags = ? WHERE id = ?", id, text);
      transaction.commit();
    } catch (const SQLite::Exception& error) {
      refuse_change("can't change run " + std::to_string(id) + " in " + path, error);
    }
  }
  void set_note_at(std::int64_t id, std::int64_t step, const std::string& text) {
    database.renew_budget();
    try {
      SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
      const double epoch = epoch_at(id, step);
      Statement forget(database, "DELETE FROM events WHERE run = ? AND step = ? AND kind = 'note'");
      SQLite::bind(forget, id, step);
      if (forget.exec() == 0 && text.empty())
        throw InputError("run " + std::to_string(id) + " has no note at step " + std::to_string(step));
      if (!text.empty()) {
        Statement add(database,
                      "INSERT INTO events (run, step, epoch, kind, cause) VALUES (?, ?, ?, 'note', ?)");
        SQLite::bind(add, id, step, epoch, text);
        add.exec();
      }
      transaction.commit();
    } catch (const SQLite::Exception& error) {
      refuse_change("can't change run " + std::to_string(id) + " in " + path, error);
    }
  }
  void set_deleted(const std::vector<std::int64_t>& ids, int deleted) {
    try {
      SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
      for (const std::int64_t id : ids) set("UPDATE runs SET deleted = ? WHERE id = ?", id, deleted);
      transaction.commit();
    } catch (const SQLite::Exception& error) {
      refuse_change("can't change runs in " + path, error);
    }
  }

  const std::string path;
  GuardedDatabase database;

 private:
  /// An epoch is a number of steps.
  double epoch_at(std::int64_t id, std::int64_t step) {
    Statement row(database, "SELECT steps, epochs FROM runs WHERE id = ?");
    row.bind(1, id);
    if (!row.executeStep())
      throw InputError("there is no run " + std::to_string(id) + " in " + path + ": see grapevine-cli list");
    const std::int64_t made = row.getColumn(0).getInt64();
    if (step < 0 || step > made)
      throw InputError("run " + std::to_string(id) + " has no step " + std::to_string(step) +
                       ": it has made " + std::to_string(made) + " steps");
    return made > 0 ? row.getColumn(1).getDouble() * static_cast<double>(step) / static_cast<double>(made)
                    : 0;
  }
  static GuardedDatabase open_existing_for_writing(const std::string& path) {
    if (!database_exists(path)) open_for_reading(path);  // says what is missing
    return open_for_writing(path);
  }
};

RunEditor::RunEditor(const std::string& database) : impl_(std::make_unique<Impl>(database)) {}
RunEditor::~RunEditor() = default;

void RunEditor::set_name(std::int64_t id, const std::string& name) {
  impl_->set("UPDATE runs SET name = ? WHERE id = ?", id, in_one_line(name));
}
void RunEditor::set_tags(std::int64_t id, const std::string& tags) {
  impl_->set("UPDATE runs SET tags = ? WHERE id = ?", id, tags);
}
void RunEditor::set_notes(std::int64_t id, const std::string& notes) {
  impl_->set("UPDATE runs SET notes = ? WHERE id = ?", id, notes);
}
void RunEditor::set_note_at(std::int64_t id, std::int64_t step, const std::string& text) {
  impl_->set_note_at(id, step, text);
}
void RunEditor::set_colour(std::int64_t id, std::uint32_t colour) {
  impl_->set("UPDATE runs SET colour = ?, colour_chosen = 1 WHERE id = ?", id,
             static_cast<std::int64_t>(colour));
}
void RunEditor::use_rules_colour(std::int64_t id) {
  impl_->set("UPDATE runs SET colour_chosen = ? WHERE id = ?", id, std::int64_t{0});
}
void RunEditor::set_pinned(std::int64_t id, bool pinned) {
  impl_->set("UPDATE runs SET pinned = ? WHERE id = ?", id, pinned ? 1 : 0);
}
void RunEditor::set_archived(std::int64_t id, bool archived) {
  impl_->set("UPDATE runs SET archived = ? WHERE id = ?", id, archived ? 1 : 0);
}
void RunEditor::set_baseline(std::int64_t id, bool baseline) {
  impl_->set("UPDATE runs SET baseline = ? WHERE id = ?", id, baseline ? 1 : 0);
}
void RunEditor::add_tag(std::int64_t id, const std::string& tag) {
  impl_->change_tags(id, [&](std::vector<std::string>& tags) {
    if (std::find(tags.begin(), tags.end(), tag) == tags.end()) tags.push_back(tag);
  });
}
void RunEditor::remove_tag(std::int64_t id, const std::string& tag) {
  impl_->change_tags(id, [&](std::vector<std::string>& tags) { std::erase(tags, tag); });
}
void RunEditor::remove(const std::vector<std::int64_t>& ids) {
  impl_->set_deleted(ids, 1);
}
void RunEditor::restore(const std::vector<std::int64_t>& ids) {
  impl_->set_deleted(ids, 0);
}

int mark_interrupted(const std::string& database) {
  const bool runs_beside = !side_files_of(database).empty();
  if (!runs_beside && !database_exists(database)) return 0;
  int marked = 0;
  try {
    if (runs_beside) open_for_writing(database);  // takes them in; a database that was lost is made again
    GuardedDatabase connection = open_for_marking(database);
    for (const GoingOn& run : marked_as_going_on(connection)) {
      // The racers of a race share a lock: taken and freed once each, the second finds it free again.
      try {
        marked += mark(connection, database, run);
      } catch (const InputError&) {
        continue;  // its uuid is none: RunReader shows it as interrupted, db check says why
      }
    }
  } catch (const std::exception&) {
    // Where nothing can be written RunReader shows the runs as interrupted all the same; what is wrong with
    // the file itself is reported.
    if (database_exists(database)) open_for_reading(database);
  }
  return marked;
}

}  // namespace grapevine
