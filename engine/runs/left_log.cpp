// What tells a log from that of another database. A log names no database: its frames are pages, and its
// salts are known to nobody else. So the two are compared:
// - the page size, and whether the file uses a log at all (a copy that `db backup` wrote does not);
// - the change counter of page 1, which a log continues;
// - the database with the log's pages in it, in memory: whether SQLite finds it sound, bears the same id, and
//   has every run that the file has.
// What can't be told apart by these is an earlier copy of the same database that together with the log is
// sound again. Then it is asked whether the file was touched after the log was last written, and if so the
// log is taken in and a copy of it kept.
#include "engine/runs/left_log.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <new>
#include <thread>

#include "engine/error.h"
#include "engine/files/careful_file.h"
#include "engine/files/whole_file.h"
#include "engine/runs/database.h"
#include "engine/runs/log_frames.h"
#include "engine/runs/shared_index.h"
#include "engine/runs/store_notices.h"

namespace grapevine {
namespace {

namespace fs = std::filesystem;

constexpr const char* ending = "-wal.left";
constexpr const char* what_to_do =
    "; to look into it copy it into an empty folder as X.db-wal, next to the database that it belongs to as "
    "X.db, and list that with --db X.db; delete it when nothing is missing";
// Images in memory: the check after an interruption is to be felt by nobody, one of a suspicious file may.
constexpr std::int64_t usual_image = 64 << 20, suspicious_image = 512 << 20;
constexpr auto others_look_for = std::chrono::seconds(5);

bool earlier(const timespec& a, const timespec& b) {
  return a.tv_sec != b.tv_sec ? a.tv_sec < b.tv_sec : a.tv_nsec < b.tv_nsec;
}

std::string free_name(const std::string& database) {
  std::error_code none;
  const std::string first = beside(database, ending);
  std::string name = first;
  for (int again = 2; fs::exists(fs::symlink_status(name, none)); ++again)
    name = first + "-" + std::to_string(again);
  return name;
}

class LogLook {
 public:
  LogLook(const std::string& database, bool waits)
      : database_(database), log_(beside(database, "-wal")), waits_(waits) {}

  void carry_out() {
    if (::stat(log_.c_str(), &log_stat_) != 0 || !S_ISREG(log_stat_.st_mode) || log_stat_.st_size == 0)
      return;
    if (::stat(database_.c_str(), &file_stat_) != 0 || !S_ISREG(file_stat_.st_mode)) return;
    SQLite::Database probe(fs::absolute(database_).string(), SQLite::OPEN_READWRITE);
    SharedIndex index(probe);
    if (!index.is_there() || !locked(index)) return;
    // While it was waited for another program may have set it aside, or taken it in.
    if (::stat(log_.c_str(), &log_stat_) != 0 || log_stat_.st_size == 0) return;
    judge(index);
  }

 private:
  bool touched_later() const { return earlier(log_stat_.st_mtim, file_stat_.st_ctim); }
  /// Or in the same tick of the clock that files are stamped by.
  bool maybe_touched_later() const { return !earlier(file_stat_.st_ctim, log_stat_.st_mtim); }

