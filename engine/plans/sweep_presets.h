// Sweeps that come with the program, by name: resources/presets/sweeps/NAME.json, each a sweep file with its
// comments. The tables of docs/findings.md are made by them. Immutable once read; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace grapevine {

struct SweepPreset {
  std::string name;      ///< "fair-fashion-mlp"
  std::string title;     ///< one line, from the file's "title"
  std::string document;  ///< the sweep file, as it stands
};

/// All of them by the alphabet. Throws RunError when one is missing or damaged.
const std::vector<SweepPreset>& sweep_presets();
/// nullptr when there is none of that name.
const SweepPreset* find_sweep_preset(std::string_view name);

/// The text of a sweep: of the file, or of the preset of that name where there is no such file. Throws
/// InputError, with the nearest names, when there is neither.
std::string sweep_document(const std::string& path_or_name);

}  // namespace grapevine
