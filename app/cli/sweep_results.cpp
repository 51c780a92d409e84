#include "app/cli/sweep_results.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "app/cli/console.h"
#include "app/cli/table.h"
#include "engine/experiment/registry.h"
#include "engine/runs/statistics.h"

namespace grapevine::cli {
namespace {

using Json = nlohmann::json;

struct Group {
  std::vector<std::pair<std::string, std::string>> settings;  ///< the seed left out
  std::vector<const CellResult*> cells;
};

std::vector<Group> groups_of(const std::vector<CellResult>& cells) {
  std::vector<Group> groups;
  for (const CellResult& cell : cells) {
    auto settings = cell.settings;
    std::erase_if(settings, [](const auto& setting) { return setting.first == "seed"; });
    const auto known = std::find_if(groups.begin(), groups.end(),
                                    [&](const Group& group) { return group.settings == settings; });
    if (known == groups.end())
      groups.push_back({settings, {&cell}});
    else
      known->cells.push_back(&cell);
  }
  return groups;
}

std::string words_of(const StatusWord& status) {
  return status == RunStatus::none ? "not started" : status.text();
}

/// Over the finished cells; the deviation is the sample's (n − 1).
Spread spread_of(const Group& group, const std::string& number) {
  std::vector<double> values;
  for (const CellResult* cell : group.cells)
    for (const auto& [name, value] : cell->numbers)
      if (name == number && cell->status == RunStatus::finished) values.push_back(value);
  return grapevine::spread_of(values);
}

int finished_in(const Group& group) {
  return static_cast<int>(std::count_if(group.cells.begin(), group.cells.end(), [](const CellResult* cell) {
    return cell->status == RunStatus::finished;
  }));
}

Json settings_json(const std::vector<std::pair<std::string, std::string>>& settings) {
  Json object = Json::object();
  for (const auto& [key, value] : settings) object[key] = value;
  return object;
}

std::vector<std::string> values_in_order(const std::vector<std::string>& keys,
                                         const std::vector<std::pair<std::string, std::string>>& settings) {
  std::vector<std::string> values;
  for (const std::string& key : keys) {
    const auto found = std::find_if(settings.begin(), settings.end(),
                                    [&](const auto& setting) { return setting.first == key; });
    values.push_back(found == settings.end() ? "–" : found->second);
  }
  return values;
}

std::string spread_text(const Spread& spread, const MeasureDescriptor& measure) {
  if (spread.count == 0) return "";
  const bool share = measure.quantity == Quantity::share;
  const double scale = share ? 100 : 1;
  const int digits = share ? 2 : 4;
  std::string text = fixed(scale * spread.mean, digits);
  if (spread.count > 1) text += " ± " + fixed(scale * spread.deviation, digits);
  return text + (share ? " %" : "");
}

}  // namespace

Json sweep_document(const Sweep& sweep, const std::vector<CellResult>& cells, const std::string& status) {
  Json list = Json::array(), groups = Json::array();
  for (const CellResult& cell : cells) {
    Json one{{"settings", settings_json(cell.settings)},
             {"run", cell.run == 0 ? Json() : Json(cell.run)},
             {"status", words_of(cell.status)}};
    for (const auto& [name, value] : cell.numbers) one[name] = value;
    if (!cell.failure.empty()) one["failure"] = cell.failure;
    list.push_back(std::move(one));
  }
  for (const Group& group : groups_of(cells)) {
    Json one{{"settings", settings_json(group.settings)},
             {"cells", group.cells.size()},
             {"finished", finished_in(group)}};
    for (const NumberTold& told : numbers_told()) {
      const Spread spread = spread_of(group, told.name);
      if (spread.count == 0) continue;
      one[told.name] = {{"mean", spread.mean},
                        {"std", std::isnan(spread.deviation) ? Json() : Json(spread.deviation)},
                        {"n", spread.count}};
    }
    groups.push_back(std::move(one));
  }
  return {
      {"sweep", sweep.uuid}, {"status", status}, {"keys", sweep.keys}, {"cells", list}, {"groups", groups}};
}

std::string cells_table(const std::vector<std::string>& keys, const std::vector<CellResult>& cells) {
  std::vector<std::string> headings{"cell"};
  headings.insert(headings.end(), keys.begin(), keys.end());
  headings.insert(headings.end(), {"run", "status"});
  Table table(headings, {Align::right});
  for (std::size_t i = 0; i < cells.size(); ++i) {
    std::vector<std::string> row{std::to_string(cells[i].number)};
    for (std::string& value : values_in_order(keys, cells[i].settings)) row.push_back(std::move(value));
    row.push_back(cells[i].run == 0 ? "" : std::to_string(cells[i].run));
    row.push_back(words_of(cells[i].status));
    table.add(std::move(row));
  }
  return table.text();
}

std::string failures_text(const std::vector<CellResult>& cells) {
  constexpr std::size_t most = 10;
  constexpr int longest = 200;
  std::string text;
  std::size_t failed = 0;
  for (const CellResult& cell : cells) {
    if (cell.status != RunStatus::failed || ++failed > most) continue;
    std::string what = "Failed:";
    for (const auto& [key, value] : cell.settings) what += " " + key + "=" + value;
    if (cell.run != 0) what += ", run " + std::to_string(cell.run);
    if (!cell.failure.empty()) what += ": " + cell.failure;
    text += clipped(clean(what), longest) + "\n";
  }
  if (failed > most) text += "and " + std::to_string(failed - most) + " more\n";
  return text;
}

std::string groups_table(const std::vector<std::string>& keys, const std::vector<CellResult>& cells) {
  std::vector<std::string> shown = keys;
  std::erase(shown, "seed");
  std::vector<std::string> headings = shown;
  headings.push_back("finished");
  for (const NumberTold& told : numbers_told()) headings.push_back(told.heading);
  Table table(headings, std::vector<Align>(shown.size(), Align::left));
  for (const Group& group : groups_of(cells)) {
    std::vector<std::string> row = values_in_order(shown, group.settings);
    row.push_back(std::to_string(finished_in(group)) + " of " + std::to_string(group.cells.size()));
    for (const NumberTold& told : numbers_told())
      row.push_back(spread_text(spread_of(group, told.name), *told.measure));
    table.add(std::move(row));
  }
  return table.text();
}

}  // namespace grapevine::cli
