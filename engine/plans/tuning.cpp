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
  if (key == seed_key || key == "rule.name" || key == "racer")
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
  if (budget < 2)
    throw InputError("--tune " + tuning.key + ": list at least two values to choose from under grid");
}

}  // namespace

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
