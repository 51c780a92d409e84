#include "app/cli/tuning_share.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/cli/console.h"
#include "app/cli/stored_runs.h"
#include "engine/error.h"
#include "engine/launch/tuning_result.h"

namespace grapevine::cli {
namespace {

using Json = nlohmann::json;

constexpr const char* merged =
    "once all shares have ended, merge their databases (grapevine-cli db merge FILE…); ";

std::vector<CellResult> with_numbers(const Options& options, const Sweep& sweep) {
  const auto reader = open_runs(options);
  return reader ? read_cells(options.database_path(), sweep) : new_cells(sweep);
}

/// Of another database, which has to hold a finished search: without one its shares would search on.
std::vector<CellResult> finished_search(const std::string& database, const Sweep& sweep,
                                        const Tuning& tuning) {
  if (!database_exists(database)) throw InputError("--searched: there is no database " + database);
  std::vector<CellResult> cells = read_cells(database, sweep);
  if (!search_is_over(tuning, cells))
    throw InputError("--searched: the search is not finished in " + database +
                     "; train all of its shares and merge them there first");
  return cells;
}

/// What is told of these cells. Of the search it is what it is judged by: the test data are looked at in the
/// runs with the chosen value alone.
std::vector<CellResult> told_of(const TuningWork& work, const Tuning& tuning,
                                const std::vector<CellResult>& all) {
  std::vector<CellResult> told;
  for (const std::size_t i : work.cells) {
    told.push_back(all[i]);
    if (work.is_search)
      std::erase_if(told.back().numbers, [&](const auto& one) { return one.first != judged_name(tuning); });
  }
  return told;
}

std::string counted_cells(std::size_t own, std::size_t whole, bool is_share) {
  return is_share ? std::to_string(own) + " of " + std::to_string(whole) + " cells in this share"
                  : std::to_string(own) + " cells";
}

std::string stage_text(const TuningWork& work, const std::vector<CellResult>& cells, bool is_share) {
  const auto done = std::count_if(cells.begin(), cells.end(),
                                  [](const auto& cell) { return cell.status == RunStatus::finished; });
  return (work.is_search ? "The search: " : "The search is finished. The chosen values: ") +
         counted_cells(cells.size(), work.whole, is_share) + ", " + std::to_string(done) + " of them done\n";
}

std::string choices_text(const TuningWork& work, const Tuning& tuning) {
  std::string text;
  for (std::size_t i = 0; i < work.chosen.size(); ++i) {
    const Contestant& contestant = tuning.contestants[i];
    const std::string value =
        work.chosen[i] < 0 ? "none" : contestant.values[static_cast<std::size_t>(work.chosen[i])].value;
    for (const auto& [key, set] : contestant.settings) text += key + "=" + set + " ";
    text += tuning.key + "=" + value + "\n";
  }
  return text.empty() ? "" : "Chosen:\n" + text;
}

Json work_document(const Sweep& sweep, const Tuning& tuning, const TuningWork& work,
                   const std::vector<CellResult>& cells, const std::string& status) {
  Json document = sweep_document(sweep, cells, status), choices = Json::array();
  for (std::size_t i = 0; i < work.chosen.size(); ++i) {
    const Contestant& contestant = tuning.contestants[i];
    Json settings = Json::object(), value;
    for (const auto& [key, set] : contestant.settings) settings[key] = set;
    if (work.chosen[i] >= 0) value = contestant.values[static_cast<std::size_t>(work.chosen[i])].value;
    choices.push_back({{"settings", settings}, {"chosen", value}});
  }
  document["tuned"] = tuning.key;
  document["by"] = judged_name(tuning);
  document["stage"] = work.is_search ? "search" : "chosen";
  document["stage_cells"] = work.whole;
  if (work.is_search)
    document["later_cells"] = work.later;
  else
    document["choices"] = choices;
  return document;
}

/// What a person does after this call; `here`: what the database that was trained into has.
std::string next_step(const TuningWork& work, const Tuning& tuning, const std::vector<CellResult>& here) {
  const bool has_more = work.later_whole > 0;
  if (work.is_search && search_is_over(tuning, here))
    return has_more ? "The search is finished: the same command again continues with the chosen values."
                    : "The search is finished: the same command without --cells shows the result.";
  if (work.is_search)
    return std::string("No value is chosen yet: ") + merged +
           (has_more ? "the same command then trains this share of the chosen values."
                     : "the same command without --cells then shows the result.");
  if (missing_of(chosen_cells(tuning, work.chosen), here).empty())
    return "All shares are here: the same command without --cells shows the result.";
  return std::string("Next: ") + merged + "the same command without --cells then shows the result.";
}

/// A value that failed was tried; a cell that has not even a run was not.
bool was_tried(const CellResult& cell) {
  return cell.run != 0 && (cell.status == RunStatus::finished || cell.status == RunStatus::failed);
}

int status_of(const TuningWork& work, const Sweeper& sweeper, int exit_status) {
  if (exit_status == stopped_status) return exit_status;
  if (sweeper.has_lost()) return 1;
  if (!work.is_search) {
    const bool nothing = std::find(work.chosen.begin(), work.chosen.end(), -1) != work.chosen.end();
    return exit_status == 0 && nothing ? 1 : exit_status;
  }
  const bool all = std::all_of(work.cells.begin(), work.cells.end(),
                               [&](std::size_t i) { return was_tried(sweeper.cells()[i]); });
  return all ? 0 : std::max(exit_status, 1);
}

}  // namespace

TuningWork work_at_hand(const Tuning& tuning, const std::vector<CellResult>& known,
                        const std::optional<Share>& share) {
  const auto own = [&](const std::vector<std::size_t>& all) { return share ? share->of(all) : all; };
  const std::vector<std::size_t> search = tuning.search_cells();
  TuningWork work;
  work.is_search = share ? !search_is_over(tuning, known) : !missing_of(search, known).empty();
  if (work.is_search) {
    work.cells = own(search);
    work.whole = search.size();
    work.later_whole = size_of(tuning).more;
    work.later = own(std::vector<std::size_t>(work.later_whole)).size();
    return work;
  }
  work.chosen = chosen_values(tuning, known);
  const std::vector<std::size_t> others = other_seeds(tuning, work.chosen);
  work.cells = own(others);
  work.whole = others.size();
  return work;
}

void list_tuning(const Options& options, const Sweep& sweep, const Tuning& tuning, const TuningPart& part) {
  const std::vector<CellResult> here = with_numbers(options, sweep);
  const TuningWork work = work_at_hand(
      tuning, part.searched.empty() ? here : finished_search(part.searched, sweep, tuning), part.share);
  const std::vector<CellResult> cells = told_of(work, tuning, here);
  if (options.json) return print_json(work_document(sweep, tuning, work, cells, "not started"));
  print(cells_table(sweep.keys, cells) + failures_text(cells) + choices_text(work, tuning) +
        stage_text(work, cells, part.share.has_value()));
  if (work.is_search)
    print("Then the chosen values: " + counted_cells(work.later, work.later_whole, part.share.has_value()) +
          "\n");
}

int carry_out_share(const Options& options, const Sweep& sweep, const Tuning& tuning, const TuningPart& part,
                    int workers, const StopRequests& stops) {
  Sweeper sweeper(options, sweep, stops);
  sweeper.fill_numbers();
  const TuningWork work = work_at_hand(
      tuning, part.searched.empty() ? sweeper.cells() : finished_search(part.searched, sweep, tuning),
      part.share);
  const int ended = sweeper.run(work.cells, workers);
  sweeper.fill_numbers();
  const int exit_status = status_of(work, sweeper, ended);
  const std::vector<CellResult> cells = told_of(work, tuning, sweeper.cells());
  const std::string next =
      exit_status == stopped_status || sweeper.has_lost() ? "" : next_step(work, tuning, sweeper.cells());
  if (options.json) {
    Json document =
        work_document(sweep, tuning, work, cells, exit_status == 0 ? "finished" : sweeper.status().text());
    document["next"] = next.empty() ? Json() : Json(next);
    print_json(document);
  } else {
    print("\n" + cells_table(sweep.keys, cells) + failures_text(cells) + choices_text(work, tuning) +
          stage_text(work, cells, true) + (next.empty() ? "" : next + "\n"));
  }
  return exit_status;
}

}  // namespace grapevine::cli
