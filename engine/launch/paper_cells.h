// The papers' tables cell by cell, with the results of stored runs of the same settings. Any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/launch/queueing.h"
#include "engine/plans/plan.h"
#include "engine/plans/presets.h"
#include "engine/runs/run_key.h"
#include "engine/runs/run_reader.h"
#include "engine/runs/statistics.h"

namespace grapevine {

struct PaperCell {
  const Preset* preset = nullptr;
  std::string racer;
  std::vector<PublishedResult> published;
  Experiment experiment;  ///< of the preset, with its seed
  RunKey quantity;        ///< what is published: the best epoch's test accuracy, or validation perplexity
  std::vector<std::int64_t> runs, seeds;  ///< of ours, the newest run a seed
  Spread ours;
  double seconds = 0;  ///< what one of ours took to train, on average; 0 where it is not known
};

/// What is printed: accuracies in percent.
double printed(const PaperCell& cell, double value);
/// The tables that runs can fill, and what each is called: "Table 1", "Figure 2".
std::vector<std::string> paper_tables();
std::string title_of_table(const std::string& table);
/// "GrAPE"; a preset's own variant of a rule with what it is: "DRTP (tanh)", "GrAPE (2025 text)".
std::string title_of_racer(const PaperCell& cell);
/// "Table 1: MLP of 3×1024 on MNIST, FA" of an experiment that is a cell's but for seed, name, folder and
/// machine; "" of others.
std::string paper_title_of(const Experiment& experiment);
/// "figure2" for "figure 2" and the like; "" for a table. Throws InputError for what is neither.
std::string figure_key(const std::string& word);
/// `table` "" = all, else one of paper_tables(); `reduced`: the presets made small for lessons, besides the
/// numbers of the full ones. Throws InputError for a table that has no cells.
std::vector<PaperCell> paper_cells(const std::string& table, bool reduced);
/// The seeds, from 0, that no stored run of these cells has, a seed after the other so that a table fills
/// evenly; a run in the queue that waits or is trained is not queued again.
Queued missing_runs(const std::vector<const PaperCell*>& cells, int seeds);
/// Finds the finished runs that have a cell's settings but for seed, name, folder and machine.
void find_ours(RunReader& reader, std::vector<PaperCell>& cells);

}  // namespace grapevine
