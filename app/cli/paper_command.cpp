// paper: the papers' tables and figures next to ours; --run queues what is missing.
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "app/cli/commands.h"
#include "app/cli/console.h"
#include "app/cli/stored_runs.h"
#include "app/cli/table.h"
#include "engine/experiment/groups/training_settings.h"
#include "engine/experiment/registry.h"
#include "engine/launch/paper_cells.h"
#include "engine/launch/paper_figures.h"

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

/// Of percentages in percentage points.
std::string difference_text(const PaperCell& cell, double difference) {
  if (cell.published.empty() || !std::isfinite(difference)) return "";
  const bool is_share = find_measure(cell.quantity.name)->quantity == Quantity::share;
  return (difference > 0 ? "+" : "") + fixed(difference, 2) + (is_share ? " pp" : "");
}

/// What other texts print, where that is another number.
std::string other_values(const PaperCell& cell) {
  std::string text;
  for (std::size_t i = 1; i < cell.published.size(); ++i) {
    const PublishedResult &one = cell.published[i], &first = cell.published.front();
    const std::string value = spread_text(one.mean, one.spread);
    if (value != spread_text(first.mean, first.spread))
      text += (text.empty() ? "" : "; ") + value + " (" + one.paper + ")";
  }
  return text;
}

std::string table_of(const std::vector<PaperCell>& cells) {
  Table table(
      {"preset", "rule", "paper", "published", "ours", "difference", "seeds", "epochs", "other texts"},
      {Align::left, Align::left, Align::left, Align::right, Align::right, Align::right, Align::right,
       Align::right});
  for (const PaperCell& cell : cells) {
    const double ours = printed(cell, cell.ours.mean);
    const bool known = !cell.published.empty();
    const PublishedResult published = known ? cell.published.front() : PublishedResult{};
    const double difference = ours - published.mean;
    table.add({cell.preset->name, cell.racer, published.paper,
               known ? spread_text(published.mean, published.spread) : "",
               spread_text(ours, printed(cell, cell.ours.deviation)), difference_text(cell, difference),
               cell.ours.count > 0 ? std::to_string(cell.ours.count) : "",
               std::to_string(TrainSettings::of(cell.experiment).epochs), other_values(cell)});
  }
  return table.text();
}

std::vector<std::int64_t> queue_missing(const Options& options, const PaperOptions& own,
                                        const std::vector<PaperCell>& cells) {
  std::vector<const PaperCell*> all;
  for (const PaperCell& cell : cells) all.push_back(&cell);
  RunQueue queue(options.database_path());
  return add_to_queue(queue, missing_runs(all, own.seeds));
}

nlohmann::json document_of(const PaperFigure& figure) {
  nlohmann::json lines = nlohmann::json::array();
  for (const PaperLine& line : figure.lines) {
    nlohmann::json dots = nlohmann::json::array();
    for (const PaperDot& dot : line.dots)
      dots.push_back({{"x", dot.x}, {"mean", dot.mean}, {"std", number(dot.deviation)}});
    lines.push_back(
        {{"name", line.name}, {"rule", line.rule}, {"published", line.published}, {"points", dots}});
  }
  return {{"title", figure.title}, {"x", figure.x_title}, {"y", figure.y_title}, {"lines", lines}};
}

void print_notes(const PaperOptions& own, const std::vector<PaperCell>& cells) {
  print(
      "\nPublished and ours: test accuracy in % of each run's best epoch, which the test data chose; of "
      "language models the best validation perplexity.\n");
  const auto is_literal = [](const PaperCell& cell) { return cell.racer == "literal"; };
  if (std::any_of(cells.begin(), cells.end(), is_literal))
    print(
        "literal is GrAPE to the letter of the 2026 text; grapevine-cli presets NAME says where grape "
        "departs from it.\n");
  if (own.reduced)
    print("Ours are of experiments made small for lessons: fewer data and epochs than the papers'.\n");
}

int run(const Options& options, const PaperOptions& own) {
  std::vector<PaperCell> cells = paper_cells(own.table, own.reduced);
  const auto reader = open_runs(options);
  if (reader) find_ours(*reader, cells);
  std::vector<std::int64_t> queued;
  if (own.run) queued = queue_missing(options, own, cells);
  if (options.json) {
    nlohmann::json document{{"cells", nlohmann::json::array()}, {"figures", nlohmann::json::array()}};
    for (const PaperCell& cell : cells) document["cells"].push_back(document_of(cell));
    for (const PaperFigure& figure : paper_figures(figure_key(own.table), cells, reader.get()))
      document["figures"].push_back(document_of(figure));
    if (own.run) document["queued"] = queued;
    print_json(document);
    return 0;
  }
  print(table_of(cells));
  print_notes(own, cells);
  if (own.run)
    print("Queued " + std::to_string(queued.size()) + (queued.size() == 1 ? " run" : " runs") +
          "; grapevine-cli queue run trains what waits.\n");
  return 0;
}

void describe(Usage& usage, PaperOptions& own) {
  usage
      .add("TABLE", &own.table,
           "A table of the papers, 1 to 4 or A.4, or figure2 and figure3, whose lines --json has; without it "
           "all tables. bench table5 and theory compute what runs can't fill")
      .completed_by(Completes::paper_table);
  usage.add("--run", &own.run, "Queue what is missing; grapevine-cli queue run trains it");
  usage.add("--reduced", &own.reduced, "The experiments made small for lessons");
  usage.add("--seeds", &own.seeds, "With --run: number of seeds, from 0").shown_as("N").between(1, 1000);
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
