// paper: the papers' tables next to ours; --run trains what is missing.
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "app/cli/commands.h"
#include "app/cli/console.h"
#include "app/cli/stored_runs.h"
#include "app/cli/table.h"
#include "app/cli/terminal_run.h"
#include "engine/experiment/groups/training_settings.h"
#include "engine/launch/paper_cells.h"

namespace grapevine::cli {
namespace {

struct PaperOptions {
  std::string table;
  bool run = false, reduced = false;
  int seeds = 3;
};

nlohmann::json number(double value) {
  return std::isfinite(value) ? nlohmann::json(value) : nlohmann::json();
}

nlohmann::json document_of(const PaperCell& cell) {
  nlohmann::json published = nlohmann::json::array();
  for (const PublishedResult& one : cell.published)
    published.push_back({{"paper", one.paper},
                         {"table", one.table},
                         {"metric", one.metric},
                         {"mean", one.mean},
                         {"std", number(one.spread)}});
  return {{"preset", cell.preset->name},
          {"racer", cell.racer},
          {"table", cell.preset->table},
          {"reduced", cell.preset->lesson},
          {"epochs", TrainSettings::of(cell.experiment).epochs},
          {"quantity", cell.quantity.text()},
          {"published", published},
          {"ours",
           {{"mean", number(printed(cell, cell.ours.mean))},
            {"std", number(printed(cell, cell.ours.deviation))},
            {"n", cell.ours.count},
            {"runs", cell.runs},
            {"seeds", cell.seeds}}}};
}

std::string spread_text(double mean, double deviation) {
  if (!std::isfinite(mean)) return "";
  return fixed(mean, 2) + (std::isfinite(deviation) ? " ± " + fixed(deviation, 2) : "");
}

std::string table_of(const std::vector<PaperCell>& cells) {
  Table table({"preset", "rule", "paper", "published", "ours", "difference", "seeds", "epochs"},
              {Align::left, Align::left, Align::left, Align::right, Align::right, Align::right, Align::right,
               Align::right});
  for (const PaperCell& cell : cells) {
    const double ours = printed(cell, cell.ours.mean);
    const bool known = !cell.published.empty();
    const PublishedResult published = known ? cell.published.front() : PublishedResult{};
    const double difference = ours - published.mean;
    table.add({cell.preset->name, cell.racer, published.paper,
               known ? spread_text(published.mean, published.spread) : "",
               spread_text(ours, printed(cell, cell.ours.deviation)),
               known && std::isfinite(difference) ? (difference > 0 ? "+" : "") + fixed(difference, 2) : "",
               cell.ours.count > 0 ? std::to_string(cell.ours.count) : "",
               std::to_string(TrainSettings::of(cell.experiment).epochs)});
  }
  return table.text();
}

/// One after the other, a seed after the other, so that a table fills evenly. Returns the exit status.
int train_missing(const Options& options, const PaperOptions& own, const std::vector<PaperCell>& cells) {
  const StopRequests stops;
  Console console(options);
  int exit_status = 0;
  for (std::int64_t seed = 0; seed < own.seeds; ++seed) {
    for (const PaperCell& cell : cells) {
      if (std::find(cell.seeds.begin(), cell.seeds.end(), seed) != cell.seeds.end()) continue;
      if (stops.stop_asked()) return stopped_status;
      console.line(cell.preset->name + ":" + cell.racer + ", seed " + std::to_string(seed));
      LaunchRequest request;
      request.plan.racers = {cell.experiment};
      request.plan.racers.front().set("seed", seed);
      const CellEnd end = carry_out_cell(options, std::move(request), stops);
      if (end.exit_status == stopped_status) return stopped_status;
      if (end.exit_status != 0) exit_status = end.exit_status;
    }
  }
  return exit_status;
}

int run(const Options& options, const PaperOptions& own) {
  std::vector<PaperCell> cells = paper_cells(own.table, own.reduced);
  const auto look = [&] {
    if (const auto reader = open_runs(options)) find_ours(*reader, cells);
  };
  look();
  int exit_status = 0;
  if (own.run) {
    exit_status = train_missing(options, own, cells);
    for (PaperCell& cell : cells) cell.runs.clear(), cell.seeds.clear();
    look();
  }
  if (options.json) {
    nlohmann::json all = nlohmann::json::array();
    for (const PaperCell& cell : cells) all.push_back(document_of(cell));
    print_json({{"cells", all}});
  } else {
    print(table_of(cells));
    print(
        "\nPublished and ours: test accuracy in % at the end; of language models the best validation "
        "perplexity.\n");
    if (own.reduced)
      print("Ours are of experiments made small for lessons: fewer data and epochs than the papers'.\n");
  }
  if (exit_status == stopped_status) complain("stopped; the same command trains what is still missing");
  return exit_status;
}

void describe(Usage& usage, PaperOptions& own) {
  usage.add("TABLE", &own.table, "A table of the papers, 1 to 4, or figure2; without it all");
  usage.add("--run", &own.run,
            "Train what is missing, one run after the other; Ctrl-C stops, the same command continues");
  usage.add("--reduced", &own.reduced, "The experiments made small for lessons");
  usage.add("--seeds", &own.seeds, "With --run: so many seeds, from 0").shown_as("N").between(1, 1000);
}

}  // namespace

Command paper_command() {
  return make_command<PaperOptions>(
      {"paper", "Show the papers' tables next to the results of stored runs",
       "A stored run counts for a cell when it has the settings of the cell's preset but for seed, name, the "
       "data's "
       "folder and where it was computed. Ours is the mean ± standard deviation over seeds.",
       Shows::device_and_threads},
      describe, run);
}

}  // namespace grapevine::cli
