// The command line of `grapevine`. Reads it before any window exists.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "engine/experiment/experiment.h"
#include "engine/plans/plan.h"

namespace grapevine {

struct Arguments {
  std::optional<ExperimentPlan> plan;  ///< of the file and --set; nothing when neither was given
  std::string database;
  std::string data_dir;
  bool use_opengl = true;
  bool play = false;
  std::string screenshot;              ///< file; "" = a window to work with
  bool only_asks_for_display = false;  ///< says by the exit status whether a window can open
  int steps = 0;
  bool bench = false;  ///< measure the window, print JSON, end
  std::pair<int, int> size{1600, 1000};
  std::optional<bool> dark;
  std::string link;    ///< "grapevine:…", given in the experiment's place
  std::string lesson;  ///< name or file; "" = none
  bool start_page = false;
  bool library_page = false, queue_page = false, paper_page = false;
  bool present = false;
  bool stage_only = false;
  int inspected_layer = 0;    ///< from 1; the inspector is open from the beginning
  int slow_layer = 0;         ///< the same of the slow motion
  std::optional<bool> stage;  ///< the view that the window opens with; false = all figures; else the last one
};

/// Returns the arguments, or the exit status to end with (0 after --help and --version, 2 for a mistake,
/// which has been told on standard error).
struct ArgumentsOrStatus {
  std::optional<Arguments> arguments;
  int status = 0;
};
ArgumentsOrStatus read_arguments(int argc, char** argv);

}  // namespace grapevine
