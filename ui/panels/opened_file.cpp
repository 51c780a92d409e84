#include "ui/panels/opened_file.h"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>

#include "engine/data/npz.h"
#include "engine/error.h"
#include "engine/experiment/json_text.h"
#include "engine/experiment/nearest.h"
#include "engine/files/sqlite_file.h"
#include "engine/files/whole_file.h"
#include "engine/lessons/lesson_reader.h"

namespace grapevine {
namespace {

bool looks_like_sweep(const std::string& document) {
  if (is_too_deep(document)) return false;
  const auto json = nlohmann::json::parse(document, nullptr, false, /*ignore_comments=*/true);
  return json.is_object() && json.contains("grid");
}

OpenedKind kind_of_document(const std::string& path) {
  try {
    const std::optional<std::string> text = whole_file(path);
    if (text && looks_like_lesson(*text)) return OpenedKind::lesson;
    if (text && looks_like_sweep(*text)) return OpenedKind::sweep;
  } catch (const Error&) {
    // Said by what reads it.
  }
  return OpenedKind::experiment;
}

/// Data for training and curves of runs have names of their own; PyTorch's parameters end so.
bool holds_parameters(const std::string& npz) {
  try {
    const std::vector<NpzEntry> entries = list_npz(npz);
    return std::any_of(entries.begin(), entries.end(), [](const NpzEntry& entry) {
      return entry.name.ends_with("weight") || entry.name.ends_with("bias");
    });
  } catch (const Error&) {
    return false;
  }
}

}  // namespace

OpenedKind kind_of_opened(const std::string& path) {
  std::error_code none;
  if (!std::filesystem::is_regular_file(path, none)) return OpenedKind::none;
  const std::string name = in_lower_case(path);
  const auto ends_in = [&](const char* ending) { return name.ends_with(ending); };
  if (begins_as_database(path)) return ends_in(".run") ? OpenedKind::run_file : OpenedKind::database;
  if (ends_in(".json")) return kind_of_document(path);
  if (ends_in(".csv") || ends_in(".tsv")) return OpenedKind::curves;
  if (ends_in(".safetensors") || ends_in(".pt") || ends_in(".pth")) return OpenedKind::parameters;
  if (ends_in(".npz") && holds_parameters(path)) return OpenedKind::parameters;
  return OpenedKind::none;
}

}  // namespace grapevine
