// Is the database still the file that the writer opened? SQLite does not ask: it keeps writing to a file that
// was deleted, moved or overwritten. Private to runs/; belongs to the writer's thread.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>
#include <sys/stat.h>

#include <cstdint>
#include <set>
#include <string>

namespace grapevine {

/// What happened to the file, for the sentence "the database X was deleted".
struct DatabaseFate {
  /// `log_lost`: only its log was; `log_replaced`: and another one lies there. `taken`: the file is as it
  /// was, and another program holds the run.
  enum class Kind { in_place, unsure, log_lost, moved, deleted, replaced, truncated, log_replaced, taken };
  Kind kind = Kind::in_place;
  std::string words;     ///< "was deleted"; "" while it is in place
  std::string stranger;  ///< the id of the database that lies there instead, if it is one

  bool gone() const { return kind != Kind::in_place && kind != Kind::unsure && kind != Kind::log_lost; }
};

class DatabaseWatch {
 public:
  explicit DatabaseWatch(const std::string& database);
  ~DatabaseWatch();
  DatabaseWatch(const DatabaseWatch&) = delete;
  DatabaseWatch& operator=(const DatabaseWatch&) = delete;

  /// What the file must contain: its id, and one of the runs that are written.
  void expect(const std::string& database_id, const std::string& run_uuid);
  const std::string& database_id() const { return id_; }
  /// Cheap while the file does not change. `unsure`: it changes right now; ask again in a moment.
  DatabaseFate look();
  /// At the last look the file was ours, and could not be read without its log.
  bool in_pieces() const { return in_pieces_; }
  /// Whether the file can be read without its log. Takes half a second where it can't.
  bool readable_alone() const;
  /// The connection was opened, and uses the log that lies there; or it was closed.
  void log_opened();
  void log_closed() { log_open_ = false; }
  /// Before a file that is gone is closed: nothing more is written into what lies in its place, by whatever
  /// connection, and no log of ours is left where SQLite would take it for that file's. A moved file, and one
  /// whose log is gone, is completed first.
  void abandon(SQLite::Database& connection, const DatabaseFate& fate) const;
  /// Removes our log from another database in the file's place, or
  /// from where the file was. A log next to our own file, however damaged, stays: it may hold what the file
  /// lacks.
  void remove_log(const DatabaseFate& fate) const;

 private:
  struct FileId {
    dev_t device = 0;
    ino_t inode = 0;
    bool operator==(const FileId&) const = default;
  };
  static FileId id_of(const struct stat& file) { return {file.st_dev, file.st_ino}; }
  DatabaseFate look_inside(const struct stat& file);
  bool is_ours_in_pieces() const;
  DatabaseFate vanished() const;
  DatabaseFate fate_of_log() const;
  void note_log();

  const std::string path_;
  int handle_ = -1;  ///< O_PATH: keeps none of the file's locks, and frees none
  FileId file_, log_;
  bool in_pieces_ = false;
  bool log_open_ = false;  ///< log_ is the one that the connection uses
  std::string id_, uuid_;
  std::set<std::string> ids_;
  struct timespec seen_time_ {};
  std::int64_t seen_size_ = -1;
  bool seen_inside_ = false;                  ///< the required content was seen once
  std::int64_t page_size_ = 0, id_page_ = 0;  ///< where the id was then; pages count from 1
  int bad_looks_ = 0;
};

}  // namespace grapevine
