#include "engine/launch/sweep_cells.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "engine/experiment/registry.h"
#include "engine/runs/export.h"
#include "engine/runs/run_words.h"
#include "engine/runs/stored_beginning.h"
#include "engine/runs/stored_experiment.h"

namespace grapevine {

double CellResult::number_of(const std::string& name) const {
  if (status != RunStatus::finished) return std::nan("");
  for (const auto& [key, value] : numbers)
    if (key == name) return value;
  return std::nan("");
}

const std::vector<NumberTold>& numbers_told() {
  static const std::vector<NumberTold> all = [] {
    std::vector<NumberTold> told;
    for (const Phase phase : {Phase::validation, Phase::test})
      for (const MeasureDescriptor* score : scores(phase)) {
        told.push_back({"best_" + score->key, "best " + score->name, score});
        told.push_back({"final_" + score->key, "final " + score->name, score});
      }
    const MeasureDescriptor& loss = *find_measure(key_in(Phase::test, family::loss));
    told.push_back({"final_" + loss.key, loss.name, &loss});
    return told;
  }();
  return all;
}

RunNumbers numbers_of_run(const RunData& run) {
  const nlohmann::json result = run_result(run);
  RunNumbers numbers;
  for (const NumberTold& told : numbers_told()) {
    double value = run.last(told.measure->key.c_str());
    if (told.measure->is_score) {  // the run's own score's
      const auto found = result.find(told.name);
      value = found != result.end() && found->is_number() ? found->get<double>() : std::nan("");
    }
    if (std::isfinite(value)) numbers.emplace_back(told.name, value);
  }
  return numbers;
}

std::vector<RunSummary> stored_cells(RunReader& reader, const std::string& sweep) {
  std::vector<RunSummary> found;
  for (RunSummary& run : reader.list())
    if (run.group_kind == run_group::sweep && run.group_uuid == sweep) found.push_back(std::move(run));
  std::sort(found.begin(), found.end(), [](const auto& one, const auto& other) { return one.id > other.id; });
  return found;
}

std::vector<CellResult> new_cells(const Sweep& sweep) {
  std::vector<CellResult> cells;
  for (const SweepCell& cell : sweep.cells) cells.push_back({cell.settings, 0, {}, {}, "", cell.number, ""});
  return cells;
}

namespace {

std::vector<std::size_t> cells_of(const RunData& run, const Sweep& sweep) {
  const Experiment experiment = stored_experiment(run);
  const auto asked = asked_of_machine(run);
  std::vector<std::size_t> cells;
  for (std::size_t i = 0; i < sweep.cells.size(); ++i)
    if (is_of_cell(sweep, sweep.cells[i], experiment, asked)) cells.push_back(i);
  return cells;
}

}  // namespace

std::vector<CellResult> look_up(RunReader& reader, const Sweep& sweep) {
  KnownRuns known;
  return look_up(reader, sweep, known);
}

std::vector<CellResult> look_up(RunReader& reader, const Sweep& sweep, KnownRuns& known) {
  std::vector<CellResult> cells = new_cells(sweep);
  for (const RunSummary& run : stored_cells(reader, sweep.uuid)) {
    if (!known.contains(run.uuid)) known[run.uuid] = cells_of(reader.load(run.id), sweep);
    for (const std::size_t i : known[run.uuid]) {
      if (cells[i].run != 0 && (run.status != RunStatus::finished || cells[i].status == RunStatus::finished))
        continue;
      cells[i].run = run.id, cells[i].status = run.status, cells[i].uuid = run.uuid;
      cells[i].failure = run.status == RunStatus::failed ? run.failure : "";
    }
  }
  return cells;
}

std::vector<CellResult> read_cells(const std::string& database, const Sweep& sweep) {
  if (!database_exists(database)) return new_cells(sweep);
  RunReader reader(database);
  std::vector<CellResult> cells = look_up(reader, sweep);
  for (CellResult& cell : cells)
    if (cell.status == RunStatus::finished) cell.numbers = numbers_of_run(reader.load(cell.run));
  return cells;
}

}  // namespace grapevine
