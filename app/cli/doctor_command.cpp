// doctor: what this machine has of what Grapevine needs; --self-test checks the arithmetic too.
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "app/cli/command.h"
#include "app/cli/console.h"
#include "app/cli/data_sets.h"
#include "app/cli/table.h"
#include "engine/door/engine_api.h"
#include "engine/error.h"
#include "engine/files/machine.h"
#include "engine/runs/run_reader.h"

namespace grapevine::cli {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

json look_at_engine(const EngineApi*& engine) {
  try {
    engine = &load_engine();
  } catch (const Error& error) {
    return {{"found", false}, {"trouble", error.what()}};
  }
  json about = json::object();
  for (const auto& [what, value] : engine->about()) about[what] = value;
  return {{"found", true}, {"about", about}};
}

/// Can a file be made or written there? Looks for the nearest folder that exists.
bool writable(const std::string& file) {
  std::error_code error;
  if (fs::exists(file, error)) return access(file.c_str(), W_OK) == 0;
  fs::path folder = fs::absolute(file, error).parent_path();
  while (!folder.empty() && folder != folder.root_path() && !fs::exists(folder, error))
    folder = folder.parent_path();
  return access(folder.c_str(), W_OK | X_OK) == 0;
}

json look_at_database(const Options& options) {
  const std::string path = options.database_path();
  json state = {{"path", path}, {"exists", database_exists(path)}, {"writable", writable(path)}};
  if (!database_exists(path)) return state;
  try {
    json counts = json::object();
    const std::vector<RunSummary> runs = RunReader(path).list();
    for (const RunSummary& run : runs) counts[run.status.text()] = counts.value(run.status.text(), 0) + 1;
    state["runs"] = runs.size();
    state["by_status"] = counts;
    std::error_code error;
    state["bytes"] = fs::file_size(path, error);
  } catch (const Error& error) {
    state["trouble"] = error.what();
  }
  return state;
}

json look_at_data() {
  json all = json::array();
  for (const DataSetState& state : look_for_data_sets()) {
    json one = {{"name", state.key}, {"present", state.present}};
    if (!state.present) one["how_to_get"] = state.how_to_get;
    all.push_back(std::move(one));
  }
  return all;
}

std::string display() {
  for (const char* name : {"WAYLAND_DISPLAY", "DISPLAY"}) {
    const char* value = std::getenv(name);
    if (value && *value) return std::string(name) + "=" + value;
  }
  return "none (the terminal program does everything but the window)";
}

std::string database_text(const json& state) {
  if (state.contains("trouble")) return state["trouble"].get<std::string>();
  if (!state["exists"].get<bool>()) {
    return state["writable"].get<bool>() ? "not there yet; the first run makes it"
                                         : "not there, and can't be made there";
  }
  std::string text = std::to_string(state["runs"].get<std::size_t>()) + " runs";
  for (const auto& [status, count] : state["by_status"].items()) text += ", " + count.dump() + " " + status;
  return text + (state["writable"].get<bool>() ? "" : "; read-only");
}

void print_report(const json& report) {
  Table table({"", ""}, {});
  table.add({"Grapevine", report["version"].get<std::string>()});
  const json& engine = report["engine"];
  if (engine["found"].get<bool>()) {
    for (const auto& [what, value] : engine["about"].items()) table.add({what, value.get<std::string>()});
  } else {
    table.add({"engine", engine["trouble"].get<std::string>()});
  }
  table.add({"processor cores", std::to_string(report["cores"].get<unsigned>())});
  table.add({"display", report["display"].get<std::string>()});
  table.add({"database", report["database"]["path"].get<std::string>()});
  table.add({"", database_text(report["database"])});
  for (const json& data : report["datasets"]) {
    table.add(
        {"data " + data["name"].get<std::string>(),
         data["present"].get<bool>() ? "there" : "not there: " + data["how_to_get"].get<std::string>()});
  }
  print(table.text());
}

/// Prints a line each as it goes; true when all passed.
bool self_test(const EngineApi& engine, const Options& options, json& report) {
  bool all = true;
  json checks = json::array();
  for (const CheckLine& line : engine.self_test(options.device.value_or("cpu"))) {
    all = all && line.passed;
    checks.push_back({{"name", line.name}, {"passed", line.passed}, {"detail", line.detail}});
    if (!options.json) {
      print((line.passed ? "ok      " : "FAILED  ") + clean(line.name) +
            (line.detail.empty() ? "" : "  " + clean(line.detail)) + "\n");
    }
  }
  report["self_test"] = std::move(checks);
  return all;
}

struct DoctorOptions {
  bool self_test = false;
};

int run(const Options& options, const DoctorOptions& own) {
  const EngineApi* engine = nullptr;
  json report = {
      {"version", GRAPEVINE_VERSION}, {"engine", look_at_engine(engine)},      {"cores", usable_cores()},
      {"display", display()},         {"database", look_at_database(options)}, {"datasets", look_at_data()}};
  if (!options.json) print_report(report);
  int status = engine && !report["database"].contains("trouble") ? 0 : 1;
  if (own.self_test && engine) {
    if (!options.json) print("\n");
    const bool passed = self_test(*engine, options, report);
    if (!passed) status = 1;
    if (!options.json) print(passed ? "all checks passed\n" : "some checks FAILED\n");
  }
  if (options.json) print_json(report);
  return status;
}

void describe(Usage& usage, DoctorOptions& own) {
  usage.add("--self-test", &own.self_test, "Check the identities of layers and rules on the device");
}

}  // namespace

Command doctor_command() {
  return make_command<DoctorOptions>(
      {"doctor", "Check this machine: engine, devices, database, data", "", Shows::device}, describe, run);
}

}  // namespace grapevine::cli
