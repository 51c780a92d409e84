#include "engine/plans/tuning.h"

#include <algorithm>
#include <cmath>

#include "engine/error.h"
#include "engine/experiment/groups/data_settings.h"
#include "engine/experiment/monitor.h"
#include "engine/experiment/registry.h"

namespace grapevine {
namespace {

using Settings = std::vector<std::pair<std::string, std::string>>;

constexpr const char* seed_key = "seed";

const std::string* find(const Settings& settings, const std::string& key) {
  const auto found =
      std::find_if(settings.begin(), settings.end(), [&](const auto& one) { return one.first == key; });
  return found == settings.end() ? nullptr : &found->second;
}

void check_key(const Sweep& sweep, const std::string& key) {
  if (!may_be_tuned(key))
    throw InputError("--tune " + key + ": tune a setting, as optimizer.lr; " + key +
                     " is what is compared, or averaged over");
  if (std::find(sweep.keys.begin(), sweep.keys.end(), key) == sweep.keys.end())
    throw InputError("--tune " + key + ": the grid does not list its values");
}

const MeasureDescriptor* judge_of(const Sweep& sweep) {
  for (const SweepCell& cell : sweep.cells)
    if (!validates(cell.experiment))
      throw InputError("cell " + cell.label() +
                       ": a search is judged on validation data, and there are none; set data.validation in "
                       "the experiment, as 0.1");
  const DataDescriptor* data = find_data(DataSettings::of(sweep.cells.front().experiment).name);
  return &score_in(Phase::validation, data && data->text);
}

Contestant& contestant_with(Tuning& tuning, const Settings& settings) {
  const auto found = std::find_if(tuning.contestants.begin(), tuning.contestants.end(),
                                  [&](const Contestant& one) { return one.settings == settings; });
  if (found != tuning.contestants.end()) return *found;
  tuning.contestants.push_back({settings, {}});
  return tuning.contestants.back();
}

void add(Contestant& contestant, const std::string& value, std::size_t cell) {
  for (TunedValue& known : contestant.values)
    if (known.value == value) return known.seeds.push_back(cell);
  contestant.values.push_back({value, cell, {cell}});
}

void check_budgets(const Tuning& tuning) {
  const std::size_t budget = tuning.contestants.front().values.size();
  for (const Contestant& contestant : tuning.contestants)
    if (contestant.values.size() != budget)
      throw InputError("--tune " + tuning.key +
                       ": not everybody in the grid would try the same number of values, and a ranking of "
                       "them would not be fair");
  if (budget < 2) throw InputError("--tune " + tuning.key + ": list at least two values to choose from");
}

}  // namespace

bool may_be_tuned(const std::string& key) {
  return !key.empty() && key != seed_key && key != "rule.name" && key != "racer";
}

Tuning make_tuning(const Sweep& sweep, const std::string& key) {
  check_key(sweep, key);
  Tuning tuning{key, judge_of(sweep), {}};
  for (std::size_t i = 0; i < sweep.cells.size(); ++i) {
    Settings settings = sweep.cells[i].settings;
    const std::string* value = find(settings, key);
    if (!value)
      throw InputError("--tune " + key + ": " + sweep.cells[i].label() +
                       " has no such setting, and would be compared without a search");
    const std::string tried = *value;
    std::erase_if(settings, [&](const auto& one) { return one.first == key || one.first == seed_key; });
    add(contestant_with(tuning, settings), tried, i);
  }
  check_budgets(tuning);
  return tuning;
}

OrderedTuning make_tuning(const TuningOrder& order) {
  Sweep sweep = make_sweep(order.document, "the search", {}, order.key);
  for (SweepCell& cell : sweep.cells) make_folders_absolute(cell.experiment);
  Tuning tuning = make_tuning(sweep, order.key);
  return {std::move(sweep), std::move(tuning)};
}

TuningSize size_of(const Tuning& tuning) {
  TuningSize size;
  size.contestants = tuning.contestants.size();
  for (const Contestant& contestant : tuning.contestants) {
    size.values = contestant.values.size();
    size.searched += contestant.values.size();
    std::size_t seeds = 0;  // of equal values a cell is there once, so that one may have fewer
    for (const TunedValue& value : contestant.values) seeds = std::max(seeds, value.seeds.size());
    size.seeds = std::max(size.seeds, seeds);
    size.more += seeds - 1;
  }
  return size;
}

std::vector<std::size_t> Tuning::search_cells() const {
  std::vector<std::size_t> cells;
  for (const Contestant& contestant : contestants)
    for (const TunedValue& value : contestant.values) cells.push_back(value.search);
  return cells;
}

int chosen_value(const MeasureDescriptor& judge, const std::vector<double>& numbers) {
  int chosen = -1;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (!std::isfinite(numbers[i])) continue;
    if (chosen < 0 || judge.is_ahead(numbers[i], numbers[static_cast<std::size_t>(chosen)]))
      chosen = static_cast<int>(i);
  }
  return chosen;
}

}  // namespace grapevine
