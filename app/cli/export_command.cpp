// export: a run's data as CSV or JSON, its last checkpoint, or the network's parameters for other programs;
// to standard output or, whole or not at all, to a file.
#include <filesystem>
#include <nlohmann/json.hpp>

#include "app/cli/command.h"
#include "app/cli/console.h"
#include "app/cli/stored_runs.h"
#include "engine/door/engine_api.h"
#include "engine/error.h"
#include "engine/files/careful_file.h"
#include "engine/runs/export.h"
#include "engine/runs/stored_experiment.h"
#include "engine/weights/parameter_file.h"

namespace grapevine::cli {
namespace {

struct ExportOptions {
  std::string id, format, output;
};

/// A text made of the run's numbers; or a file of its own, of the network's parameters or (neither) the
/// state.
struct Format {
  const char* name;
  std::string (*write)(const RunData&);
  std::string (*pack)(const ParameterFile&) = nullptr;
};

std::string as_json(const RunData& run) {
  return json_text(run_to_json(run), 1);
}

std::string as_pickle(const ParameterFile& parameters) {
  return load_engine().pickle(parameters);
}

constexpr Format formats[] = {{"csv", run_to_csv},      {"json", as_json},
                              {"checkpoint", nullptr},  {"safetensors", nullptr, to_safetensors},
                              {"npz", nullptr, to_npz}, {"pt", nullptr, as_pickle}};

/// Of the run's last state that is kept.
ParameterFile parameters_of(RunReader& reader, std::int64_t id) {
  const CheckpointSet state = reader.checkpoint({id});
  if (state.racers.empty())
    throw InputError("run " + std::to_string(id) +
                     " has no checkpoint, so there are no parameters yet: resume it");
  const RunData run = reader.load(id);
  ParameterFile parameters = load_engine().parameters(stored_experiment(run), state.racers.front());
  parameters.metadata["run"] = run.uuid;
  parameters.metadata["name"] = run.name;
  return parameters;
}

std::string known_formats() {
  std::string known;
  for (const Format& format : formats) known += (known.empty() ? "" : ", ") + std::string(format.name);
  return known;
}

const Format& chosen_format(const ExportOptions& own) {
  std::string wanted = own.format;
  if (wanted.empty()) {
    const std::string ending = std::filesystem::path(own.output).extension().string();
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

void tell(const Options& options, const ExportOptions& own, const Format& format, std::int64_t id,
          std::size_t bytes) {
  if (options.json) {
    print_json({{"run", id}, {"format", format.name}, {"file", own.output}, {"bytes", bytes}});
  } else if (!options.quiet) {
    print("Wrote run " + std::to_string(id) + " as " + format.name + " to " + clean(own.output) + " (" +
          with_thousands(static_cast<std::int64_t>(bytes)) + " bytes)\n");
  }
}

int run(const Options& options, const ExportOptions& own) {
  const Format& format = chosen_format(own);
  const bool to_output = own.output.empty() || own.output == "-";
  if (to_output && options.json && format.name != std::string("json")) {
    throw InputError(
        "with --json standard output carries a JSON document: name a file with -o, or leave --json out");
  }
  if (to_output && !format.write)
    throw InputError(std::string("a ") + format.name + " is no text: name the file to write with -o");
  const auto reader = need_runs(options);
  const std::int64_t id = reader->resolve(own.id);
  std::size_t bytes = 0;
  if (format.write) {
    const std::string text = format.write(reader->load(id));
    if (to_output) {
      print(text);
      return tell_troubles(*reader);
    }
    write_carefully(own.output, text);
    bytes = text.size();
  } else if (format.pack) {
    const std::string content = format.pack(parameters_of(*reader, id));
    write_carefully(own.output, content);
    bytes = content.size();
  } else {
    bytes = static_cast<std::size_t>(reader->write_checkpoint(id, own.output));
  }
  tell(options, own, format, id, bytes);
  return tell_troubles(*reader);
}

void describe(Usage& usage, ExportOptions& own) {
  add_run(usage, own.id);
  usage.add("--format", &own.format, known_formats() + " (default: by the file's ending)").shown_as("FORMAT");
  usage.add("-o,--output", &own.output, "The file to write; - is standard output (default)")
      .shown_as("FILE", Completes::file);
}

}  // namespace

Command export_command() {
  return make_command<ExportOptions>(
      {"export", "Write a run's data as CSV or JSON, its last checkpoint, or the network's parameters",
       "safetensors, npz and pt hold the network's parameters under PyTorch's names (segments.0.0.weight), "
       "the "
       "feedback matrices (feedback.1), running statistics, and in their metadata the list of layers and "
       "what was "
       "taken off the inputs: docs/python/rebuild_network.py rebuilds the network from them."},
      describe, run);
}

}  // namespace grapevine::cli
