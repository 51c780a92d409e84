#include "app/cli/sweep_tuning.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "app/cli/table.h"
#include "engine/experiment/registry.h"
#include "engine/runs/statistics.h"

namespace grapevine::cli {
namespace {

using Json = nlohmann::json;

/// NaN where the cell has not finished.
double number_of(const CellResult& cell, const std::string& name) {
  if (cell.status != RunStatus::finished) return std::nan("");
  for (const auto& [key, value] : cell.numbers)
    if (key == name) return value;
  return std::nan("");
}

std::string judged_name(const Tuning& tuning) {
  return "best_" + tuning.judge->key;
}

/// The test data are looked at once: at the end of the runs with the chosen value.
std::string test_name(const Tuning& tuning) {
  return "final_" + key_in(Phase::test, tuning.judge->family);
}

std::vector<double> searched(const Contestant& contestant, const Tuning& tuning,
                             const std::vector<CellResult>& cells) {
  std::vector<double> numbers;
  for (const TunedValue& value : contestant.values)
    numbers.push_back(number_of(cells[value.search], judged_name(tuning)));
  return numbers;
}

std::vector<int> choose(const Tuning& tuning, const std::vector<CellResult>& cells) {
  std::vector<int> chosen;
  for (const Contestant& contestant : tuning.contestants)
    chosen.push_back(chosen_value(*tuning.judge, searched(contestant, tuning, cells)));
  return chosen;
}

const TunedValue* chosen_of(const Tuning& tuning, const TunedSweep& result, std::size_t contestant) {
  const int chosen = result.chosen[contestant];
  return chosen < 0 ? nullptr : &tuning.contestants[contestant].values[static_cast<std::size_t>(chosen)];
}

Spread spread_over(const std::vector<std::size_t>& which, const std::string& name,
                   const std::vector<CellResult>& cells) {
  std::vector<double> values;
  for (const std::size_t i : which)
    if (const double value = number_of(cells[i], name); std::isfinite(value)) values.push_back(value);
  return spread_of(values);
}

struct Standing {
  std::size_t contestant = 0;
  const TunedValue* chosen = nullptr;
  Spread validation, test;
};

/// By what the test came to; who has nothing comes last.
std::vector<Standing> standings(const Tuning& tuning, const TunedSweep& result,
                                const std::vector<CellResult>& cells) {
  std::vector<Standing> all;
  for (std::size_t i = 0; i < tuning.contestants.size(); ++i) {
    Standing one{i, chosen_of(tuning, result, i), {}, {}};
    if (one.chosen) {
      one.validation = spread_over(one.chosen->seeds, judged_name(tuning), cells);
      one.test = spread_over(one.chosen->seeds, test_name(tuning), cells);
    }
    all.push_back(one);
  }
  std::stable_sort(all.begin(), all.end(), [&](const Standing& one, const Standing& other) {
    if (one.test.count == 0 || other.test.count == 0) return one.test.count > other.test.count;
    return tuning.judge->is_ahead(one.test.mean, other.test.mean);
  });
  return all;
}

bool at_the_end_of_the_list(const Tuning& tuning, const TunedSweep& result, std::size_t contestant) {
  const int chosen = result.chosen[contestant];
  const int last = static_cast<int>(tuning.contestants[contestant].values.size()) - 1;
  return chosen == 0 || chosen == last;
}

std::string name_of(const Contestant& contestant) {
  std::string text;
  for (const auto& [key, value] : contestant.settings) text += (text.empty() ? "" : " ") + key + "=" + value;
  return text.empty() ? "the experiment" : text;
}

Json spread_json(const Spread& spread, const std::string& measure) {
  if (spread.count == 0) return {};
  return {{"measure", measure},
          {"mean", spread.mean},
          {"std", std::isnan(spread.deviation) ? Json() : Json(spread.deviation)},
          {"n", spread.count}};
}

std::string spread_text(const Spread& spread, const MeasureDescriptor& judge) {
  if (spread.count == 0) return "";
  const bool share = judge.quantity == Quantity::share;
  const auto text = [&](double value) { return fixed(share ? 100 * value : value, 2); };
  return text(spread.mean) + (spread.count > 1 ? " ± " + text(spread.deviation) : "") + (share ? " %" : "");
}

}  // namespace

TunedSweep carry_out_tuning(Sweeper& sweeper, const Tuning& tuning, int workers) {
  TunedSweep result{sweeper.run(tuning.search_cells(), workers),
                    std::vector<int>(tuning.contestants.size(), -1)};
  sweeper.fill_numbers();
  if (sweeper.has_lost()) result.exit_status = 1;
  if (result.exit_status == stopped_status || sweeper.has_lost()) return result;
  result.chosen = choose(tuning, sweeper.cells());
  std::vector<std::size_t> last;
  for (std::size_t i = 0; i < tuning.contestants.size(); ++i)
    if (const TunedValue* chosen = chosen_of(tuning, result, i))
      last.insert(last.end(), chosen->seeds.begin(), chosen->seeds.end());
  result.exit_status = sweeper.run(last, workers);
  const bool nothing = std::find(result.chosen.begin(), result.chosen.end(), -1) != result.chosen.end();
  if (result.exit_status == 0 && nothing) result.exit_status = 1;
  sweeper.fill_numbers();
  if (sweeper.has_lost()) result.exit_status = 1;
  return result;
}

Json tuning_document(const Sweep& sweep, const Tuning& tuning, const TunedSweep& result,
                     const Sweeper& sweeper) {
  const std::vector<CellResult>& cells = sweeper.cells();
  Json contestants = Json::array();
  for (const Standing& standing : standings(tuning, result, cells)) {
    const Contestant& contestant = tuning.contestants[standing.contestant];
    Json settings = Json::object(), search = Json::array(), runs = Json::array();
    for (const auto& [key, value] : contestant.settings) settings[key] = value;
    const std::vector<double> numbers = searched(contestant, tuning, cells);
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      const CellResult& cell = cells[contestant.values[i].search];
      search.push_back({{"value", contestant.values[i].value},
                        {"run", cell.run == 0 ? Json() : Json(cell.run)},
                        {"status", cell.status == RunStatus::none ? "not started" : cell.status.text()},
                        {judged_name(tuning), std::isfinite(numbers[i]) ? Json(numbers[i]) : Json()}});
    }
    if (standing.chosen)
      for (const std::size_t i : standing.chosen->seeds) runs.push_back(cells[i].run);
    contestants.push_back(
        {{"settings", settings},
         {"budget", contestant.values.size()},
         {"search", search},
         {"chosen", standing.chosen ? Json(standing.chosen->value) : Json()},
         {"at_the_end_of_the_list",
          standing.chosen != nullptr && at_the_end_of_the_list(tuning, result, standing.contestant)},
         {"validation", spread_json(standing.validation, judged_name(tuning))},
         {"test", spread_json(standing.test, test_name(tuning))},
         {"runs", runs}});
  }
  return {{"sweep", sweep.uuid},
          {"status", result.exit_status == 0 ? "finished" : sweeper.status().text()},
          {"tuned", tuning.key},
          {"by", judged_name(tuning)},
          {"contestants", contestants}};
}

