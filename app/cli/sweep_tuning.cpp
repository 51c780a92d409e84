#include "app/cli/sweep_tuning.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "app/cli/table.h"
#include "engine/experiment/registry.h"
#include "engine/launch/tuning_result.h"

namespace grapevine::cli {
namespace {

using Json = nlohmann::json;

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
  if (sweeper.waits_for_others()) return result;  // the best of half a search is not its result
  result.chosen = chosen_values(tuning, sweeper.cells());
  result.exit_status = sweeper.run(chosen_cells(tuning, result.chosen), workers);
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
  for (const TuningStanding& standing : tuning_standings(tuning, result.chosen, cells)) {
    const Contestant& contestant = *standing.contestant;
    Json settings = Json::object(), search = Json::array(), runs = Json::array();
    for (const auto& [key, value] : contestant.settings) settings[key] = value;
    const std::vector<double>& numbers = standing.tried;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      const CellResult& cell = cells[contestant.values[i].search];
      search.push_back({{"value", contestant.values[i].value},
                        {"run", cell.run == 0 ? Json() : Json(cell.run)},
                        {"status", cell.status == RunStatus::none ? "not started" : cell.status.text()},
                        {judged_name(tuning), std::isfinite(numbers[i]) ? Json(numbers[i]) : Json()}});
    }
    if (standing.chosen)
      for (const std::size_t i : standing.chosen->seeds) runs.push_back(cells[i].run);
    contestants.push_back({{"settings", settings},
                           {"budget", contestant.values.size()},
                           {"search", search},
                           {"chosen", standing.chosen ? Json(standing.chosen->value) : Json()},
                           {"at_the_end_of_the_list", standing.at_the_end_of_the_list},
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
  for (const TuningStanding& standing : tuning_standings(tuning, result.chosen, sweeper.cells())) {
    table.add({standing.name, std::to_string(standing.contestant->values.size()),
               standing.chosen ? standing.chosen->value : "none",
               spread_text(standing.validation, *tuning.judge), spread_text(standing.test, *tuning.judge),
               std::to_string(standing.test.count)});
    if (standing.at_the_end_of_the_list) edges += (edges.empty() ? "" : ", ") + standing.name;
  }
  std::string text = table.text() + "\nEach value was tried with the first seed and judged by its best " +
                     tuning.judge->name + "; the test is of the chosen value's runs alone.\n";
  if (!edges.empty())
    text += "Chosen at the end of the list, so that a wider one may hold a better value: " + edges + ".\n";
  return text;
}

}  // namespace grapevine::cli
