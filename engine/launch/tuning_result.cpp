#include "engine/launch/tuning_result.h"

#include <algorithm>
#include <cmath>

namespace grapevine {
namespace {

std::vector<double> tried_by(const Contestant& contestant, const Tuning& tuning,
                             const std::vector<CellResult>& cells) {
  std::vector<double> numbers;
  for (const TunedValue& value : contestant.values)
    numbers.push_back(cells[value.search].number_of(judged_name(tuning)));
  return numbers;
}

Spread spread_over(const std::vector<std::size_t>& which, const std::string& name,
                   const std::vector<CellResult>& cells) {
  std::vector<double> values;
  for (const std::size_t i : which)
    if (const double value = cells[i].number_of(name); std::isfinite(value)) values.push_back(value);
  return spread_of(values);
}

std::string name_of(const Contestant& contestant) {
  std::string text;
  for (const auto& [key, value] : contestant.settings) text += (text.empty() ? "" : " ") + key + "=" + value;
  return text.empty() ? "the experiment" : text;
}

}  // namespace

std::string judged_name(const Tuning& tuning) {
  return "best_" + tuning.judge->key;
}

std::string test_name(const Tuning& tuning) {
  return "final_" + key_in(Phase::test, tuning.judge->family);
}

std::vector<int> chosen_values(const Tuning& tuning, const std::vector<CellResult>& cells) {
  std::vector<int> chosen;
  for (const Contestant& contestant : tuning.contestants)
    chosen.push_back(chosen_value(*tuning.judge, tried_by(contestant, tuning, cells)));
  return chosen;
}

std::vector<std::size_t> chosen_cells(const Tuning& tuning, const std::vector<int>& chosen) {
  std::vector<std::size_t> cells;
  for (std::size_t i = 0; i < tuning.contestants.size(); ++i) {
    if (chosen[i] < 0) continue;
    const std::vector<std::size_t>& seeds =
        tuning.contestants[i].values[static_cast<std::size_t>(chosen[i])].seeds;
    cells.insert(cells.end(), seeds.begin(), seeds.end());
  }
  return cells;
}

std::vector<std::size_t> other_seeds(const Tuning& tuning, const std::vector<int>& chosen) {
  std::vector<std::size_t> cells = chosen_cells(tuning, chosen);
  const std::vector<std::size_t> search = tuning.search_cells();
  std::erase_if(cells,
                [&](std::size_t i) { return std::find(search.begin(), search.end(), i) != search.end(); });
  return cells;
}

bool search_is_over(const Tuning& tuning, const std::vector<CellResult>& cells,
                    const std::vector<std::size_t>& hopeless) {
  const std::vector<std::size_t> search = tuning.search_cells();
  return std::all_of(search.begin(), search.end(), [&](std::size_t i) {
    return cells[i].status == RunStatus::finished || cells[i].status == RunStatus::failed ||
           std::find(hopeless.begin(), hopeless.end(), i) != hopeless.end();
  });
}

std::vector<std::size_t> missing_of(const std::vector<std::size_t>& which,
                                    const std::vector<CellResult>& cells) {
  std::vector<std::size_t> missing;
  for (const std::size_t i : which)
    if (cells[i].status != RunStatus::finished) missing.push_back(i);
  return missing;
}

std::vector<TuningStanding> tuning_standings(const Tuning& tuning, const std::vector<int>& chosen,
                                             const std::vector<CellResult>& cells) {
  std::vector<TuningStanding> all;
  for (std::size_t i = 0; i < tuning.contestants.size(); ++i) {
    const Contestant& contestant = tuning.contestants[i];
    TuningStanding one{&contestant, name_of(contestant), tried_by(contestant, tuning, cells), {}, {}, {}, {}};
    if (const int place = chosen[i]; place >= 0) {
      one.chosen = &contestant.values[static_cast<std::size_t>(place)];
      one.at_the_end_of_the_list = place == 0 || place == static_cast<int>(contestant.values.size()) - 1;
      one.validation = spread_over(one.chosen->seeds, judged_name(tuning), cells);
      one.test = spread_over(one.chosen->seeds, test_name(tuning), cells);
    }
    all.push_back(std::move(one));
  }
  std::stable_sort(all.begin(), all.end(), [&](const TuningStanding& one, const TuningStanding& other) {
    if (one.test.count == 0 || other.test.count == 0) return one.test.count > other.test.count;
    return tuning.judge->is_ahead(one.test.mean, other.test.mean);
  });
  return all;
}

}  // namespace grapevine
