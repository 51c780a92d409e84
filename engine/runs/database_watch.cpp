// stat(), and the file read as it lies, past SQLite's log.
#include "engine/runs/database_watch.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <thread>

#include "engine/runs/guarded_database.h"

namespace grapevine {
namespace {

using Kind = DatabaseFate::Kind;

constexpr int looks_before_a_verdict = 4;  // SQLite itself may be moving its log into the file

bool same_time(const timespec& a, const timespec& b) {
  return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

struct Inside {
  bool readable = false, has_run = false;
  std::string id;
  std::int64_t page_size = 0, id_page = 0;
};

std::int64_t number_from(SQLite::Database& file, const char* question) {
  SQLite::Statement query(file, question);
  return query.executeStep() ? query.getColumn(0).getInt64() : 0;
}

/// The id of whatever database lies there, and whether it has the run.
Inside read_inside(const std::string& path, const std::string& uuid) {
  Inside inside;
  try {
    GuardedDatabase file = GuardedDatabase::immutable(path);
    SQLite::Statement id(file, "SELECT value FROM meta WHERE key = 'database_id'");
    if (id.executeStep()) inside.id = id.getColumn(0).getString();
    SQLite::Statement run(file, "SELECT 1 FROM runs WHERE uuid = ?");
    run.bind(1, uuid);
    inside.has_run = run.executeStep();
    inside.page_size = number_from(file, "PRAGMA page_size");
    inside.id_page = number_from(file, "SELECT rootpage FROM sqlite_schema WHERE name = 'meta'");
    inside.readable = true;
  } catch (const SQLite::Exception&) {
    // Damaged, or in the middle of a change.
  }
  return inside;
}

/// What other connections of this or another program still have of the log would be moved into the file by
/// the last that closes. There is nothing in it any more, and its index is read again.
void empty_log(sqlite3* handle) {
  sqlite3_file *log = nullptr, *file = nullptr;
  sqlite3_file_control(handle, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
  sqlite3_file_control(handle, "main", SQLITE_FCNTL_FILE_POINTER, &file);
  if (!log || !log->pMethods || log->pMethods->xTruncate(log, 0) != SQLITE_OK) return;
  if (!file || !file->pMethods || file->pMethods->iVersion < 2 || !file->pMethods->xShmMap) return;
  constexpr int region = 32768, headers = 2 * 48;  // SQLite's "WAL-index format"
  void volatile* index = nullptr;
  if (file->pMethods->xShmMap(file, 0, region, 0, &index) == SQLITE_OK && index)
    std::fill_n(static_cast<volatile unsigned char*>(index), headers, static_cast<unsigned char>(0));
}

}  // namespace

// Never by an ordinary descriptor: closing one would free the locks that SQLite holds on the file.
DatabaseWatch::DatabaseWatch(const std::string& database) : path_(database) {
  handle_ = ::open(path_.c_str(), O_PATH | O_CLOEXEC);
  struct stat file {};
  if (handle_ >= 0 && ::fstat(handle_, &file) == 0) file_ = id_of(file);
  log_opened();
}

DatabaseWatch::~DatabaseWatch() {
  if (handle_ >= 0) ::close(handle_);
}

void DatabaseWatch::expect(const std::string& database_id, const std::string& run_uuid) {
  id_ = database_id;
  ids_.insert(database_id);
  uuid_ = run_uuid;
}

void DatabaseWatch::log_opened() {
  log_open_ = false;
  log_ = {};
  note_log();
  log_open_ = log_.inode != 0;
}

/// Nobody removes the log of a database that is in use, but by mistake.
DatabaseFate DatabaseWatch::fate_of_log() const {
  struct stat log {};
  if (!log_open_) return {};
  if (::stat((path_ + "-wal").c_str(), &log) == 0) {
    if (id_of(log) == log_) return {};
    if (log.st_size > 0) return {Kind::log_replaced, "has another file in the place of its log", ""};
  } else if (errno != ENOENT) {
    return {};
  }
  if (struct stat file{}; ::stat(path_.c_str(), &file) != 0) return vanished();  // all of it, just now
  return {Kind::log_lost, "lost its log " + path_ + "-wal, which was deleted", ""};
}

void DatabaseWatch::note_log() {
  if (log_open_) return;
  struct stat log {};
  if (::stat((path_ + "-wal").c_str(), &log) == 0) log_ = id_of(log);
}

DatabaseFate DatabaseWatch::vanished() const {
  struct stat kept {};
  if (handle_ >= 0 && ::fstat(handle_, &kept) == 0 && kept.st_nlink > 0)
    return {Kind::moved, "was moved", ""};
  return {Kind::deleted, "was deleted", ""};
}

DatabaseFate DatabaseWatch::look() {
  struct stat file {};
  if (::stat(path_.c_str(), &file) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) return vanished();
    return {};  // a file system that does not answer: SQLite will say what is wrong
  }
  if (id_of(file) != file_) {
    const bool moved = vanished().kind == Kind::moved;
    return {moved ? Kind::moved : Kind::replaced,
            moved ? "was moved, and another file is in its place" : "was replaced by another file",
            read_inside(path_, uuid_).id};
  }
  if (file.st_size == 0 && seen_size_ > 0) return {Kind::truncated, "was truncated", ""};
  if (DatabaseFate fate = fate_of_log(); !fate.words.empty()) return fate;
  const bool unchanged = same_time(file.st_mtim, seen_time_) && file.st_size == seen_size_;
  if (!unchanged) return look_inside(file);
  note_log();
  return {};
}

DatabaseFate DatabaseWatch::look_inside(const struct stat& file) {
  const Inside inside = read_inside(path_, uuid_);
  in_pieces_ = false;
  if (inside.readable && inside.has_run && ids_.contains(inside.id)) {
    seen_inside_ = true;
    page_size_ = inside.page_size;
    id_page_ = inside.id_page;
  } else if (!inside.readable && file.st_size >= seen_size_ && is_ours_in_pieces()) {
    bad_looks_ = 0;
    in_pieces_ = true;
    return {};  // and is read again at the next look
  } else if (seen_inside_ || (file.st_size < seen_size_ && !inside.readable)) {
    if (++bad_looks_ < looks_before_a_verdict) return {Kind::unsure, "", ""};
    if (inside.readable) return {Kind::replaced, "was overwritten with another one", inside.id};
    return file.st_size < seen_size_ ? DatabaseFate{Kind::truncated, "was truncated", ""}
                                     : DatabaseFate{Kind::replaced, "was overwritten", ""};
  }
  bad_looks_ = 0;
  seen_time_ = file.st_mtim;
  seen_size_ = file.st_size;
  note_log();
  return {};
}

bool DatabaseWatch::readable_alone() const {
  for (int look = 0; look < looks_before_a_verdict; ++look) {
    if (look > 0) std::this_thread::sleep_for(std::chrono::milliseconds(100));
    if (read_inside(path_, uuid_).readable) return true;
  }
  return false;
}

/// A full disk, or an error of it, may break off SQLite's moving of its log into the file: then only file and
/// log together are whole, and SQLite continues where it stopped. Such a file still has our id where it
/// stood, as no one has who came in its place.
bool DatabaseWatch::is_ours_in_pieces() const {
  if (id_page_ == 0) return false;
  std::string page(static_cast<std::size_t>(page_size_), '\0');
  try {
    GuardedDatabase database = GuardedDatabase::immutable(path_);
    sqlite3_file* file = nullptr;
    sqlite3_file_control(database.getHandle(), "main", SQLITE_FCNTL_FILE_POINTER, &file);
    if (!file || !file->pMethods) return false;
    const int read =
        file->pMethods->xRead(file, page.data(), static_cast<int>(page_size_), (id_page_ - 1) * page_size_);
    if ((read & 0xff) == SQLITE_IOERR && read != SQLITE_IOERR_SHORT_READ) return true;  // nobody can tell
  } catch (const SQLite::Exception&) {
    return false;
  }
  return std::any_of(ids_.begin(), ids_.end(),
                     [&](const std::string& id) { return page.find(id) != std::string::npos; });
}

void DatabaseWatch::abandon(SQLite::Database& connection, const DatabaseFate& fate) const {
  if (fate.kind == Kind::taken) return;
  sqlite3* handle = connection.getHandle();
  int in_log = -1, moved = -1;
  const bool ours =
      fate.kind == Kind::moved || fate.kind == Kind::log_lost || fate.kind == Kind::log_replaced;
  const bool complete =
      ours &&
      sqlite3_wal_checkpoint_v2(handle, nullptr, SQLITE_CHECKPOINT_PASSIVE, &in_log, &moved) == SQLITE_OK &&
      in_log == moved;
  sqlite3_db_config(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  if (log_open_ && (fate.kind == Kind::replaced || (complete && fate.kind != Kind::moved))) empty_log(handle);
}

void DatabaseWatch::remove_log(const DatabaseFate& fate) const {
  if (fate.kind == Kind::truncated || fate.kind == Kind::taken) return;
  struct stat log {};
  const std::string name = path_ + "-wal";
  if (log_.inode == 0 || ::stat(name.c_str(), &log) != 0 || id_of(log) != log_) return;
  ::unlink(name.c_str());
  ::unlink((path_ + "-shm").c_str());
}

}  // namespace grapevine
