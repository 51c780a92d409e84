// Streams, live lines and the texts of numbers.
#include "app/cli/console.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "app/cli/bounded_output.h"

namespace grapevine::cli {
namespace {

std::string formatted(const char* format, double value) {
  char text[64];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

std::string formatted(const char* format, int digits, double value) {
  char text[64];
  std::snprintf(text, sizeof text, format, digits, value);
  return text;
}

bool locale_is_unicode() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const char* value = std::getenv(name);
    if (!value || !*value) continue;
    const std::string text = value;
    return text.find("UTF-8") != std::string::npos || text.find("utf8") != std::string::npos;
  }
  return false;
}

bool can_redraw(std::FILE* stream) {
  const char* term = std::getenv("TERM");
  return isatty(fileno(stream)) && term && *term && std::string_view(term) != "dumb";
}

constexpr std::size_t most_kept = 1 << 16;

/// Terminals and pipes can keep a writer waiting; -1 for what can't, and where the system has no such thing.
int open_without_waiting(int stream) {
  struct stat what {};
  if (::fstat(stream, &what) != 0 || (!S_ISCHR(what.st_mode) && !S_ISFIFO(what.st_mode))) return -1;
  if (S_ISCHR(what.st_mode) && !isatty(stream)) return -1;
  const std::string name = "/proc/self/fd/" + std::to_string(stream);
  return ::open(name.c_str(), O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

/// A message that quotes a file may be as long as the file.
std::string bounded(std::string_view message) {
  constexpr std::size_t most = 4000;
  if (message.size() <= most) return std::string(message);
  return std::string(message.substr(0, most * 3 / 4)) + " … " +
         std::string(message.substr(message.size() - most / 4));
}

}  // namespace

void complain(std::string_view message) {
  const BoundedOutput bounded_in_time;
  std::fflush(stdout);
  std::fprintf(stderr, "grapevine-cli: %s\n", clean(bounded(message)).c_str());
}

void print_json(const nlohmann::json& document) {
  print(json_text(document, 2));
}

std::string json_text(const nlohmann::json& document, int indent) {
  // A name that is no UTF-8 must not cost the numbers.
  return clean_json(document.dump(indent, ' ', false, nlohmann::json::error_handler_t::replace)) + "\n";
}

void print(std::string_view text) {
  const BoundedOutput bounded_in_time;
  std::fwrite(text.data(), 1, text.size(), stdout);
}

std::string fixed(double value, int digits) {
  constexpr double most = 1e9;  // a loss on its way to infinity would fill the line with digits
  if (std::abs(value) >= most) return short_number(value);
  return std::isfinite(value) ? formatted("%.*f", digits, value) : "–";
}

std::string percent(double share, int digits) {
  return std::isfinite(share) ? fixed(100 * share, digits) + " %" : "–";
}

std::string percent_done(double share) {
  if (!(share > 0)) return "0 %";
  const double tenths = std::floor(1000 * std::min(1.0, share));
  if (tenths < 1) return "<0.1 %";
  return fixed(tenths < 10 ? tenths / 10 : std::floor(tenths / 10), tenths < 10 ? 1 : 0) + " %";
}

std::string short_number(double value) {
  return std::isfinite(value) ? formatted("%.4g", value) : "–";
}

std::string with_thousands(std::int64_t value) {
  std::string text = std::to_string(value);
  for (auto place = static_cast<std::ptrdiff_t>(text.size()) - 3; place > (value < 0 ? 1 : 0); place -= 3) {
    text.insert(static_cast<std::size_t>(place), ",");
  }
  return text;
}

std::string duration(double seconds) {
  if (!std::isfinite(seconds) || seconds < 0 || seconds > 1e12) return "–";
  if (seconds > 0 && seconds < 0.095) {  // which is not nothing
    const double ms = 1000 * seconds;
    return ms < 0.05 ? "less than 0.1 ms" : fixed(ms, ms < 9.95 ? 1 : 0) + " ms";
  }
  if (seconds < 59.95) return fixed(seconds, 1) + " s";
  const auto whole = static_cast<std::int64_t>(std::llround(seconds));
  char text[64];
  if (whole < 3600) {
    std::snprintf(text, sizeof text, "%d:%02d", static_cast<int>(whole / 60), static_cast<int>(whole % 60));
  } else {
    std::snprintf(text, sizeof text, "%lld:%02d:%02d", static_cast<long long>(whole / 3600),
                  static_cast<int>(whole / 60 % 60), static_cast<int>(whole % 60));
  }
  return text;
}

Console::Console(const Options& options)
    : stream_(options.json ? stderr : stdout),
      quiet_(options.quiet),
      terminal_(can_redraw(stream_)),
      unicode_(locale_is_unicode()),
      unwaiting_(open_without_waiting(fileno(stream_))) {}

Console::~Console() {
  live_lines_.clear();
  erase_live();
  if (unwaiting_ >= 0) ::close(unwaiting_);
}

int Console::width() const {
  winsize size{};
  if (ioctl(fileno(stream_), TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 80;
}

void Console::write(const std::string& text) {
  if (text.empty() || reader_gone_) return;
  const BoundedOutput bounded_in_time;
  if (unwaiting_ < 0) {
    errno = 0;
    std::fwrite(text.data(), 1, text.size(), stream_);
    if (std::fflush(stream_) != 0 && errno == EPIPE) reader_gone_ = true;
    return;
  }
  std::fflush(stream_);  // results that were printed before come before
  if (kept_.size() < most_kept) kept_ += text;
  flush_kept();
}

/// As much as the reader takes now; true when nothing is left.
bool Console::flush_kept() {
  while (!kept_.empty() && !reader_gone_) {
    const ssize_t taken = ::write(unwaiting_, kept_.data(), kept_.size());
    if (taken >= 0) {
      kept_.erase(0, static_cast<std::size_t>(taken));
    } else if (errno != EINTR) {
      reader_gone_ = errno == EPIPE;
      if (errno != EAGAIN) kept_.clear();
      break;
    }
  }
  return kept_.empty();
}

void Console::erase_live() {
  if (drawn_ == 0) return;
  std::string text = "\r";
  if (drawn_ > 1) text += "\x1b[" + std::to_string(drawn_ - 1) + "A";
  write(text + "\x1b[J");
  drawn_ = 0;
}

void Console::draw_live() {
  if (!kept_.empty()) return;
  std::string text;
  const int columns = width() - 1;  // a full last column would wrap on some terminals
  for (const std::string& line : live_lines_) text += (text.empty() ? "" : "\n") + clipped(line, columns);
  write(text);
  drawn_ = static_cast<int>(live_lines_.size());
}

void Console::line(std::string_view text) {
  if (quiet_) return;
  erase_live();
  write(clean(text) + "\n");
  draw_live();
}

void Console::live(const std::vector<std::string>& lines) {
  if (quiet_ || !terminal_ || stalled()) return;
  erase_live();
  live_lines_.clear();
  for (const std::string& line : lines) live_lines_.push_back(clean(line));
  draw_live();
}

void Console::warn(std::string_view text) {
  erase_live();
  const std::string line = "grapevine-cli: " + clean(text) + "\n";
  const int errors = open_without_waiting(STDERR_FILENO);
  if (errors < 0) {
    complain(text);
  } else {
    // One that nobody takes there is shown with the lines, when somebody reads them.
    if (::write(errors, line.data(), line.size()) < 0 && unwaiting_ >= 0) kept_ += line;
    ::close(errors);
  }
  draw_live();
}

}  // namespace grapevine::cli
