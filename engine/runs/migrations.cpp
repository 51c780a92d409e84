// Migrations inside one transaction, with a backup before it.
#include "engine/runs/migrations.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>

#include "engine/error.h"
#include "engine/files/careful_file.h"
#include "engine/runs/backup.h"

namespace grapevine {
namespace {

namespace fs = std::filesystem;

struct Head {
  int version = 0;
  int stamp = 0;
  int tables = 0;
};

/// In one statement, so at one moment: another program may be making the tables.
Head head_of(SQLite::Database& database) {
  SQLite::Statement query(
      database,
      "SELECT (SELECT user_version FROM pragma_user_version), "
      "(SELECT application_id FROM pragma_application_id), (SELECT EXISTS (SELECT 1 FROM sqlite_master))");
  query.executeStep();
  return {query.getColumn(0).getInt(), query.getColumn(1).getInt(), query.getColumn(2).getInt()};
}

/// Half of a database of ours, or nothing yet. A whole one may be a copy that somebody named so.
bool is_begun_copy(const fs::path& file) {
  std::error_code none;
  if (!fs::is_regular_file(fs::symlink_status(file, none))) return false;
  std::array<unsigned char, 72> head{};
  std::ifstream in(file, std::ios::binary);
  in.read(reinterpret_cast<char*>(head.data()), head.size());
  const auto is_zero = [](unsigned char byte) { return byte == 0; };
  if (std::all_of(head.begin(), head.end(), is_zero)) return true;  // its first page comes last
  // https://sqlite.org/fileformat.html: the highest byte first; a page of 65,536 bytes is written as 1.
  const auto number = [&](std::size_t at, std::size_t bytes) {
    std::uint32_t value = 0;
    for (std::size_t i = at; i < at + bytes; ++i) value = value << 8 | head[i];
    return value;
  };
  const std::uint64_t page = number(16, 2) == 1 ? 65536 : number(16, 2);
  const bool is_whole =
      page * number(28, 4) == fs::file_size(file, none) && !fs::exists(file.string() + "-journal", none);
  return number(68, 4) == static_cast<std::uint32_t>(application_id) && !is_whole;
}

/// Of programs that were killed while they copied: a program that copies holds the transaction that is ours
/// now.
void remove_broken_off_copies(const std::string& copy) {
  std::error_code none;
  for (const fs::directory_entry& entry :
       fs::directory_iterator(fs::absolute(copy).parent_path(), fs::directory_options::none, none)) {
    if (!is_temporary_name_of(copy, entry.path().string()) || !is_begun_copy(entry.path())) continue;
    fs::remove(entry.path(), none);
    fs::remove(entry.path().string() + "-journal", none);
  }
}

}  // namespace

int checked_version(SQLite::Database& database, const std::string& path, int newest) {
  const Head head = head_of(database);
  if (head.version == 0 && head.stamp == 0 && head.tables == 0) return 0;
  if (head.stamp != application_id) {
    throw InputError("the file " + path + " is an SQLite database of another program, not Grapevine's: " +
                     "name another with --db");
  }
  if (head.version < 1) {
    throw InputError("the database " + path + " says that it is of version " + std::to_string(head.version) +
                     ", which no Grapevine writes; somebody changed it: take an earlier copy of it, or name "
                     "another with --db");
  }
  if (head.version > newest) {
    throw InputError("the database " + path + " is of version " + std::to_string(head.version) +
                     ", made by a newer Grapevine; this one knows versions up to " + std::to_string(newest) +
                     ": use the newer program, or name another database with --db");
  }
  return head.version;
}

void bring_up_to_date(SQLite::Database& database, const std::string& path,
                      const std::vector<Migration>& history) {
  const int newest = history.back().to;
  if (checked_version(database, path, newest) == newest) return;
  SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
  // Another program may have been faster: what it did counts. Now the others wait.
  const int present = checked_version(database, path, newest);
  if (present == newest) return;
  // Over a connection of its own: from this one, in its transaction, SQLite makes no copy.
  if (present > 0) {
    const std::string copy = path + ".before-version-" + std::to_string(newest);
    remove_broken_off_copies(copy);
    back_up_database(path, copy);
  }
  if (present == 0) database.exec("PRAGMA application_id = " + std::to_string(application_id));
  for (const Migration& migration : history) {
    if (migration.to <= present) continue;
    database.exec(migration.sql);
    database.exec("PRAGMA user_version = " + std::to_string(migration.to));
  }
  transaction.commit();
}

}  // namespace grapevine
