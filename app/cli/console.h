// Where text goes: results to standard output, and what people read on the way to standard output or, with
// --json, to standard error. Main thread only.
#pragma once

#include <cstdio>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "app/cli/foreign_text.h"
#include "app/cli/options.h"

namespace grapevine::cli {

/// One message in one line on standard error, with the program's name before it.
void complain(std::string_view message);
/// The one JSON document of --json.
void print_json(const nlohmann::json& document);
/// A document as text that may go to a terminal; -1 = in one line.
std::string json_text(const nlohmann::json& document, int indent);
/// As it is: what came from elsewhere goes through clean() first.
void print(std::string_view text);

// Numbers for people, in the C locale.
std::string fixed(double value, int digits);        ///< "–" when it is not a number
std::string percent(double share, int digits = 1);  ///< "84.2 %"
/// Of work that is being done: "0 %" before it has begun and "100 %" once it has ended, not before.
std::string percent_done(double share);
std::string short_number(double value);          ///< four significant digits
std::string with_thousands(std::int64_t value);  ///< "60,000"
std::string duration(double seconds);            ///< "12 ms", "4.2 s", "3:05", "1:02:03"

/// The stream for people while a run is in progress. On a terminal its last lines can be live: redrawn in
/// place. Nothing here waits for a reader (Ctrl-S, a dead connection, a pager): what is not taken is kept, up
/// to a bound, and live lines are left out meanwhile.
class Console {
 public:
  explicit Console(const Options& options);
  /// Removes the live lines.
  ~Console();
  Console(const Console&) = delete;
  Console& operator=(const Console&) = delete;

  bool quiet() const { return quiet_; }
  bool is_terminal() const { return terminal_; }
  bool has_unicode() const { return unicode_; }
  int width() const;
  void line(std::string_view text);                  ///< stays; the live lines move below it
  void live(const std::vector<std::string>& lines);  ///< replaces the live lines; nothing on a pipe
  void warn(std::string_view text);                  ///< on standard error, also when quiet
  /// The reader has closed the stream (a closed pipe).
  bool reader_gone() const { return reader_gone_; }
  /// The reader does not take what there is.
  bool stalled() { return !flush_kept(); }

 private:
  void write(const std::string& text);
  bool flush_kept();
  void erase_live();
  void draw_live();

  std::FILE* stream_;
  bool quiet_, terminal_, unicode_;
  int unwaiting_;     ///< a descriptor of our own, so that others of the stream still wait
  std::string kept_;  ///< not yet taken
  bool reader_gone_ = false;
  std::vector<std::string> live_lines_;
  int drawn_ = 0;
};

}  // namespace grapevine::cli
