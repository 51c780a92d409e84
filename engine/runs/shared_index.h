// SQLite's files below its SQL: the index of a log that all programs share which have the database open, and
// the locks on both. Private to runs/; an object belongs to one thread and lives no longer than its
// connection, which was not asked anything yet.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>

#include "engine/error.h"

namespace grapevine {

/// The index of the log that all programs share which have the database open, and its locks: while they are
/// held nobody commits, and nobody moves the log into the file.
class SharedIndex {
 public:
  explicit SharedIndex(SQLite::Database& database) {
    sqlite3_file_control(database.getHandle(), "main", SQLITE_FCNTL_FILE_POINTER, &file_);
    if (!file_ || !file_->pMethods || file_->pMethods->iVersion < 2 || !file_->pMethods->xShmMap) return;
    map();
  }
  ~SharedIndex() {
    for (int lock = 0; lock < locked_; ++lock)
      file_->pMethods->xShmLock(file_, lock, 1, SQLITE_SHM_UNLOCK | SQLITE_SHM_EXCLUSIVE);
    if (file_ && file_->pMethods && file_->pMethods->iVersion >= 2 && file_->pMethods->xShmUnmap)
      file_->pMethods->xShmUnmap(file_, 0);
  }
  SharedIndex(const SharedIndex&) = delete;
  SharedIndex& operator=(const SharedIndex&) = delete;

  bool is_there() const { return mapped_; }
  /// SQLite empties it where nobody else has the database open.
  bool in_use() const { return memory_ && memory_[12] != 0; }
  bool lock() {
    while (locked_ < 2) {
      if (file_->pMethods->xShmLock(file_, locked_, 1, SQLITE_SHM_LOCK | SQLITE_SHM_EXCLUSIVE) != SQLITE_OK)
        return false;
      ++locked_;
    }
    map();
    return true;
  }
  // "WAL-index format" of SQLite's documentation.
  std::uint32_t frames() const { return number(16); }
  std::uint32_t frames_moved() const { return number(96); }
  std::string salts() const {
    std::string bytes(8, '\0');
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(memory_[32 + i]);
    return bytes;
  }
  /// All that have it open read the log again.
  void forget() { std::fill_n(memory_, 96, static_cast<unsigned char>(0)); }

  /// Of the database's file, by SQLite's own descriptor: closing another one would free SQLite's locks.
  std::int64_t file_size() const {
    sqlite3_int64 size = 0;
    return file_->pMethods->xFileSize(file_, &size) == SQLITE_OK ? size : 0;
  }
  /// Nobody else has the file open for more than a moment, under whatever name.
  bool is_alone() {
    for (const int level : {SQLITE_LOCK_SHARED, SQLITE_LOCK_EXCLUSIVE}) {
      if (file_->pMethods->xLock(file_, level) == SQLITE_OK) continue;
      file_->pMethods->xUnlock(file_, SQLITE_LOCK_NONE);
      return false;
    }
    file_->pMethods->xUnlock(file_, SQLITE_LOCK_NONE);
    return true;
  }
  std::string read_file(std::int64_t most, std::int64_t from = 0) const {
    std::string bytes(static_cast<std::size_t>(std::clamp<std::int64_t>(file_size() - from, 0, most)), '\0');
    if (file_->pMethods->xRead(file_, bytes.data(), static_cast<int>(bytes.size()), from) != SQLITE_OK)
      throw InputError("the file can't be read");
    return bytes;
  }

 private:
  static constexpr int region = 32768;
  void map() {
    void volatile* memory = nullptr;
    mapped_ = file_->pMethods->xShmMap(file_, 0, region, 0, &memory) == SQLITE_OK;
    memory_ = static_cast<volatile unsigned char*>(memory);
  }
  std::uint32_t number(int at) const {
    std::uint32_t value = 0;
    unsigned char bytes[4];
    for (int i = 0; i < 4; ++i) bytes[i] = memory_[at + i];
    std::memcpy(&value, bytes, sizeof value);
    return value;
  }
  sqlite3_file* file_ = nullptr;
  volatile unsigned char* memory_ = nullptr;
  bool mapped_ = false;
  int locked_ = 0;
};

}  // namespace grapevine
