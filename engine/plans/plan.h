// Plans: one experiment or several racers, from a file, a command line or the catalogue, and back to both.
// Pure functions and values; any thread may call.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "engine/experiment/experiment.h"

namespace grapevine {

/// What one file or one command line asks for: one racer, or several on the same weights and batches.
struct ExperimentPlan {
  std::vector<Experiment> racers;
  bool is_race = false;
};

/// The command line's part of a plan.
struct Overrides {
  std::vector<std::string> sets;   ///< "KEY=VALUE" as given to --set
  std::vector<std::string> rules;  ///< of --rules; makes it a race
};

/// Reads an experiment document (JSON text, comments allowed; "" = all defaults) and applies the overrides.
/// In a race `rule.<setting>` goes to every racer whose rule has it, `<rule>.<setting>` to that rule's alone;
/// `source` names the file in messages. Throws InputError.
ExperimentPlan make_plan(std::string_view document, std::string_view source, const Overrides& overrides);
/// The same, reading the file ("" = no file), or the preset of that name where there is no such file
/// (presets.h).
ExperimentPlan load_plan(const std::string& path, const Overrides& overrides);
/// A name for each racer: its rule, and where rules repeat, the settings in which they differ.
std::vector<std::string> racer_labels(const std::vector<Experiment>& racers);
/// One document for a plan, the racers' differences under "race": what `Save experiment` writes.
nlohmann::json plan_to_json(const ExperimentPlan& plan);
/// The line of `grapevine-cli` that does the same ("Copy as command").
std::string plan_to_command(const ExperimentPlan& plan);
/// The desktop's first experiment, and `make run` without a display: bp, dfa, grape and residual on
/// Fashion-MNIST.
ExperimentPlan first_experiment();

/// Folders and files in the settings are named from the root, as far as they are there: the stored run must
/// find its data again from wherever it is resumed.
void make_folders_absolute(Experiment& experiment);

}  // namespace grapevine
