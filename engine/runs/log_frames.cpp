// Frames, their sums, and a database in memory.
#include "engine/runs/log_frames.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include <algorithm>
#include <fstream>
#include <utility>

#include "engine/error.h"
#include "engine/session/interruption.h"

namespace grapevine {
namespace {

constexpr std::size_t log_header = 32, frame_header = 24;
constexpr std::uint32_t magic = 0x377f0682,
                        format = 3007000;  // the magic's last bit: sums by big-endian words
constexpr int steps_between_looks = 50'000;
constexpr std::int64_t steps_a_byte = 16, steps_of_any_image = 50'000'000;

std::uint32_t word(const char* at, bool big_end = true) {
  std::uint32_t value = 0;
  for (int i = 0; i < 4; ++i) {
    const auto byte = static_cast<std::uint32_t>(static_cast<unsigned char>(at[i]));
    value |= byte << (8 * (big_end ? 3 - i : i));
  }
  return value;
}

/// SQLite's checksum, which continues from frame to frame.
struct Sum {
  bool big_end = false;
  std::uint32_t a = 0, b = 0;
  void add(const char* bytes, std::size_t count) {
    for (std::size_t i = 0; i + 8 <= count; i += 8) {
      a += word(bytes + i, big_end) + b;
      b += word(bytes + i + 4, big_end) + a;
    }
  }
  bool is(const char* stored) const { return word(stored) == a && word(stored + 4) == b; }
};

bool is_page_size(std::uint32_t size) {
  return size >= 512 && size <= 65536 && (size & (size - 1)) == 0;
}

/// Frames of one transaction count when its last one is there.
struct Pending {
  std::vector<std::pair<std::uint32_t, std::int64_t>> pages;
  std::vector<PageOne> heads;

  void commit(LogFrames& to, std::uint32_t pages_now) {
    for (const auto& [page, where] : pages) to.last[page] = where;
    to.heads.insert(to.heads.end(), heads.begin(), heads.end());
    to.pages = pages_now;
    pages.clear();
    heads.clear();
  }
};

void read_frames(std::ifstream& in, LogFrames& found, Sum sum) {
  Pending pending;
  bool intact = true;
  std::string frame(frame_header + found.page_size, '\0');
  for (std::int64_t at = log_header; in.read(frame.data(), static_cast<std::streamsize>(frame.size()));
       at += static_cast<std::int64_t>(frame.size())) {
    interruption_point();
    const bool of_this_log = frame.compare(8, 8, found.salts) == 0;
    sum.add(frame.data(), 8);
    sum.add(frame.data() + frame_header, found.page_size);
    const std::uint32_t page = word(frame.data()), pages_now = word(frame.data() + 4);
    intact = intact && of_this_log && page != 0 && sum.is(frame.data() + 16);
    if (!intact) {
      found.lost_commits = found.lost_commits || (of_this_log && page != 0 && pages_now != 0);
      continue;
    }
    pending.pages.emplace_back(page, at + static_cast<std::int64_t>(frame_header));
    if (page == 1) pending.heads.push_back({frame.substr(frame_header, PageOne::bytes)});
    if (pages_now != 0) pending.commit(found, pages_now);
  }
}

int count_down(void* left) {
  if (interruption_requested()) return 1;
  auto& steps = *static_cast<std::int64_t*>(left);
  steps -= steps_between_looks;
  return steps < 0;
}

std::string first_text(SQLite::Database& database, const char* question) {
  SQLite::Statement query(database, question);
  return query.executeStep() ? query.getColumn(0).getString() : "";
}

void ask(SQLite::Database& database, ImageLook& look) {
  look.sound = first_text(database, "PRAGMA quick_check(1)") == "ok";
  if (database.tableExists("meta")) {
    look.id = first_text(database, "SELECT value FROM meta WHERE key = 'database_id'");
    look.ancestors = first_text(database, "SELECT value FROM meta WHERE key = 'copied_from'");
  }
  if (!database.tableExists("runs")) return;
  SQLite::Statement uuids(database, "SELECT uuid FROM runs");
  while (uuids.executeStep()) look.runs.insert(uuids.getColumn(0).getString());
}

}  // namespace

std::uint32_t PageOne::page_size() const {
  const std::uint32_t size = word(head.data() + 16) >> 16;
  return size == 1 ? 65536 : size;
}

std::uint32_t PageOne::change_counter() const {
  return word(head.data() + 24);
}

LogFrames read_log(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw InputError("can't read " + file);
  LogFrames found;
  std::string head(log_header, '\0');
  in.read(head.data(), log_header);
  found.all_zero = std::all_of(head.begin(), head.end(), [](char byte) { return byte == 0; });
  found.page_size = word(head.data() + 8);
  found.salts = head.substr(16, 8);
  Sum sum{(word(head.data()) & 1) != 0};
  sum.add(head.data(), 24);
  found.is_log = in.good() && (word(head.data()) | 1) == (magic | 1) && word(head.data() + 4) == format &&
                 is_page_size(found.page_size) && sum.is(head.data() + 24);
  if (found.is_log) read_frames(in, found, sum);
  return found;
}

ImageLook look_at_image(std::string& image) {
  ImageLook look;
  if (image.size() < PageOne::bytes) return look;
  image[18] = image[19] = 1;  // one in memory has no log
  std::int64_t left = steps_of_any_image + steps_a_byte * static_cast<std::int64_t>(image.size());
  SQLite::Database database(":memory:", SQLite::OPEN_READWRITE);
  sqlite3* handle = database.getHandle();
  for (const int what : {SQLITE_DBCONFIG_TRUSTED_SCHEMA, SQLITE_DBCONFIG_ENABLE_VIEW})
    sqlite3_db_config(handle, what, 0, nullptr);
  sqlite3_progress_handler(handle, steps_between_looks, count_down, &left);
  const auto size = static_cast<sqlite3_int64>(image.size());
  auto* bytes = reinterpret_cast<unsigned char*>(image.data());
  try {
    if (sqlite3_deserialize(handle, "main", bytes, size, size, SQLITE_DESERIALIZE_READONLY) == SQLITE_OK)
      ask(database, look);
  } catch (const SQLite::Exception& error) {
    look.sound = false;
    if ((error.getErrorCode() & 0xFF) != SQLITE_INTERRUPT) return look;
    interruption_point();
    throw InputError("looking at the database takes too long");
  }
  return look;
}

void join(std::string& image, const LogFrames& frames, const std::string& log) {
  std::ifstream in(log, std::ios::binary);
  image.resize(static_cast<std::size_t>(frames.pages) * frames.page_size);
  for (const auto& [page, where] : frames.last) {
    if (page > frames.pages) continue;  // given back to the disk by a later commit
    in.seekg(where);
    in.read(image.data() + static_cast<std::size_t>(page - 1) * frames.page_size, frames.page_size);
    if (!in) throw InputError("can't read " + log);
  }
}

}  // namespace grapevine
