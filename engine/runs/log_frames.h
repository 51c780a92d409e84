// What a write-ahead log of SQLite holds, read past SQLite (https://sqlite.org/fileformat.html, "The
// Write-Ahead Log"), and the database as it would be with it. Private to runs/.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "engine/files/sqlite_file.h"

namespace grapevine {

/// The first 100 bytes of a database: a header of page 1.
struct PageOne {
  static constexpr std::size_t bytes = 100;
  std::string head;

  bool is_database() const { return head.size() == bytes && head.starts_with(sqlite_beginning); }
  bool uses_log() const { return head[18] == 2 && head[19] == 2; }
  std::uint32_t page_size() const;
  /// Grows whenever a connection changes page 1 for the first time after it read it.
  std::uint32_t change_counter() const;
};

struct LogFrames {
  bool is_log = false;   ///< has a whole header
  bool all_zero = true;  ///< nothing was ever written
  std::string salts;     ///< 8 bytes, other ones each time the log begins again
  std::uint32_t page_size = 0;
  std::uint32_t pages = 0;  ///< of the database after the last commit; 0 = nothing was committed
  std::map<std::uint32_t, std::int64_t> last;  ///< page → where its last committed content is in the file
  std::vector<PageOne> heads;                  ///< committed ones of page 1, in their order
  bool lost_commits = false;  ///< more was committed, behind a damaged place: SQLite reads up to there
};
/// Throws InputError where it can't be read.
LogFrames read_log(const std::string& file);

/// What SQLite says of a database in memory.
struct ImageLook {
  bool sound = false;
  std::string id, ancestors;   ///< "" where there is none
  std::set<std::string> runs;  ///< their uuids
};
/// `image`: all of the file's bytes; those that say "uses a log" are changed. Throws InputError when it is to
/// stop or would take too long.
ImageLook look_at_image(std::string& image);
/// With the committed frames of the log.
void join(std::string& image, const LogFrames& frames, const std::string& log);

}  // namespace grapevine
