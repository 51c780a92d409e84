// verify: files of worked numbers, each one step of one rule, against this machine's arithmetic.
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>

#include "app/cli/command.h"
#include "app/cli/console.h"
#include "engine/door/engine_api.h"
#include "engine/files/whole_file.h"

namespace grapevine::cli {
namespace {

bool read_text(const std::string& file, std::string& text) {
  std::optional<std::string> whole = whole_file(file);
  if (whole) text = std::move(*whole);
  return whole.has_value();
}

VerifyLine verify_file(const EngineApi& engine, const std::string& file, const std::string& device) {
  std::string text;
  if (read_text(file, text)) return engine.verify(file, text, device);
  VerifyLine line;
  line.file = file;
  line.trouble = file + ": the file can't be read; check its name and rights";
  return line;
}

nlohmann::json document_of(const VerifyLine& line) {
  nlohmann::json document = {{"file", line.file},         {"name", line.name},
                             {"rule", line.rule},         {"largest_error", line.largest_error},
                             {"quantity", line.quantity}, {"tolerance", line.tolerance},
                             {"passed", line.passed}};
  if (!line.trouble.empty()) document["trouble"] = line.trouble;
  return document;
}

std::string or_dash(const std::string& text) {
  return text.empty() ? "-" : text;
}

void print_line(const VerifyLine& line) {
  const std::string name = line.name.empty() ? std::filesystem::path(line.file).stem().string() : line.name;
  char error[32];
  std::snprintf(error, sizeof error, "%.2e", line.largest_error);
  print(clean(or_dash(name)) + " " + clean(or_dash(line.rule)) + " " + (line.trouble.empty() ? error : "-") +
        " " + clean(or_dash(line.quantity)) + " " + (line.passed ? "ok" : "FAILED") + "\n");
}

struct VerifyOptions {
  std::vector<std::string> files;
};

int run(const Options& options, const VerifyOptions& own) {
  const EngineApi& engine = load_engine();
  const std::string device = options.device.value_or("cpu");
  int passed = 0, failed = 0;
  bool unreadable = false;
  nlohmann::json files = nlohmann::json::array();
  for (const std::string& file : own.files) {
    VerifyLine line = verify_file(engine, file, device);
    line.passed = line.passed && line.trouble.empty();
    ++(line.passed ? passed : failed);
    if (!line.trouble.empty()) {
      unreadable = true;
      complain(clean(line.trouble));
    }
    if (options.json) {
      files.push_back(document_of(line));
    } else if (!options.quiet || !line.passed) {
      print_line(line);
    }
  }
  if (options.json) {
    print_json({{"files", files}, {"passed", passed}, {"failed", failed}});
  } else {
    print(std::to_string(passed) + " passed, " + std::to_string(failed) + " failed\n");
  }
  return unreadable ? 2 : failed > 0 ? 1 : 0;
}

void describe(Usage& usage, VerifyOptions& own) {
  usage.add("FILE", &own.files, "Files of worked numbers (JSON)")
      .completed_by(Completes::file)
      .must_be_given();
}

}  // namespace

Command verify_command() {
  return make_command<VerifyOptions>(
      {"verify", "Check learning rules against files of worked numbers", "", Shows::device}, describe, run);
}

}  // namespace grapevine::cli
