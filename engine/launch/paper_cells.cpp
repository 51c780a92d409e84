// Presets as cells, and stored runs sorted into them.
#include "engine/launch/paper_cells.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "engine/error.h"
#include "engine/experiment/bound_settings.h"
#include "engine/experiment/groups/data_settings.h"
#include "engine/experiment/groups/run_settings.h"
#include "engine/experiment/json_text.h"
#include "engine/experiment/registry.h"
#include "engine/experiment/settings.h"
#include "engine/plans/sweep.h"

namespace grapevine {
namespace {

constexpr std::string_view lesson_ending = "-lesson";

/// The texts' tables: "each method's best checkpoint", "the best test performance"; Table 4 names validation.
constexpr const char* best_accuracy = "test_accuracy:best";
constexpr const char* best_perplexity = "validation_perplexity:best";

RunKey quantity_of(const std::vector<PublishedResult>& published) {
  const bool perplexity = std::any_of(published.begin(), published.end(),
                                      [](const auto& one) { return one.metric == "perplexity"; });
  return parse_run_key(perplexity ? best_perplexity : best_accuracy);
}

bool is_accuracy(const PaperCell& cell) {
  static const RunKey accuracy = parse_run_key(best_accuracy);
  return cell.quantity == accuracy;
}

/// A lesson is next to the numbers of what it makes small.
std::vector<PublishedResult> published_of(const Preset& preset, const PresetRacer& racer) {
  if (!preset.lesson) return racer.published;
  const Preset* full =
      find_preset(std::string_view(preset.name).substr(0, preset.name.size() - lesson_ending.size()));
  if (!full) return {};
  for (const PresetRacer& one : full->racers)
    if (one.key == racer.key) return one.published;
  return {};
}

std::set<std::string> tables() {
  std::set<std::string> all;
  for (const Preset& preset : presets())
    if (!preset.table.empty()) all.insert(preset.table);
  return all;
}

/// "figure2-cifar100-alexnet-t5" → "figure2"; "" for what is not a figure's.
std::string figure_of(const Preset& preset) {
  return preset.name.starts_with("figure") ? preset.name.substr(0, preset.name.find('-')) : "";
}

/// The 2025 text's Figure 3 is of runs that a table has: its presets end with this.
constexpr const char* dynamics_figure = "figure3";
constexpr std::string_view dynamics_preset = "table2-cifar100-alexnet";

std::set<std::string> figures() {
  std::set<std::string> all{dynamics_figure};
  for (const Preset& preset : presets())
    if (const std::string figure = figure_of(preset); !figure.empty()) all.insert(figure);
  return all;
}

/// "table2-cifar100-alexnet-t1" → "cifar100-alexnet": what a figure's curve is of, at whatever interval.
std::string subject_of(const Preset& preset) {
  std::string rest = preset.name.substr(preset.name.find('-') + 1);
  if (preset.lesson) rest.resize(rest.size() - lesson_ending.size());
  const std::size_t interval = rest.rfind("-t");
  const bool is_interval = interval != std::string::npos &&
                           rest.find_first_not_of("0123456789", interval + 2) == std::string::npos;
  return is_interval ? rest.substr(0, interval) : rest;
}

/// A figure has presets of its own, and those of its table that are of the same.
bool is_in_figure(const Preset& preset, const std::string& figure) {
  if (figure == dynamics_figure)
    return preset.name == std::string(dynamics_preset) + (preset.lesson ? std::string(lesson_ending) : "");
  if (figure_of(preset) == figure) return true;
  return std::any_of(presets().begin(), presets().end(), [&](const Preset& own) {
    return figure_of(own) == figure && own.table == preset.table && subject_of(own) == subject_of(preset);
  });
}

/// "1", "table1" and "table 1" are the same; "figure 2" and "figure2".
std::string table_of(std::string word) {
  std::erase(word, ' ');
  if (figures().contains(word)) return word;
  if (word.starts_with("table")) word = word.substr(5);
  if (word.empty() || tables().contains(word)) return word;
  std::string known;
  for (const std::string& table : paper_tables()) known += (known.empty() ? "" : ", ") + table;
  throw InputError(
      "the papers' table '" + word + "' is not among those that runs can fill: there are " + known +
      "; Table 5 is grapevine-cli bench table5, and the 2025 text's Figures 2 and 4 are grapevine-cli "
      "theory forward_gradients and fixed_target");
}

const std::vector<std::string>& may_differ() {
  static const std::vector<std::string> keys{key_of(&RunSettings::seed), key_of(&RunSettings::name),
                                             key_of(&DataSettings::dir)};
  return keys;
}

/// Equal for experiments that are of the same cell.
std::string identity_of(Experiment experiment) {
  for (const Setting& setting : experiment_settings())
    if (setting.scope == Scope::machine ||
        std::find(may_differ().begin(), may_differ().end(), setting.key) != may_differ().end())
      experiment.set(setting.key, setting.fallback);
  return experiment.to_json().dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

bool is_of(const PaperCell& cell, const Experiment& stored) {
  Experiment same = cell.experiment;
  for (const std::string& key : may_differ()) same.set(key, stored.value(key));
  return same_but_for_machine(same, stored);
}

void add(PaperCell& cell, const RunRow& row, std::vector<double>& values) {
  const std::size_t which = is_accuracy(cell) ? 0 : 1;
  const auto* value = std::get_if<double>(&row.cells[which]);
  if (!value || std::find(cell.seeds.begin(), cell.seeds.end(), row.summary.seed) != cell.seeds.end()) return;
  cell.runs.push_back(row.summary.id);
  cell.seeds.push_back(row.summary.seed);
  values.push_back(*value);
}

/// Next to the two numbers that are published.
constexpr std::size_t epoch_seconds_column = 2;

double seconds_of(const RunRow& row) {
  const auto* an_epoch = std::get_if<double>(&row.cells[epoch_seconds_column]);
  return an_epoch ? *an_epoch * row.summary.epochs : 0;
}

}  // namespace

double printed(const PaperCell& cell, double value) {
  return is_accuracy(cell) ? 100 * value : value;
}

std::vector<std::string> paper_tables() {
  const std::set<std::string> all = tables(), drawn = figures();
  std::vector<std::string> list(all.begin(), all.end());
  list.insert(list.end(), drawn.begin(), drawn.end());
  return list;
}

std::string title_of_table(const std::string& table) {
  if (table.starts_with("figure")) return "Figure " + table.substr(6);
  return (table.find('.') == std::string::npos ? "Table " : "Appendix ") + table;
}

std::string title_of_racer(const PaperCell& cell) {
  if (const RuleDescriptor* rule = find_rule(cell.racer)) return rule->name;
  const std::string key = cell.experiment.rule();
  const RuleDescriptor* rule = find_rule(key);
  std::string own = cell.racer;
  if (own.starts_with(key)) own.erase(0, key.size());
  if (own.starts_with('-')) own.erase(0, 1);
  // "grape2025" is the rule as that year's text has it.
  if (own.size() == 4 && own.find_first_not_of("0123456789") == std::string::npos) own += " text";
  return (rule ? rule->name : key) + " (" + own + ")";
}

std::string paper_title_of(const Experiment& experiment) {
  static const std::map<std::string, std::string> titles = [] {
    std::map<std::string, std::string> all;
    for (const bool reduced : {false, true})
      for (const PaperCell& cell : paper_cells("", reduced))
        all.try_emplace(identity_of(cell.experiment), cell.preset->title + ", " + title_of_racer(cell));
    return all;
  }();
  const auto found = titles.find(identity_of(experiment));
  return found == titles.end() ? "" : found->second;
}

std::string figure_key(const std::string& word) {
  const std::string known = table_of(word);
  return figures().contains(known) ? known : "";
}

std::vector<PaperCell> paper_cells(const std::string& table, bool reduced) {
  const std::string wanted = table_of(table);
  std::vector<PaperCell> cells;
  for (const Preset& preset : presets()) {
    const bool fits = wanted.empty() || preset.table == wanted || is_in_figure(preset, wanted);
    if (preset.table.empty() || preset.lesson != reduced || !fits) continue;
    const ExperimentPlan plan = make_plan(preset.experiment, preset.name, {});
    for (std::size_t i = 0; i < preset.racers.size() && i < plan.racers.size(); ++i) {
      PaperCell cell;
      cell.preset = &preset;
      cell.racer = preset.racers[i].key;
      cell.published = published_of(preset, preset.racers[i]);
      cell.experiment = plan.racers[i];
      cell.quantity = quantity_of(cell.published);
      cells.push_back(std::move(cell));
    }
  }
  return cells;
}

Queued missing_runs(const std::vector<const PaperCell*>& cells, int seeds) {
  Queued queued;
  queued.once = true;
  for (std::int64_t seed = 0; seed < seeds; ++seed) {
    for (const PaperCell* cell : cells) {
      if (std::find(cell->seeds.begin(), cell->seeds.end(), seed) != cell->seeds.end()) continue;
      ExperimentPlan plan;
      plan.racers = {cell->experiment};
      plan.racers.front().set(key_of(&RunSettings::seed), seed);
      queued.plans.push_back(queued_plan(plan).plans.front());
    }
  }
  return queued;
}

void find_ours(RunReader& reader, std::vector<PaperCell>& cells) {
  RunSelection selection;
  selection.filter = RunFilter::parse("status=finished");
  selection.order = parse_run_key("id");
  selection.descending = true;  // the newest of a seed counts
  selection.columns = parse_run_keys({best_accuracy, best_perplexity, "training_seconds:mean"});
  selection.experiments = true;
  std::vector<std::vector<double>> values(cells.size()), seconds(cells.size());
  for (const RunRow& row : reader.rows(selection)) {
    std::optional<Experiment> stored;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (cells[i].experiment.rule() != row.summary.rule) continue;
      try {
        if (!stored) stored = Experiment::from_json(parse_document(row.experiment, "the stored settings"));
      } catch (const InputError&) {
        break;  // of another version, or curves alone
      }
      if (!is_of(cells[i], *stored)) continue;
      add(cells[i], row, values[i]);
      if (const double took = seconds_of(row); took > 0) seconds[i].push_back(took);
    }
  }
  for (std::size_t i = 0; i < cells.size(); ++i) {
    cells[i].ours = spread_of(values[i]);
    if (!seconds[i].empty()) cells[i].seconds = spread_of(seconds[i]).mean;
  }
}

}  // namespace grapevine
