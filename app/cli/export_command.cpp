// export: runs' data for other programs, their last checkpoint, or the network's parameters; to standard
// output or, whole or not at all, to a file.
#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "app/cli/chart_page.h"
#include "app/cli/command.h"
#include "app/cli/console.h"
#include "app/cli/curve_arrays.h"
#include "app/cli/figure_options.h"
#include "app/cli/foreign_text.h"
#include "app/cli/html_report.h"
#include "app/cli/pictures/chart_picture.h"
#include "app/cli/run_charts.h"
#include "app/cli/stored_runs.h"
#include "engine/door/engine_api.h"
#include "engine/error.h"
#include "engine/experiment/nearest.h"
#include "engine/experiment/registry.h"
#include "engine/experiment/shown.h"
#include "engine/files/careful_file.h"
#include "engine/files/home.h"
#include "engine/runs/export.h"
#include "engine/runs/export_formats.h"
#include "engine/runs/run_file.h"
#include "engine/runs/stored_experiment.h"
#include "engine/runs/tensorboard.h"
#include "engine/weights/parameter_file.h"

namespace grapevine::cli {
namespace {

namespace fs = std::filesystem;

struct ExportOptions {
  std::vector<std::string> ids;
  std::string format, output;
  bool with_checkpoint = false;
  FigureOptions figures;
};

using Runs = std::vector<RunData>;

/// What a format is made of: a text for people and programs (or a page, which compares them too), bytes for a
/// file only, the network's parameters, or (none of them) the state.
struct Format {
  Word word;
  bool several = false;  ///< takes several runs in one file
  std::string (*text)(const Runs&) = nullptr;
  std::string (*bytes)(const RunData&) = nullptr;
  std::string (*pack)(const ParameterFile&) = nullptr;
  std::string (*figures)(const ChartPage&) = nullptr;  ///< of several runs
  std::string (*archive)(const Runs&) = nullptr;       ///< bytes of several runs
};

std::string as_json(const Runs& runs) {
  return json_text(runs_to_json(runs), 1);
}

std::string as_pickle(const ParameterFile& parameters) {
  return load_engine().pickle(parameters);
}

/// What each is made by; checkpoint, html, run and tensorboard's folders have ways of their own.
void add_maker(Format& format) {
  const std::string& name = format.word.name;
  if (name == "csv") format.text = runs_to_csv;
  if (name == "json") format.text = as_json;
  if (name == "svg") format.figures = svg_of;
  if (name == "pdf") format.figures = pdf_of;
  if (name == "png") format.figures = png_of;
  if (name == "tensorboard") format.bytes = run_to_events;
  if (name == "safetensors") format.pack = to_safetensors;
  if (name == "curves.npz") format.archive = curves_npz;
  if (name == "npz") format.pack = to_npz;
  if (name == "pt") format.pack = as_pickle;
}

const std::vector<Format>& formats() {
  static const std::vector<Format> all = [] {
    std::vector<Format> list;
    for (const ExportFormat& each : export_formats()) {
      Format& format = list.emplace_back();
      format.word = {each.name, "", each.help};
      format.several = each.several;
      add_maker(format);
    }
    return list;
  }();
  return all;
}

std::string known_formats() {
  std::string known;
  for (const Format& format : formats()) known += (known.empty() ? "" : ", ") + format.word.name;
  return known;
}

/// By name, else by the file's ending, the longest that fits: run.curves.npz is not an npz of parameters.
const Format& chosen_format(const ExportOptions& own) {
  std::string wanted = own.format;
  if (wanted.empty()) {
    const fs::path name = fs::path(own.output).filename();
    wanted = name.extension().empty() ? "" : name.extension().string().substr(1);
    if (const ExportFormat* by_name = export_format_of(own.output)) wanted = by_name->name;
  }
  wanted = in_lower_case(wanted);
  for (const Format& format : formats())
    if (wanted == format.word.name) return format;
  if (wanted.empty())
    throw InputError("export needs --format, one of " + known_formats() + ", or a file whose name ends so");
  std::vector<std::string> names;
  for (const Format& format : formats()) names.push_back(format.word.name);
  const std::string near = nearest(wanted, names);
  throw InputError("unknown export format '" + shown(wanted) + "'; " +
                   (near.empty() ? "" : "did you mean " + near + "? ") +
                   "Supported formats: " + known_formats());
}

void tell(const Options& options, const Format& format, const std::vector<std::int64_t>& ids,
          const std::string& file, std::size_t bytes) {
  std::string list;
  for (const std::int64_t id : ids) list += (list.empty() ? "" : ", ") + std::to_string(id);
  if (options.json) {
    nlohmann::json document{{"format", format.word.name}, {"file", file}, {"bytes", bytes}, {"runs", ids}};
    if (ids.size() == 1) document["run"] = ids.front();
    print_json(document);
  } else if (!options.quiet) {
    print("Wrote run" + std::string(ids.size() == 1 ? " " : "s ") + list + " as " + format.word.name +
          " to " + clean(file) + " (" + with_thousands(static_cast<std::int64_t>(bytes)) + " bytes)\n");
  }
}

/// Of the run's last state that is kept.
ParameterFile parameters_of(RunReader& reader, std::int64_t id) {
  const RunData run = reader.load(id);
  const Experiment experiment = stored_experiment(run);
  const CheckpointSet state = reader.checkpoint({id});
  if (state.racers.empty())
    throw InputError("run " + std::to_string(id) +
                     " has no checkpoint, so there are no parameters yet: resume it");
  ParameterFile parameters = load_engine().parameters(experiment, state.racers.front());
  parameters.metadata["run"] = run.uuid;
  parameters.metadata["name"] = run.name;
  return parameters;
}

std::size_t write_bytes(RunReader& reader, const Format& format, std::int64_t id, const std::string& file) {
  if (!format.bytes && !format.pack) {
    if (!reader.summary(id).origin.empty()) stored_experiment(reader.load(id));  // imported curves have none
    return static_cast<std::size_t>(reader.write_checkpoint(id, file));
  }
  const std::string content =
      format.pack ? format.pack(parameters_of(reader, id)) : format.bytes(reader.load(id));
  write_carefully(file, content);
  return content.size();
}

/// TensorBoard takes each folder with event files for a run.
/// A folder, or a name that none has yet, of several runs or with a / behind it: it is made. What is called
/// tfevents is a file.
bool is_folder_to_be(const std::string& path, std::size_t runs) {
  std::error_code none;
  if (fs::exists(path, none)) return fs::is_directory(path, none);
  return path.ends_with('/') || (runs > 1 && path.find("tfevents") == std::string::npos);
}

std::size_t write_event_folders(RunReader& reader, const std::vector<std::int64_t>& ids,
                                const std::string& folder) {
  std::size_t bytes = 0;
  for (const std::int64_t id : ids) {
    const RunData run = reader.load(id);
    const fs::path own =
        fs::path(folder) / ("run-" + std::to_string(id) + (find_rule(run.rule) ? "-" + run.rule : ""));
    std::error_code trouble;
    fs::create_directories(own, trouble);
    if (trouble) throw InputError("can't make the folder " + own.string() + ": " + trouble.message());
    const std::string content = run_to_events(run);
    write_carefully((own / events_file_name(run)).string(), content);
    bytes += content.size();
  }
  return bytes;
}

std::size_t write_runs(const Options& options, RunReader& reader, const ExportOptions& own,
                       const std::vector<std::int64_t>& ids, const std::string& file) {
  std::vector<std::string> uuids;
  for (const std::int64_t id : ids) uuids.push_back(reader.summary(id).uuid);
  return static_cast<std::size_t>(write_run_file(options.database_path(), uuids, file, own.with_checkpoint));
}

bool is_text(const Format& format) {
  return format.text || format.word.name == "html" || format.word.name == "svg";
}

Runs load_all(RunReader& reader, const std::vector<std::int64_t>& ids) {
  Runs runs;
  for (const std::int64_t id : ids) runs.push_back(reader.load(id));
  return runs;
}

/// Others' names lead no terminal astray, wherever the text is looked at in the end.
std::string cleaned_lines(const std::string& text) {
  std::string cleaned;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    cleaned += clean(std::string_view(text).substr(begin, end - begin)) + "\n";
    begin = end + 1;
  }
  return cleaned;
}

Comparison compared(RunReader& reader, const Runs& runs, const FigureOptions& wish) {
  ComparisonRequest request;
  request.keys = parse_run_keys(wish.group);
  for (const RunData& run : runs) request.ids.push_back(run.id);
  return compare_runs(reader, request);
}

/// Seeds of one experiment are one line.
std::vector<Chart> charts_of(const Runs& runs, const Comparison& comparison, const FigureOptions& wish) {
  return charts_of(drawn_groups(runs, comparison, !wish.group.empty()), wish.around(), wish.measures);
}

std::string figures_of(RunReader& reader, const Runs& runs, const Format& format, const FigureOptions& wish) {
  const std::vector<Chart> charts = charts_of(runs, compared(reader, runs, wish), wish);
  return format.figures(lay_out(charts, wish.page()));
}

std::string text_of(RunReader& reader, const Format& format, const std::vector<std::int64_t>& ids,
                    const FigureOptions& wish) {
  const Runs runs = load_all(reader, ids);
  if (format.figures) return cleaned_lines(figures_of(reader, runs, format, wish));
  if (format.text) return cleaned_lines(format.text(runs));
  const Comparison comparison = compared(reader, runs, wish);
  return as_utf8(html_report(runs, comparison, charts_of(runs, comparison, wish)));
}

void check_request(const Options& options, const ExportOptions& own, const Format& format, bool to_output,
                   bool into_folder) {
  if (to_output && options.json && format.word.name != "json")
    throw InputError(
        "with --json standard output carries a JSON document: name a file with -o, or leave --json out");
  if (own.with_checkpoint && format.word.name != "run")
    throw InputError("--with-checkpoint goes with --format run, and not with " + format.word.name);
  if (!format.figures && own.figures.any())
    throw InputError(
        "--measures, --columns, --width, --panel-height, --font, --font-size and --letters are for "
        "figures: export svg, pdf or png, not " +
        format.word.name);
  if (!format.figures && format.word.name != "html" && own.figures.any_of_groups())
    throw InputError("--group and --band are for figures: export svg, pdf, png or html, not " +
                     format.word.name);
  if (to_output && !is_text(format))
    throw InputError("a " + format.word.name + " is not text: name the file to write with -o");
  if (own.ids.size() > 1 && !format.several && !into_folder)
    throw InputError(format.word.name + " holds one run: export one at a time" +
                     (format.word.name == "tensorboard" ? ", or name a folder with -o" : ""));
}

int run(const Options& options, const ExportOptions& own) {
  const Format& format = chosen_format(own);
  const std::string file = with_home(own.output);
  const bool to_output = file.empty() || file == "-";
  const bool into_folder =
      format.word.name == "tensorboard" && !to_output && is_folder_to_be(file, own.ids.size());
  check_request(options, own, format, to_output, into_folder);
  const auto reader = need_runs(options);
  const std::vector<std::int64_t> ids = resolve_all(*reader, own.ids);
  std::size_t bytes = 0;
  if (into_folder) {
    bytes = write_event_folders(*reader, ids, file);
  } else if (is_text(format)) {
    const std::string text = text_of(*reader, format, ids, own.figures);
    if (to_output) {
      print(text);
      return tell_troubles(*reader);
    }
    write_carefully(file, text);
    bytes = text.size();
  } else if (format.figures) {
    const std::string picture = figures_of(*reader, load_all(*reader, ids), format, own.figures);
    write_carefully(file, picture);
    bytes = picture.size();
  } else if (format.archive) {
    const std::string picture = format.archive(load_all(*reader, ids));
    write_carefully(file, picture);
    bytes = picture.size();
  } else if (format.word.name == "run") {
    bytes = write_runs(options, *reader, own, ids, file);
  } else {
    bytes = write_bytes(*reader, format, ids.front(), file);
  }
  tell(options, format, ids, own.output, bytes);
  return tell_troubles(*reader);
}

void describe(Usage& usage, ExportOptions& own) {
  add_runs(usage, own.ids);
  std::vector<Word> words;
  for (const Format& format : formats()) words.push_back(format.word);
  usage.add("--format", &own.format, "By default what the file's name ends in")
      .shown_as("FORMAT")
      .one_of(words);
  usage.add("-o,--output", &own.output, "The file to write; - is standard output (default)")
      .shown_as("FILE", Completes::file);
  usage.add("--with-checkpoint", &own.with_checkpoint,
            "run: enclose the latest states, from which runs can continue");
  describe_figures(usage, own.figures);
}

}  // namespace

Command export_command() {
  return make_command<ExportOptions>(
      {"export", "Write runs' data for other programs, a run's last checkpoint, or its network's parameters",
       "safetensors, npz and pt hold the network's parameters under PyTorch's names (segments.0.0.weight), "
       "the "
       "feedback matrices (feedback.1), running statistics, and in their metadata the list of layers and "
       "what was "
       "taken off the inputs: docs/python/rebuild_network.py rebuilds the network from them."},
      describe, run);
}

}  // namespace grapevine::cli