  /// Those who have it open read and write it by their index. Of one that nobody writes the log is only in
  /// question where the file was touched after it.
  bool locked(SharedIndex& index) const {
    if (index.in_use()) return index.frames() > 0 && maybe_touched_later() && index.lock();
    const auto end = std::chrono::steady_clock::now() + others_look_for;
    while (!index.lock()) {
      if (!waits_ || std::chrono::steady_clock::now() > end) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return !index.in_use();  // else another program was faster
  }

  void judge(SharedIndex& index) {
    const LogFrames frames = read_log(log_);
    const std::string why = why_strange(index, frames);
    if (!why.empty()) return set_aside(index, why);
    if (frames.lost_commits && !index.in_use())
      keep_copy("the log " + log_ +
                " is damaged: what is before the damage was taken in, and all of it is kept as ");
    else if (unsure_)
      keep_copy(
          "the database " + database_ + " was put there or changed after its log " + log_ +
          " was written, which may be that of a later state: it was taken in, and a copy of it is kept as ");
  }

  /// The file has every page of it: then it changes nothing.
  bool is_in_file(const SharedIndex& index, const LogFrames& frames) const {
    if (index.file_size() != static_cast<std::int64_t>(frames.pages) * frames.page_size) return false;
    std::ifstream log(log_, std::ios::binary);
    std::string page(frames.page_size, '\0');
    for (const auto& [number, where] : frames.last) {
      if (number > frames.pages) continue;
      if (!log.seekg(where).read(page.data(), frames.page_size)) return false;
      if (index.read_file(frames.page_size, static_cast<std::int64_t>(number - 1) * frames.page_size) != page)
        return false;
    }
    return true;
  }

  /// "" where it may be its own; then unsure_ says whether that can be doubted.
  std::string why_strange(const SharedIndex& index, const LogFrames& frames) {
    const bool in_use = index.in_use();
    if (index.file_size() == 0) return in_use ? "" : "the database is empty";
    if (!frames.is_log) return frames.all_zero ? "" : "it is not a log of SQLite";
    if (in_use && index.salts() != frames.salts) return "another log lay there";
    if (frames.pages == 0 || is_in_file(index, frames)) return "";
    const PageOne head{index.read_file(PageOne::bytes)};
    if (!head.is_database()) return "the file is not a database";
    if (!head.uses_log()) return "the database is a copy that has no log";
    if (head.page_size() != frames.page_size) return "its pages have another size";
    if (!frames.heads.empty() && (head.change_counter() + 1 < frames.heads.front().change_counter() ||
                                  head.change_counter() > frames.heads.back().change_counter()))
      return "it continues another state of a database";
    return why_not_joined(index, frames, head);
  }

  std::string why_not_joined(const SharedIndex& index, const LogFrames& frames, const PageOne& head) {
    const bool from_it = std::any_of(frames.heads.begin(), frames.heads.end(),
                                     [&](const PageOne& each) { return each.head == head.head; });
    const bool doubted = touched_later();
    unsure_ = doubted && !from_it;
    const std::int64_t most = doubted && !index.in_use() ? suspicious_image : usual_image;
    if (std::max(index.file_size(), static_cast<std::int64_t>(frames.pages) * frames.page_size) > most)
      return "";
    std::string image = index.read_file(most);
    const ImageLook alone = look_at_image(image);
    join(image, frames, log_);
    const ImageLook joined = look_at_image(image);
    if (!joined.sound) return alone.sound ? "with it the database would be damaged" : "";
    if (!alone.sound) return unsure_ = false, "";  // SQLite was moving it into the file
    if (!alone.id.empty() && alone.id != joined.id && joined.ancestors.find(alone.id) == std::string::npos)
      return "it is that of another database";
    const bool loses_runs =
        !std::includes(joined.runs.begin(), joined.runs.end(), alone.runs.begin(), alone.runs.end());
    if (loses_runs && doubted) return "the database has runs that it does not know";
    unsure_ = unsure_ || loses_runs;
    return "";
  }

  /// Under programs that have it open its name stays, and they read what is there from now on: nothing.
  void set_aside(SharedIndex& index, const std::string& why) {
    const std::string aside = free_name(database_);
    if (index.in_use()) {
      if (!copy_to(aside) || ::truncate(log_.c_str(), 0) != 0) return;
      index.forget();
    } else {
      std::error_code failed;
      fs::rename(log_, aside, failed);
      if (failed) return;
    }
    give_store_notice("the log " + log_ + " does not belong to the database " + database_ + " (" + why +
                      "): it was set aside as " + aside + ", and nothing of it is taken in" + what_to_do);
  }

  void keep_copy(const std::string& sentence) const {
    const std::string aside = free_name(database_);
    if (copy_to(aside)) give_store_notice(sentence + aside + what_to_do);
  }

  bool copy_to(const std::string& aside) const {
    try {
      CarefulFile copy(aside);
      read_in_pieces(log_, [&](const char* bytes, std::size_t size) { copy.put(bytes, size); });
      copy.place();
      return true;
    } catch (const Error&) {
      return false;
    }
  }

  const std::string database_, log_;
  const bool waits_;
  struct stat log_stat_ {
  }, file_stat_{};
  bool unsure_ = false;
};

}  // namespace

void look_after_log(const std::string& database, bool waits) {
  try {
    LogLook(database, waits).carry_out();
  } catch (const SQLite::Exception&) {
    // The opening that follows says what is wrong. The same holds of the others.
  } catch (const InputError&) {
  } catch (const fs::filesystem_error&) {
  } catch (const std::bad_alloc&) {
  }
}

void set_left_log_aside(const std::string& database) {
  std::error_code none, failed;
  const std::string log = beside(database, "-wal");
  const bool holds_something = fs::is_regular_file(log, none) && fs::file_size(log, none) > 0 && !none;
  if (!holds_something || fs::exists(fs::symlink_status(database, none))) return;
  const std::string aside = free_name(database);
  fs::rename(log, aside, failed);
  if (!failed)
    give_store_notice("the log " + log +
                      " was left by a database that is not there any more: it was set aside as " + aside +
                      what_to_do);
}

std::vector<std::string> logs_set_aside(const std::string& database) {
  std::vector<std::string> found;
  std::error_code none;
  const std::string first = beside(database, ending);
  for (const auto& entry : fs::directory_iterator(fs::path(first).parent_path(), none)) {
    const std::string file = entry.path().string();
    const std::string rest = file.starts_with(first) ? file.substr(first.size()) : "no";
    const bool numbered =
        rest.size() > 1 && rest[0] == '-' &&
        std::all_of(rest.begin() + 1, rest.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (!rest.empty() && !numbered) continue;
    found.push_back("the file " + file +
                    " is a log of SQLite that was set aside, or a copy of one: nobody reads it" + what_to_do);
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace grapevine
