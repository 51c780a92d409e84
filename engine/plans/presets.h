// The presets: experiments that come with the program, by name. The first race, a race for each cell of the
// papers' tables, and the same made small for lessons (resources/presets/catalogue.json). Immutable once
// read; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/plans/papers.h"

namespace grapevine {

struct PresetRacer {
  /// By which the racer is named: its rule, "grape" in "table1-mnist-mlp:grape", or a name of its own,
  /// "literal".
  std::string key;
  std::vector<PublishedResult> published;  ///< of this cell; none for a lesson
};

struct Preset {
  std::string name;   ///< "first-race", "table3-cifar100-resnet20-t5", "table1-mnist-mlp-lesson"
  std::string title;  ///< one line
  std::string table;  ///< the papers' table, "1" … "4", "A.4"; "" for the first race
  bool lesson = false;
  std::vector<PresetRacer> racers;
  std::vector<std::string> chosen;  ///< what was decided where the papers are silent, a sentence each
  std::string experiment;           ///< an experiment file (JSON) with a `race`
};

/// All of them, the first race first. Throws RunError when the catalogue is missing or damaged.
const std::vector<Preset>& presets();
/// nullptr when there is none of that name.
const Preset* find_preset(std::string_view name);

/// The experiment file behind "NAME", or behind one of its racers as "NAME:RACER". Throws InputError, with
/// the nearest names, when there is none.
std::string preset_document(std::string_view word);

/// The same as a file for people: title, choices and published numbers as comments above the experiment.
std::string preset_file(const Preset& preset);
/// "98.53 ± 0.02", "29.8"; "" where nothing was published.
std::string published_text(const PresetRacer& racer);

}  // namespace grapevine
