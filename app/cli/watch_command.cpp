// watch: runs as they grow, read from the database while another program writes it, also over ssh. On a pipe
// one frame.
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <thread>
#include <utility>

#include "app/cli/commands.h"
#include "app/cli/console.h"
#include "app/cli/stop_requests.h"
#include "app/cli/stored_runs.h"
#include "app/cli/watch_frame.h"
#include "engine/runs/export.h"

namespace grapevine::cli {
namespace {

constexpr std::size_t most_runs = 8;

struct WatchOptions {
  std::vector<std::string> ids;
  int every = 1;
  bool once = false;
};

bool is_going_on(const RunData& run) {
  return is_going_on(run.status);
}

/// Those that were named; else those that are in progress, and where none is the newest.
std::vector<std::int64_t> watched(RunReader& reader, const WatchOptions& own) {
  if (!own.ids.empty()) return resolve_all(reader, own.ids);
  std::vector<std::int64_t> all, going_on;
  for (const RunSummary& run : reader.list()) {
    all.push_back(run.id);
    if (is_going_on(run.status)) going_on.push_back(run.id);
  }
  if (going_on.empty() && !all.empty()) going_on.push_back(all.back());
  if (going_on.size() > most_runs) going_on.erase(going_on.begin(), going_on.end() - most_runs);
  return going_on;
}

std::vector<RunData> read_runs(RunReader& reader, const std::vector<std::int64_t>& ids) {
  std::vector<RunData> runs;
  for (const std::int64_t id : ids) runs.push_back(reader.load(id, watched_measures()));
  return runs;
}

bool has_colours() {
  const char* none = std::getenv("NO_COLOR");
  return !none || !*none;
}

/// The whole screen, for as long as the object lives; what was there before comes back.
class Screen {
 public:
  Screen() { print("\x1b[?1049h\x1b[?25l"); }
  ~Screen() {
    print("\x1b[?25h\x1b[?1049l");
    std::fflush(stdout);
  }
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;

  int width() const { return size().ws_col > 0 ? size().ws_col : 80; }
  /// The lines from the top, as many as fit, and what is said beneath them.
  void show(std::vector<std::string> lines) {
    const std::size_t rows = size().ws_row > 3 ? size().ws_row : 24, room = rows - 2;
    std::string foot = "Ctrl-C ends watching; the runs continue.";
    if (lines.size() > room) {
      foot = std::to_string(lines.size() - room) + (lines.size() - room == 1 ? " line" : " lines") +
             " more: name a run, or enlarge the window. Ctrl-C ends watching.";
      lines.resize(room);
    } else if (lines.size() < room) {  // else the last line would push the first one out
      lines.emplace_back();
    }
    std::string text = "\x1b[H";
    for (const std::string& line : lines) text += line + "\x1b[K\n";
    print(text + clipped(foot, width()) + "\x1b[K\n\x1b[J");
    std::fflush(stdout);
  }

 private:
  static winsize size() {
    winsize found{};
    ioctl(STDOUT_FILENO, TIOCGWINSZ, &found);
    return found;
  }
};

/// A file, whatever its name is by now.
class FileAt {
 public:
  explicit FileAt(const std::string& path) : path_(path), found_(look()) {}
  /// Was it moved, deleted or replaced? A reader would stay in the old file, where nothing changes any more.
  bool is_gone() const { return look() != found_; }

 private:
  std::pair<dev_t, ino_t> look() const {
    struct stat found {};
    return stat(path_.c_str(), &found) == 0 ? std::pair(found.st_dev, found.st_ino)
                                            : std::pair(dev_t{0}, ino_t{0});
  }
  std::string path_;
  std::pair<dev_t, ino_t> found_;
};

/// Those watched so far, which stay when they end, and what was begun meanwhile.
void add_new(std::vector<std::int64_t>& ids, const std::vector<std::int64_t>& newest) {
  for (const std::int64_t id : newest)
    if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
  if (ids.size() > most_runs) ids.erase(ids.begin(), ids.end() - static_cast<std::ptrdiff_t>(most_runs));
}

/// Until the runs have ended or Ctrl-C. The exit status.
int follow(const Options& options, const WatchOptions& own, RunReader& reader) {
  const StopRequests stops;
  const Console console(options);
  const FileAt file(options.database_path());
  std::vector<std::int64_t> ids = watched(reader, own);
  std::vector<RunData> runs;
  FrameStyle style;
  bool gone = false;
  {
    Screen screen;
    for (;;) {
      runs = read_runs(reader, ids);
      style = {screen.width(), has_colours(), console.has_unicode()};
      screen.show(watch_frame(runs, style));
      gone = file.is_gone();
      if (gone || std::none_of(runs.begin(), runs.end(), is_going_on)) break;
      for (int tenth = 0; tenth < 10 * own.every && !stops.stop_asked(); ++tenth)
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
      if (stops.stop_asked()) break;
      if (own.ids.empty() && !(gone = file.is_gone())) {
        std::vector<std::int64_t> going_on;
        for (const std::int64_t id : watched(reader, own))
          if (is_going_on(reader.summary(id).status)) going_on.push_back(id);
        add_new(ids, going_on);
      }
    }
  }
  // What was seen last stays on the ordinary screen.
  for (const std::string& line : watch_frame(runs, style)) print(line + "\n");
  if (!gone) return tell_troubles(reader);
  complain("the database " + options.database_path() +
           " was moved, deleted or replaced; what is shown is from before. Name where it is now with --db");
  return 1;
}

int run(const Options& options, const WatchOptions& own) {
  const auto reader = need_runs(options);
  const Console console(options);
  if (options.json) {
    // Whole runs: a document of train's shape has train's contents.
    nlohmann::json all = nlohmann::json::array();
    for (const std::int64_t id : watched(*reader, own)) all.push_back(run_result(reader->load(id)));
    print_json({{"runs", all}});
    return tell_troubles(*reader);
  }
  if (console.is_terminal() && !own.once) {
    return follow(options, own, *reader);
  }
  const std::vector<RunData> runs = read_runs(*reader, watched(*reader, own));
  if (runs.empty()) print("No runs yet. Start one: grapevine-cli race\n");
  const FrameStyle style{console.width(), console.is_terminal() && has_colours(), console.has_unicode()};
  for (const std::string& line : watch_frame(runs, style)) print(line + "\n");
  return tell_troubles(*reader);
}

void describe(Usage& usage, WatchOptions& own) {
  add_some_runs(usage, own.ids);
  usage.add("--every", &own.every, "Seconds between two frames").shown_as("N").between(1, 3600);
  usage.add("--once", &own.once, "Print one frame and end");
}

}  // namespace

Command watch_command() {
  return make_command<WatchOptions>(
      {"watch", "Watch runs in the terminal while another program trains them",
       "Without an ID those in progress, or the newest. Shows curves of loss and scores, and one row of "
       "cells "
       "per layer for the alignment cos(B, J): blue for 1, grey for 0, red for −1, the latest on the right. "
       "It reads "
       "the "
       "database and nothing else, so it also works over ssh; on a pipe it prints one frame and ends."},
      describe, run);
}

}  // namespace grapevine::cli
