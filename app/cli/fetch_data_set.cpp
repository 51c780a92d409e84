// datasets get NAME: fetches, checks and unpacks a data set; progress on standard error, as standard output
// carries the result.
#include "app/cli/fetch_data_set.h"

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>

#include "app/cli/console.h"
#include "app/cli/data_sets.h"
#include "app/cli/stop_requests.h"
#include "engine/data/download.h"
#include "engine/error.h"
#include "engine/experiment/shell_word.h"

namespace grapevine::cli {
namespace {

using Clock = std::chrono::steady_clock;

std::string megabytes(double bytes) {
  return fixed(bytes / 1e6, bytes < 1e7 ? 2 : 1) + " MB";
}

/// A live line on a terminal; in a log a line where a file or a step begins, and every ten seconds.
class DownloadProgress {
 public:
  explicit DownloadProgress(Console& console) : console_(console) {}

  void tell(const WorkProgress& now) {
    const bool is_new = now.what != what_ || now.file != file_;
    what_ = now.what, file_ = now.file;
    const auto moment = Clock::now();
    const auto interval =
        console_.is_terminal() ? std::chrono::milliseconds(100) : std::chrono::milliseconds(10000);
    if (!is_new && moment - last_ < interval) return;
    last_ = moment;
    if (console_.is_terminal())
      console_.live({words(now)});
    else
      console_.line(words(now));
  }

 private:
  static std::string words(const WorkProgress& now) {
    if (!now.of.empty()) return words_of(now);
    const auto done = static_cast<double>(now.done), total = static_cast<double>(now.total);
    std::string text = now.what + " " + now.file;
    if (now.total > 0) text += "  " + percent_done(done / total);
    if (now.total > 0 || now.done > 0)
      text += "  " + megabytes(done) + (now.total > 0 ? " of " + megabytes(total) : "");
    if (now.rate > 0) text += ", " + megabytes(now.rate) + "/s";
    if (now.rate > 0 && total > done) text += ", " + duration((total - done) / now.rate) + " left";
    return text;
  }

  Console& console_;
  std::string what_, file_;
  Clock::time_point last_{};
};

const DataSource& wanted(const DatasetsOptions& own) {
  const std::vector<std::string> keys = source_keys();
  std::string known;
  for (const std::string& key : keys) known += (known.empty() ? "" : ", ") + key;
  if (own.action != "get")
    throw InputError("datasets " + own.action +
                     ": the one action is get NAME; without it the data sets are listed");
  if (own.name.empty()) throw InputError("datasets get: which one? Name one of " + known);
  const std::string& name = own.name;
  if (const DataSource* source = find_source(name)) return *source;
  const std::string near = nearest(name, keys);
  throw InputError("datasets get " + name + ": there is no such data set to fetch; " +
                   (near.empty() ? "name one of " + known : "did you mean " + near + "?"));
}

int tell_result(const Options& options, const std::string& key, const Downloaded& result, bool was_there) {
  if (options.json) {
    print_json({{"name", key},
                {"folder", result.folder},
                {"already_there", was_there},
                {"bytes", result.bytes},
                {"checked", was_there       ? ""
                            : result.summed ? "md5"
                                            : "size"},
                {"moved_aside", result.kept}});
    return 0;
  }
  if (options.quiet) return 0;
  if (was_there) {
    print(key + " is there already: " + clean(result.folder) + "\n");
    return 0;
  }
  print(
      key + " is there: " + clean(result.folder) + " (" + megabytes(static_cast<double>(result.bytes)) +
      ", " +
      (result.summed ? "MD5 sums as published" : "no MD5 sum is published for it: only sizes were compared") +
      ")\n");
  if (!result.kept.empty())
    print("What lay there before, incomplete, is now in " + clean(result.kept) + "\n");
  return 0;
}

}  // namespace

int fetch_data_set(const Options& options, const DatasetsOptions& own) {
  const DataSource& source = wanted(own);
  Options on_error_stream = options;
  on_error_stream.json = true;
  Console console(on_error_stream);
  const StopRequests stops;
  DownloadProgress progress(console);
  const WorkHooks hooks{[&](const WorkProgress& now) { progress.tell(now); },
                        [&] { return stops.stop_asked(); }};
  Downloaded result;
  bool was_there = false;
  try {
    const DataSetState state = look_for_data_set(*find_data(source.key), true, hooks);
    was_there = state.present;
    result.folder = state.folder;
    if (!was_there && !state.folder.empty()) {
      console.live({});
      console.line(state.trouble);
    }
  } catch (const WorkStopped&) {
    console.live({});
    console.line("Stopped while looking at what is there; nothing was changed");
    if (options.json) print_json({{"name", source.key}, {"stopped", true}});
    return stopped_status;
  }
  DownloadOptions how;
  how.from = own.from;
  if (!was_there) result = download(source, how, hooks);
  console.live({});
  if (result.stopped) {
    console.line("Stopped; what has come is kept: " + get_command(source.key) +
                 (own.from.empty() ? "" : " --from " + shell_quoted(own.from)) + " continues");
    if (options.json) print_json({{"name", source.key}, {"stopped", true}});
    return stopped_status;
  }
  return tell_result(options, source.key, result, was_there);
}

}  // namespace grapevine::cli
