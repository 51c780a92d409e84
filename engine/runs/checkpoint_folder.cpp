// Whose folder is it? Reading, taking possession, adopting.
#include "engine/runs/checkpoint_folder.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <set>
#include <sstream>
#include <utility>

#include "engine/error.h"
#include "engine/experiment/shown.h"
#include "engine/files/careful_file.h"
#include "engine/files/whole_file.h"
#include "engine/runs/database.h"
#include "engine/runs/kept_start.h"
#include "engine/runs/stored_values.h"
#include "engine/session/interruption.h"

namespace grapevine {
namespace {

namespace fs = std::filesystem;
using SQLite::Statement;

constexpr const char* suffix = "-checkpoints";
constexpr std::streamsize slice = 1 << 20;  // between two looks at Stop
const std::string id_file = std::string("/") + owner_note;

bool is_id(const std::string& text) {
  return text.size() == 32 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

std::string new_id() {
  std::random_device entropy;
  std::string id;
  for (int i = 0; i < 32; ++i) id += "0123456789abcdef"[entropy() & 15u];
  return id;
}

/// The id in a folder; "" where there is none.
std::string id_in(const std::string& folder) {
  std::error_code none;
  if (!fs::is_regular_file(folder + id_file, none)) return "";
  char text[33] = "";
  std::ifstream(folder + id_file).get(text, sizeof text);
  return is_id(text) ? text : "";
}

DatabaseId id_of(SQLite::Database& database) {
  DatabaseId id;
  if (database.execAndGet("PRAGMA user_version").getInt() < 2) return id;
  id.from_before = false;
  Statement query(database, "SELECT key, value FROM meta");
  while (query.executeStep()) {
    const std::string key = query.getColumn(0).getString(), value = query.getColumn(1).getString();
    if (key == "database_id" && is_id(value)) id.id = value;
    if (key == "from_version") id.from_before = true;
    if (key != "copied_from") continue;
    std::istringstream lines(value);
    for (std::string line; std::getline(lines, line);)
      if (is_id(line)) id.ancestors.push_back(line);
  }
  return id;
}

void note(SQLite::Database& database, const char* key, const std::string& value) {
  Statement insert(database, "INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)");
  insert.bind(1, key);
  insert.bind(2, value);
  insert.exec();
}

/// Was copied: from now on a database of its own.
DatabaseId renewed(SQLite::Database& database, DatabaseId id) {
  if (!id.id.empty()) id.ancestors.push_back(id.id);
  id.id = new_id();
  std::string lines;
  for (const std::string& ancestor : id.ancestors) lines += ancestor + "\n";
  note(database, "copied_from", lines);
  note(database, "database_id", id.id);
  return id;
}

/// "folder/name" → its parts; "" for no folder. Anything but one folder at most is not split.
std::pair<std::string, std::string> parts_of(const std::string& stored) {
  const std::size_t slash = stored.find('/');
  if (slash == std::string::npos || slash == 0) return {"", stored};
  return {stored.substr(0, slash), stored.substr(slash + 1)};
}

bool is_folder_name(const std::string& folder) {
  return folder.find('/') == std::string::npos && folder.size() > std::string_view(suffix).size() &&
         folder.ends_with(suffix);
}

bool same_content(const std::string& one, const std::string& other) {
  std::error_code none;
  if (fs::equivalent(one, other, none)) return true;
  if (fs::file_size(one, none) != fs::file_size(other, none)) return false;
  std::ifstream a(one, std::ios::binary), b(other, std::ios::binary);
  std::vector<char> of_one(slice), of_other(slice);
  while (a && b) {
    interruption_point();
    a.read(of_one.data(), slice);
    b.read(of_other.data(), slice);
    if (a.gcount() != b.gcount() ||
        !std::equal(of_one.begin(), of_one.begin() + a.gcount(), of_other.begin()))
      return false;
  }
  return a.eof() && b.eof() && !a.bad() && !b.bad();
}

/// As another name of the same file where the file system can, which costs nothing; else as a copy, as of a
/// link, which would continue meaning what its owner makes of it.
void link_or_copy(const std::string& from, const std::string& to) {
  std::error_code none;
  if (!fs::is_symlink(from, none) && ::link(from.c_str(), to.c_str()) == 0) return;
  CarefulFile copy(to);
  read_in_pieces(from, [&](const char* bytes, std::size_t size) {
    interruption_point();
    copy.put(bytes, size);
  });
  copy.place();
}

/// Goes again where what it was made for does not end.
class MadeFolder {
 public:
  MadeFolder() = default;
  ~MadeFolder() {
    std::error_code none;
    if (!path_.empty()) fs::remove_all(path_, none);
  }
  MadeFolder(const MadeFolder&) = delete;
  MadeFolder& operator=(const MadeFolder&) = delete;

  /// A folder that is there already is somebody's, and stays; so does one of which that can't be said.
  void will_be(const std::string& path) {
    std::error_code none;
    if (fs::symlink_status(path, none).type() == fs::file_type::not_found) path_ = path;
  }
  void keep() { path_.clear(); }

 private:
  std::string path_;
};

}  // namespace

std::string database_id(SQLite::Database& database) {
  return id_of(database).id;
}

CheckpointFolder::CheckpointFolder(const std::string& database_path, DatabaseId id)
    : beside_(fs::path(real_path(database_path)).parent_path().string()),
      as_before_(beside_as_before(database_path, suffix)),
      id_(std::move(id)),
      path_(beside(database_path, suffix)) {
  // Somebody else's under our name: of a database that lay here before, or of version 0.1.0.
  std::error_code none;
  if (!id_.id.empty() && fs::is_directory(path_, none) && id_in(path_) != id_.id)
    path_ = beside(database_path, "-" + id_.id.substr(0, 8) + suffix);
}

CheckpointFolder CheckpointFolder::find(SQLite::Database& database, const std::string& database_path) {
  return {database_path, id_of(database)};
}

CheckpointFolder CheckpointFolder::own(SQLite::Database& database, const std::string& database_path) {
  CheckpointFolder folder = find(database, database_path);
  if (folder.is_there() && folder.named_folders(database).empty()) return folder;
  MadeFolder made;
  SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
  folder = find(database, database_path);  // another program may have been faster
  if (!folder.is_there()) {
    const std::vector<std::string> others = folder.named_folders(database);
    const bool copied = std::any_of(others.begin(), others.end(), [&](const std::string& other) {
      return id_in(folder.sibling(other)) == folder.id_.id;
    });
    if (copied || folder.id_.id.empty())
      folder = CheckpointFolder(database_path, renewed(database, folder.id_));
    made.will_be(folder.path_);
    folder.make();
  }
  folder.adopt(database);
  transaction.commit();
  made.keep();
  return folder;
}

bool CheckpointFolder::is_there() const {
  return !id_.id.empty() && id_in(path_) == id_.id;
}

void CheckpointFolder::make() const {
  std::error_code trouble;
  fs::create_directories(path_, trouble);
  if (trouble) throw RunError("can't make the folder " + path_ + " for checkpoints: " + trouble.message());
  CarefulFile note(path_ + id_file);
  note.put(id_.id + "\n");
  note.place();
}

/// A folder of another name whose files our rows may mean: that of the database of which this one is a copy,
/// or one of version 0.1.0, which wrote no ids.
bool CheckpointFolder::may_lend(const std::string& folder) const {
  const std::string id = id_in(folder);
  if (id.empty()) return id_.from_before;
  return id == id_.id || std::find(id_.ancestors.begin(), id_.ancestors.end(), id) != id_.ancestors.end();
}

/// The folders other than ours that rows name, there or not.
std::vector<std::string> CheckpointFolder::named_folders(SQLite::Database& database) const {
  std::set<std::string> named;
  Statement query(database, "SELECT file FROM checkpoints");
  while (query.executeStep()) {
    const std::string folder = parts_of(query.getColumn(0).getString()).first;
    if (is_folder_name(folder) && folder != name()) named.insert(folder);
  }
  return {named.begin(), named.end()};
}

/// What no row names, and runs begin with.
void CheckpointFolder::adopt_starts(SQLite::Database& database) const {
  const std::vector<std::string> folders = named_folders(database);
  if (folders.empty()) return;
  for (const RunOrigin& from : unnamed_starts(database))
    for (const std::string& folder : folders) {
      if (!may_lend(sibling(folder)) || !kept_start(path_, from).empty()) continue;
      if (const std::string file = kept_start(sibling(folder), from); !file.empty()) bring_in(file);
    }
}

void CheckpointFolder::adopt(SQLite::Database& database) const {
  Statement query(
      database, "SELECT checkpoints.id, file, uuid FROM checkpoints JOIN runs ON runs.id = checkpoints.run");
  std::vector<std::pair<std::int64_t, std::string>> moved;
  while (query.executeStep()) {
    const std::string stored = query.getColumn(1).getString(), uuid = query.getColumn(2).getString();
    const auto [folder, file_name] = parts_of(stored);
    if (folder == name() || !is_checkpoint_name(file_name, uuid)) continue;
    const std::string target = path_ + "/" + file_name;
    std::error_code none;
    if (!fs::exists(target, none)) {
      std::string source;
      try {
        source = file(stored, uuid);
      } catch (const InputError&) {
        continue;  // reported where the run is to continue from it
      }
      if (!fs::is_regular_file(source, none)) continue;
      link_or_copy(source, target);
    }
    moved.emplace_back(query.getColumn(0).getInt64(), row_name(target));
  }
  adopt_starts(database);
  Statement update(database, "UPDATE checkpoints SET file = ? WHERE id = ?");
  for (const auto& [id, stored] : moved) {
    update.bind(1, stored);
    update.bind(2, id);
    update.exec();
    update.reset();
  }
  sync_folder(path_);
}

std::string CheckpointFolder::row_name(const std::string& file) const {
  return name() + "/" + fs::path(file).filename().string();
}

std::string CheckpointFolder::file(const std::string& stored, const std::string& uuid) const {
  const auto [folder, file_name] = parts_of(stored);
  if (!is_checkpoint_name(file_name, uuid) || (!folder.empty() && !is_folder_name(folder)))
    throw InputError(
        "the database names '" + shown(stored.c_str()) + "' as a checkpoint of the run " + shown(uuid) +
        ", which is not a name that Grapevine gives: nothing was touched; grapevine-cli db check "
        "lists what else is wrong");
  std::error_code none;
  for (const std::string& place : {path_, as_before_})
    if (fs::exists(place + "/" + file_name, none)) return place + "/" + file_name;
  const std::string other = sibling(folder);
  if (folder.empty() || other == path_ || other == as_before_ || !fs::is_directory(other, none))
    return path_ + "/" + file_name;
  if (!may_lend(other))
    throw InputError(
        "the database names '" + shown(stored.c_str()) + "' as a checkpoint of the run " + shown(uuid) +
        ", in a folder that is not this database's: nothing was touched; put the file into " + path_);
  return other + "/" + file_name;
}

// What lies under its name already may be the state that another run begins with, which no row names: a file
// of other content gets another name.
std::string CheckpointFolder::bring_in(const std::string& source) const {
  const fs::path name = fs::path(source).filename();
  std::string target = path_ + "/" + name.string();
  std::error_code none;
  for (int again = 2; fs::exists(target, none) && !same_content(source, target); ++again)
    target = path_ + "/" + name.stem().string() + "-" + std::to_string(again) + name.extension().string();
  if (!fs::exists(target, none)) link_or_copy(source, target);
  return row_name(target);
}

std::string CheckpointFolder::removable(const std::string& stored, const std::string& uuid) const {
  const auto [folder, file_name] = parts_of(stored);
  return is_there() && folder == name() && is_checkpoint_name(file_name, uuid) ? path_ + "/" + file_name : "";
}

}  // namespace grapevine
