// The folder of a database's checkpoints: "<file name>-checkpoints" next to it. A database owns its folder by
// an id that both contain; so a copy, a renamed file or one of the same name never takes or removes what
// another one's rows name. Private to runs/; belongs to the thread of its connection.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <string>
#include <vector>

namespace grapevine {

/// What the file says of itself.
struct DatabaseId {
  std::string id;                      ///< "" of a database of version 1
  std::vector<std::string> ancestors;  ///< ids of those of which it was a copy
  bool from_before = true;             ///< of version 1, or brought up from it
};

/// The id that a database bears; "" of version 1.
std::string database_id(SQLite::Database& database);

class CheckpointFolder {
 public:
  /// As it lies; nothing is made.
  static CheckpointFolder find(SQLite::Database& database, const std::string& database_path);
  /// For a writer, in a transaction of its own: makes the folder where it is missing. Where the rows name
  /// another one (the database was copied, renamed, or is of version 0.1.0) their files are linked or copied
  /// in, and what lies there stays. Throws RunError, SQLite::Exception.
  static CheckpointFolder own(SQLite::Database& database, const std::string& database_path);

  const std::string& path() const { return path_; }
  /// It is made, and this database's.
  bool is_there() const;
  /// What a row says of a file in this folder: relative to the database's own.
  std::string row_name(const std::string& file) const;
  /// The file that a row of the run `uuid` names, there or not. Only the last part of the stored name counts,
  /// and only in the folders of this database. Throws InputError for any other name.
  std::string file(const std::string& stored, const std::string& uuid) const;
  /// The same where it may be removed: in the folder that is this database's alone; else "".
  std::string removable(const std::string& stored, const std::string& uuid) const;
  /// Takes in another database's file, as another name of it or a copy, in this folder; returns what a row
  /// says of it. Throws RunError.
  std::string bring_in(const std::string& source) const;

 private:
  CheckpointFolder(const std::string& database_path, DatabaseId id);
  std::string sibling(const std::string& folder) const { return beside_ + "/" + folder; }
  std::string name() const { return path_.substr(path_.rfind('/') + 1); }
  bool may_lend(const std::string& folder) const;
  std::vector<std::string> named_folders(SQLite::Database& database) const;
  void make() const;
  void adopt(SQLite::Database& database) const;
  void adopt_starts(SQLite::Database& database) const;

  std::string beside_;     ///< the folder in which the database lies
  std::string as_before_;  ///< where version 0.1.0 put them: named without the file's ending
  DatabaseId id_;
  std::string path_;
};

}  // namespace grapevine