std::string tuning_table(const Tuning& tuning, const TunedSweep& result, const Sweeper& sweeper) {
  const MeasureDescriptor* test = find_measure(key_in(Phase::test, tuning.judge->family));
  Table table(
      {"", "values tried", tuning.key, "best " + tuning.judge->name, test->name + " at the end", "seeds"},
      {Align::left, Align::right, Align::right, Align::right, Align::right, Align::right});
  std::string edges;
  for (const Standing& standing : standings(tuning, result, sweeper.cells())) {
    const Contestant& contestant = tuning.contestants[standing.contestant];
    table.add({name_of(contestant), std::to_string(contestant.values.size()),
               standing.chosen ? standing.chosen->value : "none",
               spread_text(standing.validation, *tuning.judge), spread_text(standing.test, *tuning.judge),
               std::to_string(standing.test.count)});
    if (standing.chosen && at_the_end_of_the_list(tuning, result, standing.contestant))
      edges += (edges.empty() ? "" : ", ") + name_of(contestant);
  }
  std::string text = table.text() + "\nEach value was tried with the first seed and judged by its best " +
                     tuning.judge->name + "; the test is of the chosen value's runs alone.\n";
  if (!edges.empty())
    text += "Chosen at the end of the list, so that a wider one may hold a better value: " + edges + ".\n";
  return text;
}

}  // namespace grapevine::cli
