#include "engine/plans/sweep_presets.h"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "engine/error.h"
#include "engine/experiment/json_text.h"
#include "engine/experiment/nearest.h"
#include "engine/files/memory.h"
#include "engine/plans/resource_files.h"

namespace grapevine {
namespace {

constexpr const char* folder = "presets/sweeps";
constexpr const char* ending = ".json";

std::string title_in(const std::string& document, const std::string& file) {
  try {
    return nlohmann::json::parse(document, nullptr, true, /*ignore_comments=*/true).at("title");
  } catch (const nlohmann::json::exception& error) {
    throw RunError(file + " is damaged (" + error.what() + "); install Grapevine again");
  }
}

std::vector<SweepPreset> read_sweep_presets() {
  std::vector<SweepPreset> all;
  for (const std::string& file : resources_in(folder, ending)) {
    const std::string path = std::string(folder) + "/" + file;
    within_memory("", path, [&] {
      std::string document = read_resource(path);
      std::string title = title_in(document, path);
      all.push_back({file.substr(0, file.rfind('.')), std::move(title), std::move(document)});
    });
  }
  return all;
}

[[noreturn]] void refuse(const std::string& name) {
  std::vector<std::string> known;
  for (const SweepPreset& preset : sweep_presets()) known.push_back(preset.name);
  std::string near;
  for (const std::string& word : nearest_words(name, known, 3)) near += (near.empty() ? "" : ", ") + word;
  throw InputError("there is no sweep file and no sweep preset '" + name + "'" +
                   (near.empty() ? "; `grapevine-cli presets` lists them" : "; did you mean " + near + "?"));
}

}  // namespace

const std::vector<SweepPreset>& sweep_presets() {
  static const std::vector<SweepPreset> all = read_sweep_presets();
  return all;
}

const SweepPreset* find_sweep_preset(std::string_view name) {
  for (const SweepPreset& preset : sweep_presets())
    if (preset.name == name) return &preset;
  return nullptr;
}

std::string sweep_document(const std::string& path_or_name) {
  std::error_code none;
  const bool is_path = path_or_name.find('/') != std::string::npos || path_or_name.ends_with(ending);
  if (is_path || std::filesystem::exists(path_or_name, none))
    return read_document(path_or_name, "sweep", "a sweep is a JSON object with experiment and grid");
  if (const SweepPreset* preset = find_sweep_preset(path_or_name)) return preset->document;
  refuse(path_or_name);
}

}  // namespace grapevine
