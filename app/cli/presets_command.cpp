// presets: the experiments and sweeps that come with the program, with the papers' numbers; or one of them
// as a file.
#include <cmath>
#include <nlohmann/json.hpp>

#include "app/cli/command.h"
#include "app/cli/console.h"
#include "app/cli/table.h"
#include "engine/plans/presets.h"
#include "engine/plans/sweep_presets.h"

namespace grapevine::cli {
namespace {

nlohmann::json document_of(const PresetRacer& racer) {
  nlohmann::json published = nlohmann::json::array();
  for (const PublishedResult& result : racer.published) {
    published.push_back(
        {{"paper", result.paper}, {"table", result.table}, {"metric", result.metric}, {"mean", result.mean}});
    if (std::isfinite(result.spread)) published.back()["std"] = result.spread;
  }
  return {{"racer", racer.key}, {"published", published}};
}

nlohmann::json document_of(const Preset& preset, bool with_experiment) {
  nlohmann::json racers = nlohmann::json::array();
  for (const PresetRacer& racer : preset.racers) racers.push_back(document_of(racer));
  nlohmann::json document = {{"name", preset.name},     {"title", preset.title}, {"table", preset.table},
                             {"lesson", preset.lesson}, {"racers", racers},      {"chosen", preset.chosen}};
  if (with_experiment) document["experiment"] = nlohmann::json::parse(preset.experiment);
  return document;
}

nlohmann::json document_of(const SweepPreset& sweep, bool with_grid) {
  nlohmann::json document = {{"name", sweep.name}, {"title", sweep.title}};
  if (with_grid) document["sweep"] = nlohmann::json::parse(sweep.document, nullptr, true, true);
  return document;
}

/// "bp 98.73 ± 0.04, dfa 98.21 ± 0.07".
std::string racers_text(const Preset& preset) {
  std::string text;
  for (const PresetRacer& racer : preset.racers) {
    const std::string published = published_text(racer);
    text += (text.empty() ? "" : ", ") + racer.key + (published.empty() ? "" : " " + published);
  }
  return text;
}

/// The preset by its name; preset_document() says what is near where there is none.
const Preset& asked_for(const std::string& name) {
  if (const Preset* preset = find_preset(name)) return *preset;
  preset_document(name.substr(0, name.find(':')));
  return *find_preset(name.substr(0, name.find(':')));
}

struct PresetsOptions {
  std::string preset;
};

void print_one(const SweepPreset& sweep, bool as_json) {
  if (as_json)
    print_json(document_of(sweep, true));
  else
    print(sweep.document);
}

void print_one(const Preset& preset, bool as_json) {
  if (as_json)
    print_json(document_of(preset, true));
  else
    print(preset_file(preset));
}

void print_all_as_json() {
  nlohmann::json all = nlohmann::json::array(), sweeps = nlohmann::json::array();
  for (const Preset& preset : presets()) all.push_back(document_of(preset, false));
  for (const SweepPreset& sweep : sweep_presets()) sweeps.push_back(document_of(sweep, false));
  print_json({{"presets", all}, {"sweeps", sweeps}});
}

void print_all() {
  Table table({"preset", "what", "racers, with the papers' test accuracy in % (language models: perplexity)"},
              {});
  for (const Preset& preset : presets()) table.add({preset.name, preset.title, racers_text(preset)});
  Table sweeps({"sweep", "what"}, {});
  for (const SweepPreset& sweep : sweep_presets()) sweeps.add({sweep.name, sweep.title});
  print(table.text() + "\n" + sweeps.text());
  print(
      "\nStart one with grapevine-cli race PRESET, one of its racers with grapevine-cli train PRESET:RACER,\n"
      "a sweep with grapevine-cli sweep NAME; grapevine-cli presets NAME prints it as a file.\n");
}

int run(const Options& options, const PresetsOptions& own) {
  if (own.preset.empty())
    options.json ? print_all_as_json() : print_all();
  else if (const SweepPreset* sweep = find_sweep_preset(own.preset))
    print_one(*sweep, options.json);
  else
    print_one(asked_for(own.preset), options.json);
  return 0;
}

void describe(Usage& usage, PresetsOptions& own) {
  usage.add("PRESET", &own.preset, "Print this preset, or this sweep, as a file")
      .completed_by(Completes::preset);
}

}  // namespace

Command presets_command() {
  return make_command<PresetsOptions>(
      {"presets", "List the experiments that come with the program: the papers' tables and lessons",
       "One for each cell of the papers' tables and small ones for lessons, with the papers' numbers. A "
       "preset's name, or PRESET:RACER, may take the place of any experiment file. The sweeps make the "
       "tables "
       "of the page of findings; their names may take the place of a sweep's file."},
      describe, run);
}

}  // namespace grapevine::cli
