// How a command line is read: the commands' descriptions, CLI11 for the splitting. Main thread only.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/cli/command.h"

namespace grapevine::cli {

/// What reading the command line came to: a command to run with its options, or a text to print and an exit
/// status.
struct ParsedCommandLine {
  std::optional<Options> options;
  Run run;
  std::string text;  ///< help, version or man page (status 0), or what is wrong (status 2)
  int status = 0;
};
ParsedCommandLine parse_command_line(const std::vector<std::string>& arguments);

/// What every command takes, with those hidden that mean nothing to a command which shows only `shows`.
Usage common_usage(Options& options, Shows shows);

}  // namespace grapevine::cli
