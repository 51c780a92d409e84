// The command line of `grapevine`. Reads it before any window exists.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "engine/experiment/experiment.h"
#include "engine/plans/plan.h"
#include "engine/plans/view.h"

namespace grapevine {

struct Arguments {
  std::optional<ExperimentPlan> plan;  ///< of the file and --set; nothing when neither was given
  std::string database;
  std::string to_import;  ///< file of curves or runs to take into the database; "" = none
  std::string data_dir;
  bool use_opengl = true;
  bool play = false;
  std::string screenshot;              ///< file; "" = a window to work with
  bool only_asks_for_display = false;  ///< says by the exit status whether a window can open
  int steps = 0;
  bool bench = false;                       ///< measure the window, print JSON, end
  std::optional<std::pair<int, int>> size;  ///< of the window; none = the last one, or as the screen allows
  std::optional<bool> dark;
  std::string link;    ///< "grapevine:…", given in the experiment's place
  std::string lesson;  ///< name or file; "" = none
  bool present = false;
  bool stage_only = false;
  std::optional<ViewChoice> view;  ///< what the window opens with; none = the last one
};

/// Returns the arguments, or the exit status to end with (0 after --help and --version, 2 for a mistake,
/// which standard error has named).
struct ArgumentsOrStatus {
  std::optional<Arguments> arguments;
  int status = 0;
};
ArgumentsOrStatus read_arguments(int argc, char** argv);

}  // namespace grapevine
