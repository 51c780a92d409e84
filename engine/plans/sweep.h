// Sweeps: one experiment over a grid of settings and seeds, every cell a single run. A sweep file is
//   {"name": "…", "experiment": {…} or "PRESET" or "PRESET:RACER", "grid": {"rule.name": ["dfa", "grape"],
//    "seed": [0, 1, 2]}}
// with comments allowed; "title" is for people alone. Where the experiment is a race, its racers become the
// first column of the grid. Plain values; any thread.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/experiment/experiment.h"
#include "engine/plans/plan.h"

namespace grapevine {

struct SweepCell {
  Experiment experiment;
  /// What this cell has of the grid: (key, value as text), in the order of `Sweep::keys`. A rule's setting is
  /// not there where the cell's rule hasn't it.
  std::vector<std::pair<std::string, std::string>> settings;

  std::size_t number = 0;  ///< where a part of a sweep is taken: in the whole, from 1

  std::string label() const;  ///< "rule.name=grape seed=2"
};

struct Sweep {
  /// Of the group of its runs: the same for the same experiment and swept keys, so that a file with more
  /// values continues the same sweep. Device and threads count only where the grid sweeps them.
  std::string uuid;
  std::vector<std::string>
      keys;                      ///< "racer" where the experiment is a race, then the grid's, by the alphabet
  std::vector<SweepCell> cells;  ///< the last key varies fastest; no two have the same experiment
};

/// `source` names the file in messages. `tuned` is a key that the grid has to sweep: optimizer.lr over
/// 0.0001, 0.0003, 0.001 and 0.003 where it says nothing of it. Throws InputError, naming the cell, for
/// settings that can't work.
Sweep make_sweep(std::string_view document, std::string_view source, const Overrides& overrides,
                 const std::string& tuned = "");
/// The same of a file, or of a sweep that comes with the program (sweep_presets.h).
Sweep load_sweep(const std::string& path, const Overrides& overrides, const std::string& tuned = "");

/// A grid over the experiment of another file (or a preset's name), in place of the grid's own; "" = its own.
Sweep load_sweep_over(const std::string& grid, const std::string& experiment, const Overrides& overrides);

/// Whether two runs have the same settings apart from where they were computed (device, threads).
bool same_but_for_machine(const Experiment& one, const Experiment& other);
/// Whether a stored run is of this cell: the same settings, and where the grid sweeps settings of the
/// machine, those too. `asked` are the machine's settings as the run was asked for them, before they were
/// resolved; one that is missing there is taken from `stored`.
bool is_of_cell(const Sweep& sweep, const SweepCell& cell, const Experiment& stored,
                const std::map<std::string, std::string>& asked);

}  // namespace grapevine
