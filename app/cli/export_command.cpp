// export: a run's data as CSV or JSON, or its last checkpoint; to standard output or, whole or not at all, to
// a file.
#include <filesystem>
#include <nlohmann/json.hpp>

#include "app/cli/commands.h"
#include "app/cli/console.h"
#include "app/cli/stored_runs.h"
#include "engine/error.h"
#include "engine/files/careful_file.h"
#include "engine/runs/export.h"

namespace grapevine::cli {
namespace {

/// `write` nullptr: the format is a file of its own and no text.
struct Format {
  const char* name;
  std::string (*write)(const RunData&);
};

std::string as_json(const RunData& run) {
  return json_text(run_to_json(run), 1);
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

void tell(const Options& options, const Format& format, std::int64_t id, std::size_t bytes) {
  if (options.json) {
    print_json({{"run", id}, {"format", format.name}, {"file", options.output}, {"bytes", bytes}});
  } else if (!options.quiet) {
    print("Wrote run " + std::to_string(id) + " as " + format.name + " to " + clean(options.output) + " (" +
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
      return tell_troubles(*reader);
    }
    write_carefully(options.output, text);
    bytes = text.size();
  } else {
    bytes = static_cast<std::size_t>(reader->write_checkpoint(id, options.output));
  }
  tell(options, format, id, bytes);
  return tell_troubles(*reader);
}

}  // namespace grapevine::cli
