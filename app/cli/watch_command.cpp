// watch: runs as they grow, read from the database while another program writes it, also over ssh. On a pipe
// one frame.
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <thread>

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

/// The whole screen, for as long as the object lives; what stood there before comes back.
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
  void show(std::vector<std::string> lines) {
    const std::size_t rows = size().ws_row > 1 ? size().ws_row : 24;
    if (lines.size() >= rows) lines.resize(rows - 1);
    std::string text = "\x1b[H";
    for (const std::string& line : lines) text += line + "\x1b[K\n";
    print(text + "\x1b[J");
    std::fflush(stdout);
  }

 private:
  static winsize size() {
    winsize found{};
    ioctl(STDOUT_FILENO, TIOCGWINSZ, &found);
    return found;
  }
};

/// Until the runs have ended or Ctrl-C.
void follow(const Options& options, const WatchOptions& own, RunReader& reader) {
  const StopRequests stops;
  const Console console(options);
  std::vector<RunData> runs;
  {
    Screen screen;
    for (;;) {
      runs = read_runs(reader, watched(reader, own));
      FrameStyle style{screen.width(), has_colours(), console.has_unicode()};
      std::vector<std::string> lines = watch_frame(runs, style);
      lines.push_back("");
      lines.push_back("Ctrl-C ends watching; the runs continue.");
      screen.show(std::move(lines));
      if (std::none_of(runs.begin(), runs.end(), is_going_on)) break;
      for (int tenth = 0; tenth < 10 * own.every && !stops.stop_asked(); ++tenth)
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
      if (stops.stop_asked()) break;
    }
  }
  // What was seen last stays on the ordinary screen.
  for (const std::string& line : watch_frame(runs, {80, has_colours(), console.has_unicode()}))
    print(line + "\n");
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
    follow(options, own, *reader);
    return tell_troubles(*reader);
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
