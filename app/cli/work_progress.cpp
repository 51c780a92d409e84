#include "app/cli/work_progress.h"

#include "engine/session/interruption.h"

namespace grapevine::cli {
namespace {

/// Progress goes to standard error in any case.
Options to_error(Options options) {
  options.json = true;
  return options;
}

}  // namespace

WorkProgress::WorkProgress(const Options& options, bool lines)
    : console_(to_error(options)), lines_(lines && !options.quiet) {}

void WorkProgress::tell(const std::string& what, int part, int parts, int done, int of) {
  interruption_point();
  if (of <= 0 || parts <= 0) return;
  const auto now = std::chrono::steady_clock::now();
  if (now - last_ < std::chrono::milliseconds(100)) return;
  last_ = now;
  const std::string share = percent((part + static_cast<double>(done) / of) / parts);
  if (lines_) console_.line("progress: " + share);
  console_.live({what + ": " + share});
}

void add_progress(Usage& usage, bool& lines) {
  usage.add("--progress", &lines,
            "Say on standard error how far it is, one line at a time, also where that is not a terminal");
}

}  // namespace grapevine::cli
