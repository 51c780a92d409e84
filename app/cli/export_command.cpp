// export: a run's data as CSV or JSON, or its last checkpoint; to standard output or, whole or not at all, to
// a file.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "app/cli/commands.h"
#include "app/cli/console.h"
#include "app/cli/stored_runs.h"
#include "engine/error.h"
#include "engine/runs/export.h"

namespace grapevine::cli {
namespace {

/// `write` nullptr: the format is a file of its own and no text.
struct Format {
  const char* name;
  std::string (*write)(const RunData&);
};

std::string as_json(const RunData& run) {
  return run_to_json(run).dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

constexpr Format formats[] = {{"csv", run_to_csv}, {"json", as_json}, {"checkpoint", nullptr}};

const Format& chosen_format(const Options& options) {
  std::string wanted = options.format;
  if (wanted.empty()) {
    const std::string ending = std::filesystem::path(options.output).extension().string();
    wanted = ending.empty() ? "" : ending.substr(1);
  }
  std::string known;
  for (const Format& format : formats) {
    if (wanted == format.name) return format;
    known += std::string(known.empty() ? "" : ", ") + format.name;
  }
  if (wanted.empty())
    throw InputError("export needs --format, one of " + known + ", or a file whose name ends so");
  throw InputError("there is no export format '" + wanted + "'; there are " + known);
}

[[noreturn]] void refuse(const std::string& file, const std::string& why) {
  throw InputError("can't write " + file + ": " + why + "; name another file with -o");
}

[[noreturn]] void fail(const std::string& file, int error) {
  throw RunError("can't write " + file + ": " + std::strerror(error) +
                 "; free some space or name another file with -o");
}

void write_all(int descriptor, const std::string& text, const std::string& file) {
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t count = write(descriptor, text.data() + done, text.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail(file, errno);
    done += static_cast<std::size_t>(count);
  }
}

/// A file under a name of its own beside the target until it is whole; gone again if it never is.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& target) : name_(target + ".XXXXXX") {
    descriptor_ = mkstemp(name_.data());
    if (descriptor_ < 0) refuse(target, std::strerror(errno));
  }
  ~TemporaryFile() {
    if (descriptor_ >= 0) close(descriptor_);
    if (!kept_) unlink(name_.c_str());
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  void become(const std::string& target, const std::string& text) {
    write_all(descriptor_, text, target);
    const mode_t mask = umask(0);
    umask(mask);
    fchmod(descriptor_, 0666 & ~mask);  // mkstemp's file is for its owner alone
    if (fsync(descriptor_) != 0) fail(target, errno);
    if (rename(name_.c_str(), target.c_str()) != 0) fail(target, errno);
    kept_ = true;
  }

 private:
  std::string name_;
  int descriptor_ = -1;
  bool kept_ = false;
};

void write_file(const std::string& file, const std::string& text) {
  std::error_code error;
  const auto status = std::filesystem::status(file, error);
  if (std::filesystem::is_directory(status)) refuse(file, "it is a folder");
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status)) {  // a pipe or a device
    const int descriptor = open(file.c_str(), O_WRONLY | O_CLOEXEC);
    if (descriptor < 0) refuse(file, std::strerror(errno));
    write_all(descriptor, text, file);
    close(descriptor);
    return;
  }
  // Through a link to the file that it names.
  const auto target =
      std::filesystem::exists(status) ? std::filesystem::canonical(file, error).string() : file;
  TemporaryFile(target).become(target, text);
}

void tell(const Options& options, const Format& format, std::int64_t id, std::size_t bytes) {
  if (options.json) {
    print_json({{"run", id}, {"format", format.name}, {"file", options.output}, {"bytes", bytes}});
  } else if (!options.quiet) {
    print("Wrote run " + std::to_string(id) + " as " + format.name + " to " + options.output + " (" +
          with_thousands(static_cast<std::int64_t>(bytes)) + " bytes)\n");
  }
}

}  // namespace

int export_command(const Options& options) {
  const Format& format = chosen_format(options);
  const bool to_output = options.output.empty() || options.output == "-";
  if (to_output && options.json && format.name != std::string("json")) {
    throw InputError(
        "with --json standard output carries a JSON document: name a file with -o, or leave --json out");
  }
  if (to_output && !format.write)
    throw InputError(std::string("a ") + format.name + " is no text: name the file to write with -o");
  const auto reader = need_runs(options);
  const std::int64_t id = reader->resolve(options.names.front());
  std::size_t bytes = 0;
  if (format.write) {
    const std::string text = format.write(reader->load(id));
    if (to_output) {
      print(text);
      return 0;
    }
    write_file(options.output, text);
    bytes = text.size();
  } else {
    if (std::filesystem::is_directory(options.output)) refuse(options.output, "it is a folder");
    bytes = static_cast<std::size_t>(reader->write_checkpoint(id, options.output));
  }
  tell(options, format, id, bytes);
  return 0;
}

}  // namespace grapevine::cli
